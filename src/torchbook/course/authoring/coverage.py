"""Which lesson teaches what: the rows that the course must cover, and where each is taught, in `lessons/COVERAGE.toml`.

A row names the lessons that carry it. For a written lesson it says where: a heading, an exercise, a question of the
quiz, a recipe, a command, or a term of the glossary.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from torchbook.command_table import COMMANDS
from torchbook.course.grading.exercise import exercises
from torchbook.course.texts.glossary import find, read_glossary
from torchbook.course.texts.lesson import LESSONS, LessonFile
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.errors import TorchbookError

COVERAGE = LESSONS / "COVERAGE.toml"


@dataclass(frozen=True)
class Row:
    """Something to be taught: its number, in a few words what it is, and the lessons that carry it.

    `at` says where: `08 One step, and again` is a heading of lesson 08; the others are `exercise NAME`, `quiz 08 ID`,
    `recipe NAME`, `command NAME` and `term NAME`.
    """

    number: int
    what: str
    lessons: tuple[int, ...] = ()
    at: tuple[str, ...] = ()

    def open(self, written: Mapping[int, LessonFile]) -> tuple[int, ...]:
        """The lessons that carry it and are not written yet."""
        return tuple(number for number in self.lessons if number not in written)


def read_coverage(path: Path = COVERAGE) -> tuple[Row, ...]:
    """The rows in their order.

    Raises:
        TorchbookError: a row is not what it must be, or two have the same number.
    """
    rows = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("row", []):
        if unknown := set(entry) - {"number", "what", "lessons", "at"}:
            raise TorchbookError(f"{path.name}, row {entry.get('number')}: the key {min(unknown)!r} is not known")
        rows.append(Row(entry["number"], entry["what"], tuple(entry.get("lessons", ())), tuple(entry.get("at", ()))))
    numbers = [row.number for row in rows]
    if numbers != sorted(set(numbers)):
        raise TorchbookError(f"{path.name}: expected rows with ascending numbers, each once")
    return tuple(rows)


def lost(row: Row, written: Mapping[int, LessonFile]) -> Iterator[str]:
    """What is wrong with a row: a place that does not exist, or a written lesson that has none."""
    for place in row.at:
        if not _exists(place, written):
            yield f"row {row.number}: {place!r} does not exist"
    for number in row.lessons:
        if number in written and not any(_lesson_of(place) == number for place in row.at):
            yield f"row {row.number} ({row.what}): lesson {number:02} carries it, but where is not said"
    if not row.lessons and not row.at:
        yield f"row {row.number} ({row.what}) is taught nowhere"


def _exists(place: str, written: Mapping[int, LessonFile]) -> bool:
    kind, _, name = place.partition(" ")
    if kind.isdigit():
        return int(kind) in written and name in [heading.text for heading in written[int(kind)].headings]
    if kind == "exercise":
        return name in _exercises()
    if kind == "quiz":
        number, _, question = name.partition(" ")
        return question in _questions(int(number))
    if kind == "recipe":
        from torchbook.recipes.start import names

        return name in names()
    if kind == "command":
        return name in COMMANDS
    return kind == "term" and find(read_glossary(), name)[0] is not None


def _lesson_of(place: str) -> int | None:
    """The lesson that a place belongs to."""
    kind, _, name = place.partition(" ")
    if number := re.match(r"(?:quiz )?(\d\d) ", place):
        return int(number[1])
    return _exercises().get(name) if kind == "exercise" else None


@cache
def _exercises() -> dict[str, int]:
    return {one.name: one.lesson for one in exercises()}


@cache
def _questions(lesson: int) -> tuple[str, ...]:
    files = quizzes()
    return tuple(one.id for one in read_quiz(files[lesson]).questions) if lesson in files else ()
