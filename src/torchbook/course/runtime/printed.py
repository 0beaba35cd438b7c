"""What a cell prints, as a terminal would show it, while it prints and afterwards."""

import io
from collections import deque

from torchbook.course.workers.terminal_text import without_escapes

LONGEST = 20_000  # characters of the beginning and the end together


class Printed(io.TextIOBase):
    """A stream that keeps what is written to it, the last lines of a long text instead of those in its middle.

    After a carriage return a line is written over, as a progress bar does. Another thread may ask for the text.
    """

    def __init__(self) -> None:
        self._beginning: list[str] = []
        self._end: deque[str] = deque()
        self._sizes = [0, 0]  # of both
        self._dropped = 0
        self._line, self._at = "", 0  # the line that is written now, and where

    def writable(self) -> bool:
        """Returns True."""
        return True

    def write(self, text: str) -> int:
        """Takes text, and returns how long it is."""
        *lines, rest = text.split("\n")
        for line in lines:
            self._write_over(line)
            self._finish(self._line + "\n")
            self._line, self._at = "", 0
        self._write_over(rest)
        if len(self._line) > LONGEST:
            self._finish(self._line)
            self._line, self._at = "", 0
        return len(text)

    @property
    def text(self) -> str:
        """What is there to read by now."""
        middle = f"… {self._dropped:,} characters are left out …\n" if self._dropped else ""
        return without_escapes("".join((*self._beginning, middle, *tuple(self._end), self._line)))

    def _write_over(self, text: str) -> None:
        first, *others = text.split("\r")
        self._put(first)
        for other in others:
            self._at = 0
            self._put(other)

    def _put(self, text: str) -> None:
        self._line = self._line[: self._at] + text + self._line[self._at + len(text) :]
        self._at += len(text)

    def _finish(self, line: str) -> None:
        half = LONGEST // 2
        if not self._end and self._sizes[0] + len(line) <= half:
            self._beginning.append(line)
            self._sizes[0] += len(line)
            return
        if len(line) > half:
            self._dropped += len(line) - half
            line = line[-half:]
        self._end.append(line)
        self._sizes[1] += len(line)
        while self._sizes[1] > half:
            dropped = len(self._end.popleft())
            self._sizes[1] -= dropped
            self._dropped += dropped
