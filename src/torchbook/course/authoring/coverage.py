"""Which lesson teaches what: the rows that the course must cover, and where each is taught, in `lessons/COVERAGE.toml`.

A row names the lessons that carry it. For a written lesson it says where: a heading, an exercise, a question of the
quiz, a recipe, a command, or a term of the glossary.
"""

import tomllib
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from torchbook.course.texts.document import LESSONS
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

    def open(self, written: Container[int]) -> tuple[int, ...]:
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
