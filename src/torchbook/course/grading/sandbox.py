"""The check of one answer inside a worker: no keyboard, no network, no other programs, an empty folder to work in."""

import gc
import io
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from torchbook.course.grading.examine import examine
from torchbook.course.grading.prepared_exercise import prepared_exercise
from torchbook.errors import TorchbookError

MOST_PRINTED = 20_000

Send = Callable[[dict[str, Any]], None]


def check(request: dict[str, Any], send: Send, _: Iterator[dict[str, Any]]) -> None:
    """Checks one answer in this process, which is of no use for anything else afterwards."""
    gc.disable()  # the process is too short-lived for it, and a pass would copy every page that is shared
    enclosed(Path(request["scratch"]))
    try:
        source = request["source"].encode("latin-1")
        prepared = prepared_exercise(Path(request["exercise"]), request["seed"])
        examine(prepared, Path(request["answer"]), source, send, briefly=request["briefly"])
    except TorchbookError as error:
        send({"broken": str(error)})
    except BaseException as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        send({"failed": f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"})


def enclosed(folder: Path) -> None:
    """Shuts this process in, for good: it works in the empty folder `folder/empty`, with one thread, and what it prints
    goes to `folder/printed`."""
    os.chdir(folder / "empty")
    tempfile.tempdir = str(folder / "empty")
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    sys.addaudithook(refuse)
    sys.stdin = NoKeyboard()
    sys.stdout = sys.stderr = Printed(folder / "printed")


REFUSED = {
    event: what
    for what, events in {
        "the network cannot be used": (
            *("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"),
            *("socket.getaddrinfo", "socket.gethostbyname"),
        ),
        "other programs cannot be started": (
            *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"),
            *("os.fork", "os.forkpty"),
        ),
    }.items()
    for event in events
}


class Printed(io.TextIOBase):
    """Standard output of the learner's code: the first characters go to a file at once, the rest is dropped."""

    def __init__(self, file: Path):
        self.file = file.open("w", encoding="utf-8", errors="replace")
        self.left = MOST_PRINTED

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.left > 0:
            self.file.write(text[: self.left])
            self.file.flush()
            self.left -= len(text)
        return len(text)


class NoKeyboard(io.TextIOBase):
    """Standard input of the learner's code, for instance of `input()`."""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        raise PermissionError(
            "the keyboard cannot be used while an answer is checked: what a function needs are its arguments"
        )

    readline = read  # type: ignore[assignment]


def refuse(event: str, _: Any) -> None:
    """An audit hook: what a check has no use for raises PermissionError where it is tried."""
    if event in REFUSED:
        raise PermissionError(f"{REFUSED[event]} while an answer is checked ({event})")
