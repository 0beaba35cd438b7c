"""The program of a warm worker: it has imported torch and waits for a check to run.

`python -m torchbook.course.warm fork FD` answers each request in a forked process of its own. It reads from the Unix
socket FD one byte and one descriptor a request; the descriptor leads to who asked. A byte alone says that lessons will
ask, too. With `once` it answers one request that it reads from standard input, for platforms without fork. A request is
one line of JSON, an answer several; who runs a function that listens tells it more in further lines.
"""

import contextlib
import gc
import io
import json
import os
import queue
import select
import signal
import socket
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

MOST_PRINTED = 20_000

Send = Callable[[dict[str, Any]], None]


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


def answer(request: dict[str, Any], send: Send, heard: Iterator[dict[str, Any]]) -> None:
    """Runs one check in this process, or one function of a lesson; it is of no use for anything else afterwards.

    `heard` is what who asks says after the request.
    """
    if "lesson" in request:
        from torchbook.course.notebook.elsewhere import perform

        _limit(request["memory"], request["seconds"])
        perform(request, send, heard)
        return
    import torch

    from torchbook.course.examine import examine
    from torchbook.errors import TorchbookError

    gc.disable()  # the process is too short-lived for it, and a pass would copy every page that is shared
    folder = Path(request["scratch"])
    os.chdir(folder / "empty")
    tempfile.tempdir = str(folder / "empty")
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    _limit(request["memory"], request["seconds"])
    sys.addaudithook(refuse)
    sys.stdin = NoKeyboard()
    sys.stdout = sys.stderr = Printed(folder / "printed")
    try:
        source = request["source"].encode("latin-1")
        examine(
            *(Path(request["exercise"]), Path(request["answer"]), source, request["seed"], send),
            briefly=request["briefly"],
        )
    except TorchbookError as error:
        send({"broken": str(error)})
    except BaseException as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        send({"failed": f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"})


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


def refuse(event: str, _: Any) -> None:
    """An audit hook: what a check has no use for raises PermissionError where it is tried."""
    if event in REFUSED:
        raise PermissionError(f"{REFUSED[event]} while an answer is checked ({event})")


def _limit(memory: int, seconds: float) -> None:
    """`memory` more bytes than are mapped now, and no core files; the processor time is a net below the clock."""
    try:
        import resource
    except ImportError:
        return
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 1 << 26),
        (resource.RLIMIT_CPU, int(seconds) + 60),
        (resource.RLIMIT_AS, _mapped() + memory),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value, value))


def _mapped() -> int:
    return psutil.Process().memory_info().vms


def _prepare() -> None:
    """What torch imports at the first optimizer, which takes most of a second."""
    import torch

    torch.optim.SGD([torch.zeros(1)], lr=1.0)


def _prepare_lessons() -> None:
    """What the files of lessons import."""
    import anywidget  # noqa: F401
    import marimo  # noqa: F401

    import torchbook.course.notebook.elsewhere
    import torchbook.course.pictures.boundary_work
    import torchbook.data
    import torchbook.evaluation
    import torchbook.training  # noqa: F401

    gc.collect()
    gc.freeze()


def once() -> None:
    """Answers the one request on standard input."""
    import torchbook.course.examine  # noqa: F401

    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def send(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    _prepare()
    send({"pid": os.getpid()})
    source = sys.stdin.buffer
    request = source.readline()
    if request:
        # Standard input ends with who asked; then nobody waits for the verdict.
        said: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

        def listen() -> None:
            for line in source:
                said.put(json.loads(line))
            os._exit(1)

        threading.Thread(target=listen, daemon=True).start()
        answer(json.loads(request), send, iter(said.get, None))
    os._exit(0)


def serve(control: socket.socket) -> None:
    """Forks a process for each request until who started this is gone, then ends all that still run."""
    import torchbook.course.examine  # noqa: F401

    gc.collect()
    gc.freeze()
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    running: dict[int, socket.socket] = {}
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(wake, select.POLLIN)
    idle: int | None = 200
    try:
        while True:
            ready = poll.poll(idle)
            if not ready:
                idle = None
                _prepare()
            for descriptor, event in ready:
                if descriptor == control.fileno():
                    message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
                    if not message:
                        return
                    if not descriptors:
                        _prepare_lessons()
                        continue
                    _start(socket.socket(fileno=descriptors[0]), control, running, poll)
                elif descriptor == wake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(wake, 4096)
                elif event & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
                    # Who asked is gone: nobody waits for the verdict.
                    for pid, asker in running.items():
                        if asker.fileno() == descriptor:
                            _end(pid)
                    poll.unregister(descriptor)
            _reap(running, poll)
    finally:
        for pid in running:
            _end(pid)


def _start(asker: socket.socket, control: socket.socket, running: dict[int, socket.socket], poll: Any) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            control.close()
            for other in running.values():
                other.close()
            heard = map(json.loads, asker.makefile("r", encoding="utf-8"))
            answer(next(heard), lambda message: asker.sendall(json.dumps(message).encode() + b"\n"), heard)
            asker.sendall(b'{"exit": 0}\n')
        finally:
            os._exit(0)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    with contextlib.suppress(OSError):
        asker.sendall(json.dumps({"pid": pid}).encode() + b"\n")
    running[pid] = asker
    poll.register(asker, 0)


def _reap(running: dict[int, socket.socket], poll: Any) -> None:
    while running:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        asker = running.pop(pid, None)
        if asker is None:
            continue
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # what it may have started itself
        with contextlib.suppress(KeyError, ValueError):
            poll.unregister(asker)
        with contextlib.suppress(OSError):
            asker.sendall(json.dumps({"exit": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
        asker.close()


def _end(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # it may have left its group
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] == "fork":
        serve(socket.socket(fileno=int(sys.argv[2])))
    else:
        once()
