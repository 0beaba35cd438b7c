"""The site in Chromium."""

import pytest

pytestmark = pytest.mark.browser

LESSON = """
import marimo

app = marimo.App(app_title="Gradient descent", width="medium")

with app.setup:
    import marimo as mo


@app.cell
def _():
    rate = mo.ui.slider(0, 10, value=3, label="rate")
    rate
    return (rate,)


@app.cell
def _(rate):
    twice = 2 * rate.value
    mo.md(f"Twice is {twice}.")
    return
"""


def test_a_lesson_opens_and_answers(serve, page, tmp_path):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "08_gradient_descent.py").write_text(LESSON)
    site = serve(lessons=tmp_path / "lessons")
    page.goto(site.url + "/lessons/08")
    page.get_by_text("Twice is 6.").wait_for()
