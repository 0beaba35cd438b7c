"""Warm workers: each request runs in a process of its own that starts in milliseconds and can be killed.

Where processes can be forked, one server with torch imported forks a process for each request. Elsewhere one process
that has imported torch waits for the next request, and its successor starts as soon as it is taken.
"""

import atexit
import contextlib
import json
import os
import queue
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torchbook.course.workers.terminal_text import without_escapes
from torchbook.errors import TorchbookError

MEMORY = 2 << 30
# A fork of a process that has used Apple's libraries may crash, so macOS takes the other way, as Windows must.
FORKS = hasattr(os, "fork") and sys.platform != "darwin"
# What the server imports before the first request, what it does in its first pause, what more it imports when a
# document is opened, and what only some documents need, which it imports while nothing is asked: by name, for a worker
# knows nothing of what it works for.
CHECKING = ("torchbook.course.grading.sandbox",)
PAUSE = "torchbook.course.grading.prepared_exercise:warmed"
DOCUMENTS = (
    *("anywidget", "torchbook.data", "torchbook.training", "torchbook.evaluation"),
    *("torchbook.course.pictures.boundary_work", "torchbook.course.pictures.graph"),
    *("torchbook.course.pictures.stepper", "torchbook.course.pictures.line", "torchbook.course.pictures.boundary"),
    *("torchbook.course.runtime.lesson_worker", "torchbook.explain"),
)
SOME_DOCUMENTS = (
    *("matplotlib.figure", "matplotlib.backends.backend_svg", "matplotlib.pyplot"),
    *("torchbook.course.earlier", "torchbook.data.sets.embedded", "torchbook.data.sets.simulated"),
    *("torchbook.course.pictures.storage", "torchbook.course.pictures.strides", "torchbook.course.pictures.broadcast"),
    *("torchbook.course.pictures.draw", "torchbook.course.pictures.window", "torchbook.course.pictures.deal"),
    *("torchbook.course.pictures.faults", "torchbook.data.drawn.sets", "torchbook.models.cnn"),
    # scikit-learn in pieces, between which a request is answered
    *("torchbook.inference.reader", "scipy.sparse", "scipy.spatial", "scipy.optimize", "scipy.stats"),
    *("sklearn.utils", "sklearn.metrics", "sklearn.datasets", "sklearn.ensemble", "sklearn.cluster"),
)
START = 120.0  # seconds that the import of torch may take on a slow machine
_LOOK = 0.1  # seconds between two looks whether it is to be stopped


@dataclass
class Ended:
    """What a worker sent and how it ended: its exit status, negative for a signal, None if killed at its limit.

    `garbled` is True if something came that is no message: code of the worker has written to the connection.
    """

    messages: list[dict[str, Any]] = field(default_factory=list)
    status: int | None = 0
    printed: str = ""
    garbled: bool = False


def run(
    request: dict[str, Any],
    *,
    seconds: float,
    memory: int = MEMORY,
    prepared: dict[str, Any] | None = None,
    further: bool = True,
    stop: threading.Event | None = None,
) -> Ended:
    """Runs a request in a process of its own and waits for its end, `seconds` at most.

    `request["call"]` names the function that does it, as `module:function`.

    `memory` is what it may take on top of what torch itself needs, in bytes, where the platform can limit it.

    `prepared` is a request that prepares for this one and others to come, which then find it done; it names a function
    under `prepare` that gives an iterator. Its first step is done before, the others are only worth it if `further`.

    Once `stop` is set the process is killed, as at its limit.
    """
    scratch = Path(tempfile.mkdtemp(prefix="torchbook-check-"))
    try:
        (scratch / "empty").mkdir()
        line = json.dumps(request | {"scratch": str(scratch), "seconds": seconds, "memory": memory}).encode() + b"\n"
        ended = _forked(line, seconds, prepared, further, stop) if FORKS else _spawned(line, seconds, prepared, stop)
        with contextlib.suppress(OSError):
            ended.printed = without_escapes((scratch / "printed").read_text(encoding="utf-8", errors="replace"))
        return ended
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def warm(*, documents: bool = False) -> None:
    """Starts importing torch in a process of its own, so that the first check need not wait for it.

    With `documents` also what the worker of a document needs.
    """
    if not FORKS:
        _spare.documents |= documents
        _spare.fill(None)
        return
    control = _server.started()
    if documents:
        with contextlib.suppress(OSError):  # it has just crashed; the next request starts it again
            control.sendall(b"d")


