"""The text of an answer, whatever editor wrote it."""

import linecache
from pathlib import Path


def text_of(path: Path) -> str:
    """The text of a file as far as it is UTF-8."""
    return text_in(path.read_bytes())


def text_in(content: bytes) -> str:
    """The text in the bytes of a file as far as it is UTF-8; some editors begin it with a mark that says so."""
    text = content.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def same(one: str, other: str) -> bool:
    """Whether two texts are the same but for white space at the ends of lines."""
    return [line.rstrip() for line in one.rstrip().splitlines()] == [
        line.rstrip() for line in other.rstrip().splitlines()
    ]


def remember_lines(file: str, text: str) -> None:
    """Lets tracebacks find the lines of a file that holds something else by now, or that is none at all."""
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file  # None: it is not looked for again


def stamp_of(path: Path) -> tuple[int, int] | None:
    """Returns the time of change and the size of a file, which change when it is saved; None while it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
