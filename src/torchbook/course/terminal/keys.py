"""Reads single keys from a terminal, on Linux, macOS and Windows, and restores the terminal afterwards."""

import contextlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator

from torchbook.errors import TorchbookError

# Waits up to so many seconds; returns a character, a name such as "up", "end" when the terminal is gone, or "".
Keys = Callable[[float], str]

_ESCAPES = {"A": "up", "B": "down", "5~": "pageup", "6~": "pagedown", "H": "home", "F": "bottom"}
_PLAIN = {"\r": "enter", "\n": "enter", "\x1b": "escape", "\x04": "end"}
_WINDOWS = {"H": "up", "P": "down", "I": "pageup", "Q": "pagedown", "G": "home", "O": "bottom"}


@contextlib.contextmanager
def keys() -> Iterator[Keys]:
    """Reads keys without waiting for Enter and without showing them; always restores the terminal at the end.

    Raises:
        TorchbookError: standard input is not a terminal.
    """
    if not sys.stdin.isatty():
        raise TorchbookError("single keys need a terminal; without one, use: torchbook check [NAME]")
    with _windows() if sys.platform == "win32" else _posix() as reader:
        yield reader


@contextlib.contextmanager
def _posix() -> Iterator[Keys]:
    import select
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    waiting: list[str] = []

    def key(seconds: float) -> str:
        if not waiting and select.select([terminal], [], [], seconds)[0]:
            try:
                sent = os.read(terminal, 256)
            except OSError:
                sent = b""
            waiting.extend(parse_keys(sent.decode(errors="ignore")) if sent else ["end"])
        return waiting.pop(0) if waiting else ""

    try:
        tty.setcbreak(terminal)
        settings = termios.tcgetattr(terminal)
        # Suspending would leave the shell with a screen that is not its own.
        settings[6][termios.VSUSP] = settings[6][termios.VQUIT] = b"\x00"
        termios.tcsetattr(terminal, termios.TCSANOW, settings)
        yield key
    finally:
        # Keys that were typed too late must not reach the shell.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSAFLUSH, before)


def parse_keys(typed: str) -> list[str]:
    """Returns the keys in the characters that a terminal sent; unknown sequences are left out."""
    parts = re.findall(r"\x1b[\[O][0-9;]*[A-Za-z~]|[^\x00]", typed)
    keys = [_ESCAPES.get(part[2:], "") if len(part) > 1 else _PLAIN.get(part, part) for part in parts]
    return [key for key in keys if key]


@contextlib.contextmanager
def _windows() -> Iterator[Keys]:
    import msvcrt

    def key(seconds: float) -> str:
        until = time.monotonic() + seconds
        while not msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            if time.monotonic() >= until:
                return ""
            time.sleep(0.02)
        typed = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
        if typed in "\x00\xe0":
            return _WINDOWS.get(msvcrt.getwch(), "")  # type: ignore[attr-defined,unused-ignore]
        if typed == "\x03":
            raise KeyboardInterrupt
        return _PLAIN.get(typed, typed)

    yield key
