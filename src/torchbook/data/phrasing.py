"""Names and numbers in sentences for a person."""

from collections.abc import Sequence


def printable(name: str) -> str:
    """A name that can be printed anywhere: what is no character of a line of text is written out, as in `\\udcff`."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)


def counted(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: "1 file", "2,000 files"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def some(names: Sequence[str], most: int = 3) -> str:
    """The first names, fit to be printed, and how many there are besides."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(printable(name) for name in names[:most]) + more
