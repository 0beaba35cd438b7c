"""What the site shows of a document without running it: title, minutes, and the prose below each of its headings."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.snapshot import read_snapshot
from torchbook.course.texts.document import Document, read_document
from torchbook.course.texts.document_parts import Card, Heading, Prose
from torchbook.course.texts.document_values import filled, values
from torchbook.course.texts.reading_time import minutes
from torchbook.errors import TorchbookError


@dataclass(frozen=True)
class Section:
    """A heading of a document, its anchor on the page, and the prose below it as plain text."""

    heading: str
    anchor: str
    prose: str


@dataclass(frozen=True)
class Outline:
    """A document as its file says. `minutes` is the time to read it, `exercises` are the names of those that stand in
    it; a project comes `after` the lesson of that number."""

    title: str
    line: str = ""
    minutes: int = 1
    sections: tuple[Section, ...] = ()
    after: int | None = None
    exercises: tuple[str, ...] = ()


def outline(file: Path) -> Outline:
    """Returns the outline of a document; one that cannot be read has only a title, and its page says what is wrong."""
    stored = file.with_suffix(".json")
    return _outline(file, file.stat().st_mtime_ns, stored.stat().st_mtime_ns if stored.is_file() else 0)


@lru_cache(maxsize=200)
def _outline(file: Path, changed: int, frozen: int) -> Outline:
    try:
        document = read_document(file)
    except TorchbookError:
        return Outline(file.stem.partition("_")[2].replace("_", " ").capitalize())
    front = document.front
    cards = (part for part in document.flat if isinstance(part, Card) and part.kind == "exercise")
    names = tuple(card.name for card in cards)
    return Outline(front.title, plain(front.line), minutes(document), _sections(document), front.after, names)


def _sections(document: Document) -> tuple[Section, ...]:
    try:
        fragments = read_snapshot(document).fragments
    except TorchbookError:  # its page says so
        fragments = {}
    sections: list[tuple[Heading, list[str]]] = []
    for part in document.flat:
        if isinstance(part, Heading):
            sections.append((part, []))
        elif isinstance(part, Prose) and sections:
            count = len(values(part.text, part.line, document.name))
            results = fragments.get(part.id, Fragment()).values
            sections[-1][1].append(filled(part.text, results if len(results) == count else ["…"] * count))
    return tuple(
        Section(plain(heading.text), heading.id, plain(_without_code("\n\n".join(texts))))
        for heading, texts in sections
    )


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def plain(text: str) -> str:
    """Returns Markdown as plain text in one line: no marks, links and terms by their words, formulas readable."""
    from torchbook.course.texts.formula import readable

    text = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]", r"\1", readable(text))
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]*>", " ", text)
    return " ".join(re.sub(r"(?<!\w)[*_`]+|[*_`]+(?!\w)|^\s*[-#>|]+\s", " ", text, flags=re.MULTILINE).split())
