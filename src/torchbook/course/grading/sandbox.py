"""The check of one answer inside a worker: no keyboard, no network, no other programs, an empty folder to work in."""

import functools
import gc
import io
import os
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import safetensors  # noqa: F401  # what is imported from it later is guarded then
import torch

from torchbook.course.grading import forbidden
from torchbook.course.grading.examine import examine
from torchbook.course.grading.prepared_exercise import prepared_exercise
from torchbook.errors import TorchbookError
from torchbook.explain.traceback_context import TORCH

MOST_PRINTED = 20_000
# How long an answer may compute in all cases together, unless its checks.py says another PROCESSOR_SECONDS.
PROCESSOR_SECONDS = 3.0

Send = Callable[[dict[str, Any]], None]


def check(request: dict[str, Any], send: Send, _: Iterator[dict[str, Any]]) -> None:
    """Checks one answer in this process, which is of no use for anything else afterwards."""
    gc.disable()  # the process is too short-lived for it, and a pass would copy every page that is shared
    enclosed(Path(request["scratch"]))
    warnings.simplefilter("default")
    warnings.showwarning = functools.partial(_warn, request["answer"])

    def say(message: dict[str, Any]) -> None:
        if "verdict" in message:
            _limit_processor(0.0)  # what follows is not the learner's
        send(message)

    try:
        source = request["source"].encode("latin-1")
        prepared = prepared_exercise(Path(request["exercise"]), request["seed"])
        seconds = prepared.checks.get("PROCESSOR_SECONDS", PROCESSOR_SECONDS)
        say({"processor": seconds})
        _limit_processor(seconds)
        examine(prepared, Path(request["answer"]), source, say, briefly=request["briefly"])
    except TorchbookError as error:
        send({"broken": str(error)})
    except BaseException as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        send({"failed": f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"})


def enclosed(folder: Path) -> None:
    """Shuts this process in, for good: it works in the empty folder `folder/empty`, writes nowhere else,
    has one thread, and what it prints goes to `folder/printed`."""
    own = settled(folder)
    _guard(torch, "save", 1, own)
    _guard(torch, "from_file", 0, own)
    _guard(torch.UntypedStorage, "from_file", 0, own)
    for name in ("safetensors", "safetensors.torch", "safetensors.numpy"):
        if name in sys.modules:
            _guard(sys.modules[name], "serialize_file", 1, own)
    sys.addaudithook(functools.partial(refuse, own))


def settled(folder: Path) -> str:
    """Lets this process work in the empty folder `folder/empty`, which is returned, with one thread and no keyboard;
    what it prints goes to `folder/printed`."""
    own = os.path.realpath(folder / "empty")
    os.chdir(own)
    tempfile.tempdir = own
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    sys.stdin = NoKeyboard()
    sys.stdout = sys.stderr = Printed(folder / "printed")
    return own


def _warn(answer: str, message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Prints a warning that a line of the answer has caused; all others are not the learner's."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _passes_on(frame.f_code.co_filename):
        frame = frame.f_back
    if frame is not None and frame.f_code.co_filename == answer:
        print(f"line {frame.f_lineno}: {category.__name__}: {message}")


def _passes_on(file: str) -> bool:
    return file in (__file__, warnings.__file__, forbidden.__file__) or file.startswith(TORCH)


def _limit_processor(seconds: float) -> None:
    """Ends this process by SIGPROF when it has computed for so many more seconds; never for 0."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


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


def refuse(own: str, event: str, arguments: Any) -> None:
    """An audit hook: what a check has no use for raises PermissionError where it is tried. An answer writes in the
    folder `own` only."""
    if event in REFUSED:
        raise PermissionError(f"{REFUSED[event]} while an answer is checked ({event})")
    if event == "open" and not _writes(*arguments[1:3]):
        return
    for file, descriptor in WRITTEN[event](*arguments) if event in WRITTEN else ():
        if isinstance(file, str | bytes | os.PathLike):
            _allow_writing(own, os.fsdecode(file), descriptor)


def _writes(mode: str | None, flags: int) -> bool:
    return bool(set(mode or "") & set("wax+")) or bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))


# The files that an event of Python would write, move or delete, each with the folder that its name is relative to.
WRITTEN: dict[str, Callable[..., Sequence[tuple[Any, Any]]]] = {
    "open": lambda path, *_: [(path, -1)],
    "os.remove": lambda path, folder: [(path, folder)],
    "os.rmdir": lambda path, folder: [(path, folder)],
    "os.mkdir": lambda path, _, folder: [(path, folder)],
    "os.rename": lambda source, target, one, other: [(source, one), (target, other)],
    "os.link": lambda source, target, one, other: [(target, other)],
    "os.symlink": lambda source, target, folder: [(target, folder)],
    "os.truncate": lambda path, *_: [(path, -1)],
    "os.chmod": lambda path, _, folder: [(path, folder)],
    "sqlite3.connect": lambda database, *_: [(database, -1)],
    "shutil.rmtree": lambda path, *_: [(path, -1)],
    "shutil.move": lambda source, target: [(source, -1), (target, -1)],
}


def _allow_writing(own: str, file: str, folder: int | None) -> None:
    """Raises PermissionError for a file outside of the folder that an answer works in."""
    if file == os.devnull:
        return
    if folder not in (-1, None):
        file = str(Path(f"/proc/self/fd/{folder}").readlink() / file)
    place = os.path.realpath(file)
    if place != own and not place.startswith(own + os.sep):
        raise PermissionError(
            f"{file} is not the answer's own: a check writes, moves and deletes in its own folder only"
        )


def _guard(place: Any, name: str, position: int, own: str) -> None:
    """Lets a function that writes without Python's knowing of it, such as `torch.save`, write in the folder `own` only.

    The file is its argument number `position`.
    """
    write = getattr(place, name)

    @functools.wraps(write)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        named = [*args[position : position + 1], *(kwargs[key] for key in ("f", "filename") if key in kwargs)]
        for file in named:
            if isinstance(file, str | os.PathLike):
                _allow_writing(own, os.fsdecode(file), None)
        return write(*args, **kwargs)

    setattr(place, name, guarded)
