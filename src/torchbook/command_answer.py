"""What a command answers, and the known name that a mistyped one is nearest to."""

import difflib
import re
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


def closest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Returns the known name that looks most like a word, in whatever case, or that the word is short for (`lr`,
    `batch`); None if there is none."""
    folded, word = {name.casefold(): name for name in known}, word.casefold()
    (near, likeness) = max(
        ((name, difflib.SequenceMatcher(None, word, name).ratio()) for name in folded),
        key=lambda pair: pair[1],
        default=("", 0.0),
    )
    for name in folded if likeness < 0.8 and len(word) > 1 else ():
        parts = re.split("[-_]", name)
        if word in parts or word == "".join(part[:1] for part in parts):
            return folded[name]
    return folded[near] if likeness >= cutoff else None


def nearest(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Returns the end of a sentence about an unknown name: the closest known one, else `otherwise` or all of them."""
    known = list(known)
    near = closest(word, known)
    return f"did you mean {near!r}?" if near else otherwise or f"known are {', '.join(known)}"
