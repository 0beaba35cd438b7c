"""Warm workers: each request runs in a process of its own that starts in milliseconds and can be killed.

Where processes can be forked, one server with torch imported forks a process for each request. Elsewhere one process
that has imported torch waits for the next request, and its successor starts as soon as it is taken.
"""

import atexit
import contextlib
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torchbook.errors import TorchbookError

MEMORY = 2 << 30
# A fork of a process that has used Apple's libraries may crash, so macOS takes the other way, as Windows must.
FORKS = hasattr(os, "fork") and sys.platform != "darwin"
# What the server imports before the first request, and what more when a lesson is opened: by name, for a worker knows
# nothing of what it works for.
CHECKING = ("torchbook.course.grading.sandbox",)
LESSONS = (
    *("anywidget", "marimo", "torchbook.data", "torchbook.training", "torchbook.evaluation"),
    *("torchbook.course.notebook.elsewhere", "torchbook.course.pictures.boundary_work"),
    *("torchbook.course.runtime.worker", "torchbook.course.pictures.graph", "torchbook.explain"),
)
START = 120.0  # seconds that the import of torch may take on a slow machine


@dataclass
class Ended:
    """What a worker sent and how it ended: its exit status, negative for a signal, None if killed at its limit."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    status: int | None = 0
    printed: str = ""


def run(request: dict[str, Any], *, seconds: float, memory: int = MEMORY) -> Ended:
    """Runs a request in a process of its own and waits for its end, `seconds` at most.

    `request["call"]` names the function that does it, as `module:function`.

    `memory` is what it may take on top of what torch itself needs, in bytes, where the platform can limit it.
    """
    scratch = Path(tempfile.mkdtemp(prefix="torchbook-check-"))
    try:
        (scratch / "empty").mkdir()
        line = json.dumps(request | {"scratch": str(scratch), "seconds": seconds, "memory": memory}).encode() + b"\n"
        ended = (_forked if FORKS else _spawned)(line, seconds)
        with contextlib.suppress(OSError):
            ended.printed = (scratch / "printed").read_text(encoding="utf-8", errors="replace")
        return ended
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def warm(*, lessons: bool = False) -> None:
    """Starts importing torch in the background, so that the first check need not wait for it.

    With `lessons` also what the file of a lesson imports, so that its functions start as soon.
    """
    if not FORKS:
        _spare.fill()
        return
    control = _server.started()
    if lessons:
        with contextlib.suppress(OSError):  # it has just crashed; the next request starts it again
            control.sendall(b"l")


class _Server:
    """The process that forks; started at the first use, again after a crash, and in each process that imports this."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.owner = 0

    def started(self) -> socket.socket:
        with self.lock:
            if self.control and self.process and self.owner == os.getpid() and self.process.poll() is None:
                return self.control
            if self.control:
                self.control.close()
            ours, theirs = socket.socketpair()
            with theirs:
                modules = (",".join(part) for part in (CHECKING, LESSONS))
                self.process = _program("fork", *modules, str(theirs.fileno()), pass_fds=(theirs.fileno(),))
            self.control, self.owner = ours, os.getpid()
            return ours

    def ask(self) -> socket.socket:
        """A connection to a fresh process."""
        for attempt in (1, 2):
            control = self.started()
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    with self.lock:
                        socket.send_fds(control, [b"?"], [theirs.fileno()])
                    return ours
                except OSError:
                    ours.close()
                    if attempt == 2:
                        raise
                    if self.process:
                        self.process.wait(10)
        raise AssertionError

    def close(self) -> None:
        if self.control and self.process and self.owner == os.getpid():
            self.control.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)


_server = _Server()
atexit.register(_server.close)


def fresh() -> socket.socket:
    """A connection to a process of its own that waits for a request; it is ended when the connection is closed."""
    return _server.ask()


def _forked(line: bytes, seconds: float) -> Ended:
    # A server that dies with the request unanswered, for want of memory for instance, is started once more.
    ended = _asked(line, seconds) or _asked(line, seconds)
    if ended is None:
        command = f"{Path(sys.executable).name} -m torchbook.course.workers.program once {','.join(CHECKING)}"
        raise TorchbookError(f"the process that checks answers does not start; what is wrong says: {command}")
    return ended


def _asked(line: bytes, seconds: float) -> Ended | None:
    """What became of a request, or None if the server was gone before it had a process."""
    ended = Ended(status=-signal.SIGKILL)
    with _server.ask() as connection:
        with contextlib.suppress(OSError):
            connection.sendall(line)
        received, limit = b"", time.monotonic() + START
        pid = 0
        while True:
            connection.settimeout(max(0.001, limit - time.monotonic()))
            try:
                part = connection.recv(1 << 16)
            except TimeoutError:
                if ended.status is None or not pid:
                    return ended if pid else None
                ended.status = None
                for kill in (os.killpg, os.kill):  # it may have left its group
                    with contextlib.suppress(ProcessLookupError):
                        kill(pid, signal.SIGKILL)
                limit = time.monotonic() + 5
                continue
            except ConnectionError:
                return ended if pid else None
            received += part
            *lines, received = received.split(b"\n")
            for message in map(json.loads, lines):
                if "pid" in message:
                    pid, limit = message["pid"], time.monotonic() + seconds
                elif "exit" in message:
                    ended.status = message["exit"] if ended.status is not None else None
                    return ended
                else:
                    ended.messages.append(message)
            if not part:
                return ended if pid else None


class _Spare:
    """One process that has imported torch and waits."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def fill(self) -> None:
        with self.lock:
            if self.process is None:
                self.process = _program("once", ",".join(CHECKING), stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def take(self) -> subprocess.Popen[bytes]:
        self.fill()
        with self.lock:
            taken, self.process = self.process, None
        self.fill()
        return taken or _program("once", ",".join(CHECKING), stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()


_spare = _Spare()
atexit.register(_spare.close)


def spare() -> "subprocess.Popen[bytes]":
    """A process that waits for a request on its standard input, where there is no forking."""
    return _spare.take()


def _spawned(line: bytes, seconds: float) -> Ended:
    process = _spare.take()
    assert process.stdin and process.stdout
    lines: queue.Queue[bytes] = queue.Queue()

    def read(stream: Any = process.stdout) -> None:
        for one in stream:
            lines.put(one)
        lines.put(b"")

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    ended, limit = Ended(), time.monotonic() + START
    with contextlib.suppress(OSError):
        process.stdin.write(line)
        process.stdin.flush()
    try:
        while one := lines.get(timeout=max(0.001, limit - time.monotonic())):
            message = json.loads(one)
            if "pid" in message:
                limit = time.monotonic() + seconds
            else:
                ended.messages.append(message)
        ended.status = process.wait(5)
    except (queue.Empty, subprocess.TimeoutExpired):
        ended.status = None
    process.kill()
    process.wait()
    reader.join()
    process.stdout.close()
    with contextlib.suppress(OSError):
        process.stdin.close()
    return ended


def _program(*arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",  # answers are small, and a GPU maps more memory than they may have
        "MPLBACKEND": "agg",
        "PYTHONPATH": _path(),
    }
    null: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "torchbook.course.workers.program", *arguments],
        env=environment,
        **(null | options),
    )


def _path() -> str:
    """Where torchbook is found, first of all."""
    root = str(Path(__file__).parents[3])
    return os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
