"""A lesson in the frame of the site: what can be read before it is there."""

import pytest

from torchbook.course.site.lesson_page import opening
from torchbook.course.texts.lesson import lesson_files, read_lesson

HEAD = "import marimo\n\napp = marimo.App()\n\n@app.cell(hide_code=True)\ndef _({needs}):\n    {code}\n    return\n"


@pytest.fixture
def beginning(tmp_path):
    def beginning(code, needs=""):
        file = tmp_path / "08_gradient_descent.py"
        file.write_text(HEAD.format(code=code, needs=needs))
        return opening(file)

    return beginning


def test_the_first_text_is_there_at_once(beginning):
    html = beginning('text("# Downhill\\n\\nWhat a [[loss]] is, and $x^2$.")')
    assert ">Downhill</h1>" in html and "tb-term" in html and "[[" not in html and "marimo-tex" in html


def test_what_is_computed_is_not(beginning):
    assert beginning('text(f"# Downhill\\n\\nIt is {value}.")', needs="value") == ""
    assert beginning('mo.vstack([text("# One"), text("two")])') == ""
    assert beginning("1 + 1") == ""


def test_a_lesson_that_is_wrong_has_none(beginning, tmp_path):
    assert beginning('text("# Downhill [[no such word]]")') == ""
    (tmp_path / "08_gradient_descent.py").write_text("def (")
    assert opening(tmp_path / "08_gradient_descent.py") == ""


def test_every_lesson_of_the_course_has_one():
    for file in lesson_files().values():
        assert f">{read_lesson(file).title}</h1>" in opening(file)
