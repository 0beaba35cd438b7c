"""A worker that tells what it does while it does it, and can be ended at any moment; `processes` has the short ones."""

import contextlib
import json
import queue
import socket
import subprocess
import threading
from collections.abc import Iterator
from typing import Any, Protocol, runtime_checkable

from torchbook.course.workers import processes
from torchbook.errors import TorchbookError

LONGEST = 24 * 3600.0


@runtime_checkable
class Conversation(Protocol):
    """What a running worker says."""

    def messages(self, *, every: float) -> Iterator[dict[str, Any] | None]:
        """What it sends, in order; None whenever it was silent for `every` seconds.

        The last is `{"exit": status}`, also when another thread ends it.
        """

    def say(self, message: dict[str, Any]) -> None:
        """Tells the worker something, if it listens; one that is gone says so in its messages."""

    def end(self) -> None:
        """Ends the worker at once, whatever it does."""


def begin(request: dict[str, Any], *, memory: int = 4 << 30) -> Conversation:
    """Starts a request of `torchbook.course.workers.program` in a process of its own."""
    line = json.dumps(request | {"seconds": LONGEST, "memory": memory}).encode() + b"\n"
    return _Forked(line) if processes.FORKS else _Spawned(line)


class _Forked:
    def __init__(self, line: bytes) -> None:
        self.connection = processes.fresh()
        self.connection.sendall(line)

    def messages(self, *, every: float) -> Iterator[dict[str, Any] | None]:
        for message in processes.received(self.connection, lambda: every):
            if message is None or "pid" not in message:
                yield message
            if message and "exit" in message:
                return
        yield {"exit": -9}  # it has crashed, or was ended from another thread, perhaps just now

    def say(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self.connection.sendall(json.dumps(message).encode() + b"\n")

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)  # the server ends a process that nobody listens to
        self.connection.close()


class _Spawned:
    def __init__(self, line: bytes) -> None:
        self.process: subprocess.Popen[bytes] = processes.spare()
        assert self.process.stdin and self.process.stdout
        self.lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except OSError:
            raise TorchbookError("the process that runs lessons does not start") from None

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as stream:
            for one in stream:
                self.lines.put(one)
        self.lines.put(b"")

    def messages(self, *, every: float) -> Iterator[dict[str, Any] | None]:
        while True:
            try:
                line = self.lines.get(timeout=every)
            except queue.Empty:
                yield None
                continue
            if not line:
                yield {"exit": self.process.wait()}
                return
            message = json.loads(line)
            if "pid" not in message:
                yield message

    def say(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        with contextlib.suppress(OSError, ValueError):  # a ValueError if it was ended, which closes the file
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdin
        with contextlib.suppress(OSError):
            self.process.stdin.close()
