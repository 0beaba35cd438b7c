"""A lesson is read as its file has it, and nothing of it is run."""

import ast

import pytest
from torchbook.course.texts.lesson import lesson_files, read_lesson, without_markup

from torchbook.errors import TorchbookError

SMALL = r'''
import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Halving", width="medium")

with app.setup(hide_code=True):
    import marimo as mo
    import torch
    from torchbook.course.notebook import exercise, quiz, text


@app.cell(hide_code=True)
def _():
    text(r"""
    # Halving

    What you will be able to do. About 10 to 15 minutes; [[loss|losses]] first, then a [[tensor]]: `w[[0]]`.

    ```python
    # no heading
    ```
    """)
    return


@app.cell
def _():
    # The first value.

    value = torch.tensor(8.0)
    _half = value / 2  # shape ()
    _half
    return (value,)


@app.function
def halved(number, *, times: int = 1):
    """A docstring
    of two lines."""
    return number / 2**times


@app.cell(hide_code=True)
def _(value):
    raise_it = mo.ui.slider(1, 9, label="times")
    _said = f"## Half *again*\n\nHalf of {value:.1f} is {'small' if value < 9 else 'large'}, $x^2$."
    mo.vstack([raise_it, text(_said)])
    return (raise_it,)


@app.cell(hide_code=True)
def _(value):
    _rows = "\n".join(f"    | {one} |" for one in range(2))
    if value:
        _end = "One *end*."
    else:
        _end = "Another end."
    text(f"""
    | table |
    |---|
{_rows}

    {_end} So it is.

    ## Last

    Words.
    """)
    return


@app.cell(hide_code=True)
def _():
    exercise("mean_squared_error")
    return


@app.cell(hide_code=True)
def _():
    quiz(8)
    return


if __name__ == "__main__":
    app.run()
'''


@pytest.fixture
def small(tmp_path):
    file = tmp_path / "08_halving.py"
    file.write_text(SMALL)
    return read_lesson(file)


def test_what_a_lesson_says_of_itself(small):
    assert (small.number, small.name, small.title, small.minutes) == (8, "08_halving", "Halving", 15)
    assert [(one.level, one.text, one.anchor) for one in small.headings] == [
        (1, "Halving", "halving"),
        (2, "Half again", "half-again"),
        (2, "Last", "last"),
    ]
    assert small.exercises == ("mean_squared_error",) and small.quizzes == (8,)
    assert small.terms == ("loss", "tensor")


def test_prose_has_a_sign_where_something_is_computed(small):
    assert small.passages[1].text.startswith("Half of … is …") and "large" in small.passages[1].text
    assert "One *end*." in small.markdown and "Another end." in small.markdown
    assert "no heading" in small.passages[0].text


def test_cells_are_code_as_a_notebook_has_it(small):
    kinds = [(cell.kind, cell.hidden, cell.shows) for cell in small.cells]
    assert kinds == [
        ("setup", True, ""),
        ("code", True, "text"),
        ("code", False, ""),
        ("definition", False, ""),
        ("code", True, "mo.vstack"),
        ("code", True, "text"),
        ("code", True, "exercise"),
        ("code", True, "quiz"),
    ]
    assert (
        small.cells[2].source == "# The first value.\n\nvalue = torch.tensor(8.0)\n_half = value / 2  # shape ()\n_half"
    )
    lines = SMALL.splitlines()
    for cell in small.cells:
        ast.parse(cell.source)
        assert lines[cell.line - 1].strip() == cell.source.splitlines()[0].strip()
    assert small.cells[3].source.startswith("def halved") and small.cells[3].source.endswith("2**times")


def test_names_that_cells_make_and_need(small):
    setup, prose, value, halved, picture = small.cells[:5]
    assert setup.defines == {"mo", "torch", "exercise", "quiz", "text"}
    assert value.defines == {"value"} and value.needs == {"torch"}
    assert halved.defines == {"halved"} and halved.needs == set()
    assert picture.defines == {"raise_it"} and picture.needs >= {"mo", "text", "value"}
    assert prose.only_prose and not picture.only_prose


def test_lines_of_code_are_counted_without_comments_and_docstrings(small):
    assert [cell.code_lines for cell in small.cells[2:4]] == [3, 2]


def test_markdown_read_aloud():
    assert without_markup("The **[[loss]]** of [[weight|weights]] is $x^2$, see [this](/lessons/11).") == (
        "The loss of weights is x², see this."
    )
    assert without_markup("a `name_with_underscores` and *two* words, 2 * 3 * 4") == (
        "a name_with_underscores and two words, 2 * 3 * 4"
    )


@pytest.mark.parametrize(
    "source, said", [("def f(:\n", "not Python, line 1"), ("x = 1\n", "expected a marimo notebook")]
)
def test_what_is_no_lesson_is_told(tmp_path, source, said):
    file = tmp_path / "01_wrong.py"
    file.write_text(source)
    with pytest.raises(TorchbookError, match=said):
        read_lesson(file)


def test_files_by_number(tmp_path):
    for name in ("00_first.py", "14_last.py", "__init__.py", "notes.py"):
        (tmp_path / name).write_text("")
    assert list(lesson_files(tmp_path)) == [0, 14]
