"""What the site shows of a lesson without running it: title, minutes, and the prose below each of its headings."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from torchbook.course.texts.lesson import LessonFile, read_lesson
from torchbook.errors import TorchbookError

_WORDS_A_MINUTE = 180


@dataclass(frozen=True)
class Section:
    """A heading of a lesson, its anchor on the page, and the prose below it as plain text."""

    heading: str
    anchor: str
    prose: str


@dataclass(frozen=True)
class Outline:
    """A lesson as its file says. `minutes` is the time that the lesson states, or an estimate from its length."""

    title: str
    minutes: int
    sections: tuple[Section, ...]


def outline(file: Path) -> Outline:
    """The outline of a lesson's file; of a file that is no lesson an empty one."""
    return _outline(file, file.stat().st_mtime_ns)


def written(file: Path) -> LessonFile | None:
    """The lesson in a file, None if it cannot be read: what is wrong with it is said when it is run."""
    return _written(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=200)
def _written(file: Path, changed: int) -> LessonFile | None:
    try:
        return read_lesson(file)
    except TorchbookError:
        return None


@lru_cache(maxsize=200)
def _outline(file: Path, changed: int) -> Outline:
    lesson = _written(file, changed)
    sections = tuple(
        Section(passage.heading.text, passage.heading.anchor, plain(_without_code(passage.text)))
        for passage in (lesson.passages if lesson else ())
        if passage.heading.level <= 3
    )
    title = lesson.title if lesson and lesson.title else file.stem[3:].replace("_", " ").capitalize()
    words = len(lesson.markdown.split()) if lesson else 0
    stated = lesson.minutes if lesson else None
    return Outline(title, stated or max(1, round(words / _WORDS_A_MINUTE)), sections)


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def plain(text: str) -> str:
    """Markdown as plain text in one line: no marks, links and terms by their words, formulas readable."""
    from torchbook.course.texts.formula import readable

    text = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]", r"\1", readable(text))
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]*>", " ", text)
    return " ".join(re.sub(r"(?<!\w)[*_`]+|[*_`]+(?!\w)|^\s*[-#>|]+\s", " ", text, flags=re.MULTILINE).split())
