"""The program of a warm worker: it has imported torch and waits for a request.

`python -m torchbook.course.workers.program fork FIRST PAUSE LATER FD` imports the modules FIRST (names with commas
between them), does the steps of the function PAUSE (`module:function`) while nothing is asked, and answers each request
in a forked process of its own. It reads from the Unix socket FD one byte and one descriptor a request; the descriptor
leads to who asked. A byte alone says which modules will be needed, too: LATER has them by that byte, `d=a,b;D=c`, and
by its capital those that only some requests need, which are imported one by one while nothing is asked. With
`once FIRST PAUSE` it answers one request that it reads from standard input, for platforms without fork. A request is
one line of JSON that names the function to call, an answer several; who calls a function that listens tells it more in
further lines.

A process can also be prepared for requests to come: the byte `p` asks for it, and its request names under `prepare` a
function that gives an iterator, each step of which prepares more. After the first step it answers requests as the
server does, in forks of its own that find what is prepared; a request with the byte `!` makes it go on with the steps.

A process that answers a request may ask for further ones in the same way; they end with it.
"""

import contextlib
import gc
import itertools
import json
import mmap
import os
import queue
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

from torchbook.course.workers import processes

Send = Callable[[dict[str, Any]], None]


def answer(request: dict[str, Any], send: Send, heard: Iterator[dict[str, Any]]) -> None:
    """Calls the function that `request["call"]` names, as `module:function`, with the request, `send` and `heard`.

    `heard` is what who asks says after the request. The process is of no use for anything else afterwards.
    """
    perform = _named(request["call"])
    _limit(request["memory"], request["seconds"])
    perform(request, send, heard)


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


def _limit_preparation() -> None:
    """A net below the preparation, which nobody else ends; the processes forked from here have a limit of their own."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (120, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _mapped() -> int:
    with contextlib.suppress(OSError):  # psutil reads more, and each page that it touches is copied in a fork
        return int(Path("/proc/self/statm").read_text().partition(" ")[0]) * mmap.PAGESIZE
    return psutil.Process().memory_info().vms


def _prepared(request: dict[str, Any]) -> Iterator[None]:
    """The iterator of what a request prepares, its first step done."""
    steps: Iterator[None] = _named(request["prepare"])(request)
    next(steps)
    return steps


def _named(name: str) -> Any:
    """The function of a name such as `module:function`."""
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)


def _import(modules: str) -> None:
    """Imports what requests will need, so that each fork finds it there."""
    for name in filter(None, modules.split(",")):
        import_module(name)
    gc.collect()
    gc.freeze()


def _one_by_one(modules: str) -> Iterator[None]:
    """Imports modules one by one; one that is not installed is left out, for it is missed where it is needed."""
    for name in filter(None, modules.split(",")):
        with contextlib.suppress(ImportError):
            _import(name)
        yield


def once(first: str, pause: str) -> None:
    """Answers the one request on standard input."""
    _import(first)
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def send(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    list(_named(pause)())
    source = sys.stdin.buffer
    request = source.readline()
    if b'"prepare"' in request and "prepare" in json.loads(request):
        with contextlib.suppress(Exception):  # what is wrong is found again by the request itself
            list(_prepared(json.loads(request)))
        request = source.readline()
    send({"pid": os.getpid()})
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


def serve(
    control: socket.socket,
    steps: Iterator[None],
    *,
    later: str = "",
    pause: int | None = None,
    patient: bool = False,
) -> None:
    """Forks a process for each request until who asks is gone, then ends all that still run, or waits if `patient`.

    When nothing was asked for `pause` milliseconds it does the next of the `steps`; None waits for a byte `!` first.
    """
    groups = {key: modules for key, _, modules in (group.partition("=") for group in later.split(";"))}
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
    inner: dict[int, socket.socket] = {}  # from processes that ask for further ones
    asked, more = True, True
    try:
        while asked or (patient and running):
            ready = poll.poll(pause if more and asked else None)
            if not ready:
                more = next(steps, ...) is None
            for descriptor, event in ready:
                if descriptor == wake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(wake, 4096)
                elif asked and descriptor == control.fileno():
                    message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
                    if not message:
                        asked = False
                        poll.unregister(control)
                    elif descriptors:
                        if message == b"!":
                            # The first goes on with what there is. Who comes again may wait for the rest, which each
                            # process would have to do for itself otherwise.
                            while pause == 0 and more:
                                more = next(steps, ...) is None
                            pause = 0
                        asker = socket.socket(fileno=descriptors[0])
                        _start(asker, message == b"p", control, running, inner, poll)
                    else:
                        key = message.decode()
                        _import(groups.pop(key, ""))
                        steps, more = itertools.chain(steps, _one_by_one(groups.pop(key.upper(), ""))), True
                elif descriptor in inner:
                    message, descriptors = b"", []
                    with contextlib.suppress(OSError):
                        message, descriptors, _, _ = socket.recv_fds(inner[descriptor], 1, 1)
                    if descriptors:
                        asker = socket.socket(fileno=descriptors[0])
                        _start(asker, False, control, running, inner, poll)
                    elif not message:
                        poll.unregister(descriptor)
                        inner.pop(descriptor).close()
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


def _start(
    asker: socket.socket,
    prepares: bool,
    control: socket.socket,
    running: dict[int, socket.socket],
    inner: dict[int, socket.socket],
    poll: Any,
) -> None:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            for other in (control, ours, *running.values(), *inner.values()):
                other.close()
            processes.adopt(theirs)
            with asker.makefile("r", encoding="utf-8") as lines:
                heard = map(json.loads, lines)
                request = next(heard)
                if not prepares:
                    answer(request, lambda message: asker.sendall(json.dumps(message).encode() + b"\n"), heard)
                    asker.sendall(b'{"exit": 0}\n')
                    return  # to the end below
            _limit_preparation()
            steps = _prepared(request)
            asker.sendall(b'{"ready": true}\n')
            serve(asker, steps, patient=True)
            steps.close()  # type: ignore[attr-defined]
        finally:
            os._exit(0)
    theirs.close()
    inner[ours.fileno()] = ours
    poll.register(ours, select.POLLIN)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    with contextlib.suppress(OSError):
        asker.sendall(json.dumps({"pid": pid}).encode() + b"\n")
    if prepares:  # from now on it is nobody's but who asked for it
        asker.close()
        return
    running[pid] = asker
    poll.register(asker, 0)


def _reap(running: dict[int, socket.socket], poll: Any) -> None:
    while True:
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
        _import(sys.argv[2])
        serve(socket.socket(fileno=int(sys.argv[5])), _named(sys.argv[3])(), later=sys.argv[4], pause=50)
        os._exit(0)  # there is nothing to tidy, and torch would take its time for it
    else:
        once(sys.argv[2], sys.argv[3])
