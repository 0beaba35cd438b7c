"""No row of what the course must teach is lost, and each place that is said to teach one exists."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from torchbook.cli import COMMANDS
from torchbook.course.authoring.coverage import Row, read_coverage
from torchbook.course.grading.exercise import exercises
from torchbook.course.texts.document import Document, documents, read_document
from torchbook.course.texts.document_parts import Heading
from torchbook.course.texts.glossary import find, read_glossary
from torchbook.course.texts.plan import LESSONS
from torchbook.course.texts.prose import without_markup
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.errors import TorchbookError
from torchbook.recipes.start import names

WRITTEN = {number: read_document(file) for number, file in documents().items()}
ROWS = read_coverage()


def test_every_row_is_there():
    assert [row.number for row in ROWS] == list(range(1, 105))
    assert all(row.what and all(number < len(LESSONS) for number in row.lessons) for row in ROWS)
    assert {row.number for row in ROWS if not row.lessons} == {87, 88, 90, 104}  # quizzes, glossary, export, terms


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_a_row_is_taught_where_it_says(row):
    assert list(lost(row, WRITTEN)) == []


def test_every_lesson_of_the_plan_carries_something():
    assert {number for row in ROWS for number in row.lessons} >= set(range(len(LESSONS)))


def test_open_rows_are_those_with_a_lesson_to_be_written():
    some = WRITTEN[min(WRITTEN)]
    assert Row(5, "uses", (0, 22)).open({0: some}) == (22,)
    assert Row(5, "uses", (0, 22)).open({0: some, 22: some}) == ()


NOWHERE = """
08 No such heading; 77 The question; exercise nothing; quiz 08 nothing; quiz 77 nothing; recipe nothing; term nothing;
command nothing; nothing
"""


@pytest.mark.parametrize("place", [place.strip() for place in NOWHERE.split(";")])
def test_a_place_that_does_not_exist_is_found(place):
    assert any("does not exist" in said for said in lost(Row(1, "something", (), (place,)), WRITTEN))


def test_a_written_lesson_must_say_where():
    number = min(WRITTEN)
    assert "where is not said" in next(lost(Row(1, "something", (number,)), WRITTEN))
    assert "taught nowhere" in next(lost(Row(1, "something"), WRITTEN))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[row]]\nnumber = 1\nwhat = 'x'\nwhere = 3\n", "'where' is not known"),
        ("[[row]]\nnumber = 2\nwhat = 'x'\n[[row]]\nnumber = 1\nwhat = 'x'\n", "ascending"),
        ("[[row]]\nnumber = 1\nwhat = 'x'\n[[row]]\nnumber = 1\nwhat = 'x'\n", "ascending"),
    ],
)
def test_a_wrong_row_is_told(tmp_path, text, said):
    file = tmp_path / "COVERAGE.toml"
    file.write_text(text)
    with pytest.raises(TorchbookError, match=said):
        read_coverage(file)


def lost(row: Row, written: Mapping[int, Document]) -> Iterator[str]:
    """What is wrong with a row: a place that does not exist, or a written lesson that has none."""
    for place in row.at:
        if not _exists(place, written):
            yield f"row {row.number}: {place!r} does not exist"
    for number in row.lessons:
        if number in written and not any(_lesson_of(place) == number for place in row.at):
            yield f"row {row.number} ({row.what}): lesson {number:02} carries it, but where is not said"
    if not row.lessons and not row.at:
        yield f"row {row.number} ({row.what}) is taught nowhere"


def _exists(place: str, written: Mapping[int, Document]) -> bool:
    kind, _, name = place.partition(" ")
    if kind.isdigit():
        return int(kind) in written and name in _headings(written[int(kind)])
    if kind == "exercise":
        return name in _exercises()
    if kind == "quiz":
        number, _, question = name.partition(" ")
        return question in _questions(int(number))
    if kind == "recipe":
        return name in names()
    if kind == "command":
        return name in COMMANDS
    return kind == "term" and find(read_glossary(), name)[0] is not None


def _headings(document: Document) -> list[str]:
    return [without_markup(part.text) for part in document.flat if isinstance(part, Heading)]


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