def _asked_for(control: socket.socket, what: bytes) -> socket.socket:
    """A connection to a process that is forked by the one at the other end of `control`."""
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            socket.send_fds(control, [what], [theirs.fileno()])
        except OSError:
            ours.close()
            raise
    return ours


class _Server:
    """The process that forks; started at the first use, again after a crash, and in each process that imports this."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.owner = 0

    def started(self) -> socket.socket:
        with self.lock:
            if self.control and self.owner == os.getpid() and (self.process is None or self.process.poll() is None):
                return self.control
            if self.control:
                self.control.close()
            ours, theirs = socket.socketpair()
            with theirs:
                first, later = ",".join(CHECKING), f"d={','.join(DOCUMENTS)};D={','.join(SOME_DOCUMENTS)}"
                self.process = _program("fork", first, PAUSE, later, str(theirs.fileno()), pass_fds=(theirs.fileno(),))
            self.control, self.owner = ours, os.getpid()
            return ours

    def ask(self, what: bytes = b"?") -> socket.socket:
        """A connection to a fresh process."""
        for attempt in (1, 2):
            control = self.started()
            try:
                with self.lock:
                    return _asked_for(control, what)
            except OSError:
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


class _Preparation:
    """A process that has prepared something, and forks a process for each request as the server does."""

    def __init__(self, request: dict[str, Any]):
        self.request = request
        self.lock = threading.Lock()
        self.control: socket.socket | None = None
        self.failed = False
        self.owner = os.getpid()

    def ask(self, seconds: float, *, further: bool) -> socket.socket | None:
        """A connection to a fresh process that finds it prepared; None if that does not succeed in `seconds`."""
        with self.lock:
            for _ in range(2):  # one that was ended, for want of memory for instance, is started once more
                if self.control is None and not self.failed:
                    self.control = self._start(seconds)
                    self.failed = self.control is None
                if self.control:
                    try:
                        return _asked_for(self.control, b"!" if further else b"?")
                    except OSError:
                        self.control.close()
                        self.control = None
            return None

    def _start(self, seconds: float) -> socket.socket | None:
        """A connection to the process once it has done what each request needs."""
        control = _server.ask(b"p")
        pid, limit = 0, time.monotonic() + START
        with contextlib.suppress(OSError):
            control.sendall(json.dumps(self.request).encode() + b"\n")

        def left() -> float:
            return limit - time.monotonic()

        for message in received(control, left):
            if message is None:  # it takes too long
                if pid:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                break
            if "ready" in message:
                return control
            pid, limit = message["pid"], time.monotonic() + seconds
        control.close()
        return None

    def close(self) -> None:
        """Lets the process end, after those that it has forked; it is not started again."""
        with self.lock:
            self.failed = True
            if self.control:
                self.control.close()
                self.control = None


class _Preparations:
    """The last few processes that have prepared something, by what they have prepared."""

    MOST = 4

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: dict[str, _Preparation] = {}

    def of(self, request: dict[str, Any]) -> _Preparation:
        """The one for a request; the one that was asked for least recently makes room for it."""
        key = json.dumps(request)
        with self.lock:
            preparation = self.kept.pop(key, None)
            if preparation is None or preparation.owner != os.getpid():
                preparation = _Preparation(request)
            self.kept[key] = preparation
            while len(self.kept) > self.MOST:
                self.kept.pop(next(iter(self.kept))).close()
            return preparation

    def close(self) -> None:
        for preparation in self.kept.values():
            preparation.close()
        self.kept.clear()


_preparations = _Preparations()
atexit.register(_preparations.close)


def adopt(control: socket.socket) -> None:
    """Takes further processes from the server that has forked this one, over that connection."""
    _server.control, _server.process, _server.owner = control, None, os.getpid()
    _server.lock = threading.Lock()  # it may have been held when this process was forked


def fresh() -> socket.socket:
    """A connection to a process of its own that waits for a request; it is ended when the connection is closed."""
    return _server.ask()


def _forked(
    line: bytes, seconds: float, prepared: dict[str, Any] | None, further: bool, stop: threading.Event | None
) -> Ended:
    ended = None
    connection = _preparations.of(prepared).ask(seconds, further=further) if prepared else None
    if connection:
        ended = _asked(line, seconds, connection, start=seconds, stop=stop)
    # A server that dies with the request unanswered, for want of memory for instance, is started once more. What could
    # not be prepared is done by the request itself, which says what is wrong.
    for _ in range(2):
        ended = ended or _asked(line, seconds, _server.ask(), stop=stop)
    if ended is None:
        command = f"{Path(sys.executable).name} -m torchbook.course.workers.program once {','.join(CHECKING)} {PAUSE}"
        raise TorchbookError(f"the process that checks answers does not start; what is wrong says: {command}")
    return ended


def _asked(
    line: bytes,
    seconds: float,
    connection: socket.socket,
    *,
    start: float = START,
    stop: threading.Event | None = None,
) -> Ended | None:
    """What became of a request, or None if the server was gone before it had a process."""
    ended = Ended(status=-signal.SIGKILL)
    with connection:
        with contextlib.suppress(OSError):
            connection.sendall(line)
        pid, limit = 0, time.monotonic() + start

        def left() -> float:
            return limit - time.monotonic()

        for message in received(connection, left if stop is None else lambda: min(left(), _LOOK)):
            if message is None:
                if stop is not None and left() > 0 and (ended.status is None or not pid or not stop.is_set()):
                    continue
                if ended.status is None or not pid:
                    return ended if pid else None
                ended.status = None
                for kill in (os.killpg, os.kill):  # it may have left its group
                    with contextlib.suppress(ProcessLookupError):
                        kill(pid, signal.SIGKILL)
                limit = time.monotonic() + 5
            elif "pid" in message:
                pid, limit = message["pid"], time.monotonic() + seconds
            elif "garbled" in message:
                ended.garbled = True
            elif "exit" in message:
                ended.status = message["exit"] if ended.status is not None else None
                return ended
            else:
                ended.messages.append(message)
    return ended if pid else None


def received(connection: socket.socket, wait: Callable[[], float]) -> Iterator[dict[str, Any] | None]:
    """Yields the messages that come over a connection, in their order, until the other side is gone or this one closed.

    None comes whenever nothing has come for the seconds that `wait` gives; a line that is no message comes as one that
    says `garbled`.
    """
    unfinished = b""
    while True:
        # A time limit of the socket would be that of another thread, too, which sends over it meanwhile.
        ready = select.poll()
        try:
            ready.register(connection, select.POLLIN)
            part = connection.recv(1 << 20) if ready.poll(1000 * max(0.001, wait())) else None
        except (OSError, ValueError):  # a ValueError if it was closed from another thread
            return
        if part is None:
            yield None
            continue
        if not part:
            return
        *lines, unfinished = (unfinished + part).split(b"\n")
        yield from map(_message, lines)


def _message(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    return message if isinstance(message, dict) else {"garbled": True}


class _Spare:
    """One process that has imported torch and waits."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.documents = False  # it imports what the worker of a document needs, too

    def fill(self, prepared: dict[str, Any] | None) -> None:
        with self.lock:
            if self.process is None:
                self.process = _once(documents=self.documents)
                if prepared and self.process.stdin:
                    with contextlib.suppress(OSError):
                        self.process.stdin.write(json.dumps(prepared).encode() + b"\n")
                        self.process.stdin.flush()

    def take(self, prepared: dict[str, Any] | None = None) -> subprocess.Popen[bytes]:
        """The process that waits, or a new one; the next one prepares what was asked for now."""
        self.fill(None)
        with self.lock:
            taken, self.process = self.process, None
        self.fill(prepared)
        return taken or _once(documents=self.documents)

    def close(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()


_spare = _Spare()
atexit.register(_spare.close)


def spare() -> "subprocess.Popen[bytes]":
    """A process that waits for a request on its standard input, where there is no forking."""
    return _spare.take()


def _spawned(line: bytes, seconds: float, prepared: dict[str, Any] | None, stop: threading.Event | None) -> Ended:
    process = _spare.take(prepared)
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
        while one := _next_line(lines, limit, stop):
            message = _message(one)
            if "pid" in message:
                limit = time.monotonic() + seconds
            elif "garbled" in message:
                ended.garbled = True
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


def _next_line(lines: "queue.Queue[bytes]", limit: float, stop: threading.Event | None) -> bytes:
    """The next line.

    Raises:
        queue.Empty: there is none up to the limit, or until it is to be stopped.
    """
    while True:
        left = max(0.001, limit - time.monotonic())
        try:
            return lines.get(timeout=left if stop is None else min(left, _LOOK))
        except queue.Empty:
            if stop is None or stop.is_set() or time.monotonic() >= limit:
                raise


def _once(*, documents: bool = False) -> "subprocess.Popen[bytes]":
    modules = CHECKING + DOCUMENTS if documents else CHECKING
    return _program("once", ",".join(modules), PAUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _program(*arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",  # answers are small, and a GPU maps more memory than they may have
        "MPLBACKEND": "agg",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # large pages, of which there are fewer to copy: a fork takes half
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
