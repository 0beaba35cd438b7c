"""No row of what the course must teach is lost, and each place that is said to teach one exists."""

import pytest

from torchbook.course.authoring.coverage import Row, lost, read_coverage
from torchbook.course.texts.lesson import lesson_files, read_lesson
from torchbook.course.texts.plan import LESSONS
from torchbook.errors import TorchbookError

WRITTEN = {number: read_lesson(file) for number, file in lesson_files().items()}
ROWS = read_coverage()


def test_all_hundred_rows_are_there():
    assert [row.number for row in ROWS] == list(range(1, 101))
    assert all(row.what and all(number < len(LESSONS) for number in row.lessons) for row in ROWS)
    assert {row.number for row in ROWS if not row.lessons} == {87, 88, 90}  # quizzes, glossary, export


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
