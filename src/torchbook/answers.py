"""What a command answers, and how the words of a command line become the arguments of a typed function."""

import contextlib
import difflib
import functools
import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from torchbook.errors import TorchbookError


@dataclass(frozen=True)
class Answer:
    """What a command says: `data` for machines (`--json`), `text` for a person (a string or anything rich can
    print)."""

    data: dict[str, Any]
    text: Any = ""
    status: int = 0


def parse(function: Callable[..., Any], words: list[str], *, prog: str) -> Any:
    """Calls a typed function with what the words of a command line say, and returns what it returns.

    Raises:
        TorchbookError: a word does not fit the function's signature; one line with the nearest name.
    """
    import tyro

    @functools.wraps(function)
    def later(*values: Any, **named: Any) -> Callable[[], Any]:
        return lambda: function(*values, **named)

    said = io.StringIO()
    help_wanted = any(word in ("-h", "--help") for word in words)
    try:
        with contextlib.redirect_stderr(said), contextlib.nullcontext() if help_wanted else _wide_terminal():
            call = tyro.cli(later, args=words, prog=prog)
    except SystemExit as stop:
        if not stop.code:
            raise
        raise TorchbookError(f"{prog}: {_one_line(said.getvalue())}") from None
    return call()


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest known one, or all of them."""
    known = list(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"


def _one_line(said: str) -> str:
    """tyro's framed message in one line: what is wrong, and the first option that was perhaps meant."""
    # The frame is drawn in ASCII where the terminal has nothing better, and the title stands in its first line.
    inside = [line.strip(" │|") for line in said.splitlines()[1:]]
    first, *rest = [line for line in inside if line.strip("-─+╰╯")] or [" ".join(said.split())]
    meant = [line for line in rest if line.startswith("--")]
    suggested = any("Perhaps you meant" in line or "similar" in line for line in rest)
    return f"{first}; did you mean {meant[0].split()[0]}?" if meant and suggested else first


@contextlib.contextmanager
def _wide_terminal() -> Iterator[None]:
    """tyro folds its messages at the terminal's width; ours are taken apart, so they must not be folded."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "1000"
    try:
        yield
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before
