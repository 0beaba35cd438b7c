"""What a command answers, and the known name that a mistyped one is nearest to."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a command says: `data` for machines (`--json`), `text` for a person (a string or anything rich can
    print)."""

    data: dict[str, Any]
    text: Any = ""
    status: int = 0


def closest(word: str, known: Iterable[str], *, cutoff: float = 0.5) -> str | None:
    """Returns the known name that looks most like a word, in whatever case; None if none is like it."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=cutoff)
    return folded[near[0]] if near else None


def nearest(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Returns the end of a sentence about an unknown name: the closest known one, else `otherwise` or all of them."""
    known = list(known)
    near = closest(word, known)
    return f"did you mean {near!r}?" if near else otherwise or f"known are {', '.join(known)}"
