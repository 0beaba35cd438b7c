"""The time that it takes to read a document, reckoned from what it holds."""

import re

from torchbook.course.texts.document import Document
from torchbook.course.texts.document_parts import Box, Cell, Picture, Prose, flat

_WORDS_A_MINUTE, _MINUTES_A_CELL, _MINUTES_A_PICTURE = 180, 0.4, 1.5


def minutes(document: Document) -> int:
    """Returns the minutes to read a document, without its exercises and what is folded away as deeper."""
    unfolded = [part for part in document.parts if not (isinstance(part, Box) and part.kind == "deeper")]
    parts = list(flat(unfolded))
    words = sum(len(re.findall(r"\w+", part.text)) for part in parts if isinstance(part, Prose))
    cells = sum(isinstance(part, Cell) and part.kind == "shown" for part in parts)
    pictures = sum(isinstance(part, Picture) for part in parts)
    return max(1, round(words / _WORDS_A_MINUTE + _MINUTES_A_CELL * cells + _MINUTES_A_PICTURE * pictures))
