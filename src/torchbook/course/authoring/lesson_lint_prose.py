"""The rules about the text of a lesson: no result is typed in, words and links lead somewhere, sentences are short."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from torchbook.course.texts.cell import COMPUTED
from torchbook.course.texts.glossary import Entry, find, read_glossary
from torchbook.course.texts.lesson import LessonFile, without_code, without_markup
from torchbook.course.texts.plan import LESSONS

FACTS = Path(__file__).parents[1] / "lessons" / "FACTS.toml"
WORDS = 22  # of a sentence, on average
SMALL = 12  # whole numbers up to this one are words
_PAGES = ("/glossary", "/runs", "/data", "/search")

# What looks like a number and is none that could have been computed.
_NO_RESULT = (
    r"\b(?:19|20)\d\d\b",  # a year
    r"\b\d+\s*[x×]\s*\d+(?:\s*[x×]\s*\d+)*\b",  # a size, 28x28
    r"\b\d+(?:\s*(?:to|-|–)\s*\d+)?\s+(?:minutes?|seconds?|bits?)\b",
    r"\blessons?\s+\d+(?:(?:,| and| to)\s+\d+)*",
    r"\bPython 3\.\d+\b",
)
_NUMBER = r"(?<![\w.,])[-−+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?:\s*(?:%|per ?cent\b))?(?![\w])"


@dataclass(frozen=True)
class Fact:
    """A number that a lesson states because it is a fact and no result: its words there, and why. Without `lesson`
    any lesson may."""

    text: str
    reason: str
    lesson: int | None = None


def prose_faults(lesson: LessonFile, facts: tuple[Fact, ...] | None = None) -> Iterator[str]:
    """What is wrong with the text of a lesson; `facts` replaces those of `FACTS`."""
    known = read_facts() if facts is None else facts
    yield from _results(lesson, [fact for fact in known if fact.lesson in (None, lesson.number)])
    yield from _terms(lesson)
    yield from _links(lesson)
    yield from _images(lesson)
    yield from _sentences(lesson)


@cache
def read_facts(path: Path = FACTS) -> tuple[Fact, ...]:
    """The facts that lessons may state."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("fact", []) if path.exists() else []
    return tuple(Fact(**row) for row in rows)


def _results(lesson: LessonFile, facts: list[Fact]) -> Iterator[str]:
    """Numbers in the text that the lesson should have computed."""
    for fact in facts:
        if fact.lesson is not None and fact.text not in lesson.markdown:
            yield f"FACTS.toml has the fact {fact.text!r}, which its text does not state"
    for passage in lesson.passages:
        text = _words(passage.text)
        for fact in facts:
            text = re.sub(rf"(?<![\w.,]){re.escape(fact.text)}(?![\w]|[.,]\d)", " ", text)
        for pattern in _NO_RESULT:
            text = re.sub(pattern, " ", text, flags=re.IGNORECASE)
        for found in re.finditer(_NUMBER, text):
            if not _is_word(found[0]):
                around = " ".join(text[max(0, found.start() - 30) : found.end() + 20].split())
                yield (
                    f"under '{passage.heading.text}' the number {found[0].strip()} is typed in ('{around}'); let the "
                    "lesson compute it, or write down in FACTS.toml why it is a fact"
                )


def _is_word(number: str) -> bool:
    return bool(re.fullmatch(r"\d+", number)) and int(number) <= SMALL


def _words(markdown: str) -> str:
    """Markdown without code, formulas, addresses, markup and the numbers of its lists."""
    text = re.sub(r"\$\$.+?\$\$|\$[^$\n]+\$", " ", without_code(markdown), flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|<[^>]+>", " ", text)
    return re.sub(r"(?m)^\s*\d+\. ", "", text)


def _terms(lesson: LessonFile) -> Iterator[str]:
    for term in dict.fromkeys(lesson.terms):
        if find(_glossary(), term)[0] is None:
            yield f"[[{term}]] is no term of the glossary"


@cache
def _glossary() -> tuple[Entry, ...]:
    return read_glossary()


def _links(lesson: LessonFile) -> Iterator[str]:
    anchors = {heading.anchor for heading in lesson.headings}
    for shown, address in re.findall(r"(?<!!)\[([^\]\[]*)\]\(([^)\s]*)\)", without_code(lesson.markdown)):
        place = re.match(r"/lessons/(\d\d)/?(#.*)?$", address)
        if COMPUTED in address or re.match(r"https?://\w", address):
            continue
        if not shown.strip():
            yield f"the link to {address} has no words"
        if address.startswith("#"):
            good = address[1:] in anchors
        elif place:
            good = int(place[1]) < len(LESSONS)
        else:
            good = address.startswith(_PAGES) and _is_page(address)
        if not good:
            yield f"the link [{shown}]({address}) leads nowhere; a lesson is linked as (/lessons/11)"


def _is_page(address: str) -> bool:
    term = address.removeprefix("/glossary/") if address.startswith("/glossary/") else ""
    return not term or find(_glossary(), term.replace("%20", " "))[0] is not None


def _images(lesson: LessonFile) -> Iterator[str]:
    sources = [lesson.markdown, *(cell.source for cell in lesson.cells)]
    empty = [found for source in sources for found in re.findall(r"!\[\s*\]\([^)]*\)", source)]
    tags = [tag for cell in lesson.cells for tag in re.findall(r"<img\b[^>]*>", cell.source)]
    empty += [tag for tag in tags if not re.search(r"\balt=[\"'{]*[^\"'\s]", tag)]
    for cell in lesson.cells:
        if any("alt" not in names for names in cell.calls("mo.image")):
            empty.append("mo.image(...) without alt=")
        drawings = re.findall(r"<svg\b[^>]*>", cell.source)
        empty += [
            tag
            for tag in drawings
            if "aria-label" not in tag and "aria-hidden" not in tag and "<title" not in cell.source
        ]
    for one in dict.fromkeys(empty):
        yield f"a picture has no text alternative: {one[:60]}"


def _sentences(lesson: LessonFile) -> Iterator[str]:
    for passage in lesson.passages:
        lengths = [len(sentence.split()) for sentence in sentences(passage.text)]
        if len(lengths) > 2 and sum(lengths) / len(lengths) > WORDS:
            mean = sum(lengths) / len(lengths)
            yield f"under '{passage.heading.text}' sentences have {mean:.0f} words on average, expected at most {WORDS}"


def sentences(markdown: str) -> list[str]:
    """The sentences of a text; a point of a list ends one, and a formula counts as a word."""
    text = re.sub(r"\$\$.+?\$\$", ". ", without_code(markdown), flags=re.DOTALL)
    text = re.sub(r"(?m)^\|.*$|\$[^$\n]+\$", lambda m: "" if m[0].startswith("|") else "x", text)
    parts = re.split(r"(?<=[.!?:])\s+|\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", without_markup(text))
    bare = (re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", part).strip() for part in parts)
    return [part for part in bare if len(part.split()) > 1]
