"""The perceptron in Chromium: what its script computes is what Python computes, by mouse and by keyboard."""

import pytest
from waiting import until

from torchbook.course.pictures.perceptron import Perceptron
from torchbook.course.texts.document import documents, read_document
from torchbook.course.texts.document_parts import Cell

pytestmark = pytest.mark.browser


def numbers(text):
    """The weights and the bias at the end of the two sums beside the picture."""
    ends = [line.rsplit("= ", 1)[1] for line in text.replace("−", "-").splitlines() if "= " in line]
    return [float(number) for number in ", ".join(ends).replace("(", "").replace(")", "").split(", ")]


def test_its_steps_are_those_of_python_and_a_click_is_one_of_them(served_once, page):
    names = {}
    exec(next(part for part in read_document(documents()[12]).flat if isinstance(part, Cell)).source, names)
    expected: Perceptron = names["hook"]
    page.goto(f"{served_once.url}/lessons/12")
    picture = page.locator(".tb-perceptron").first
    slider, wrong = picture.locator("input[type=range]"), picture.locator(".tb-wrong")
    until(lambda: wrong.count() == expected.wrong)
    for state in expected.states[1:]:
        slider.press("ArrowRight")
        until(lambda state=state: numbers(picture.locator(".tb-sum").inner_text()) == pytest.approx(state, abs=6e-3))
    assert "All 40 points are right" in picture.locator(".tb-tells").inner_text()
    slider.press("Home")
    until(lambda: wrong.count() == expected.wrong)
    rows = sorted(expected._wrong(expected.start))
    wrong.nth(3).focus()
    page.keyboard.press("Enter")
    expected.set_state({"clicks": [rows[3]], "step": 1})
    until(lambda: numbers(picture.locator(".tb-sum").inner_text()) == pytest.approx(expected.state, abs=6e-3))
    assert wrong.count() == expected.wrong
