"""The lesson on logistic regression in Chromium: its controls, its pictures, its exercises and its quiz."""

import re

import pytest

from torchbook.course.grading.exercise import exercises
from torchbook.course.learner import study

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = 240_000  # milliseconds that a busy machine may take
# A line of the source may end between any two words.
LEARNED = re.compile(r"validation\s+set,\s+number\s+(\d+)\.\s+The\s+model\s+reads\s+([\d.]+)%\s+of\s+it\.")


@pytest.fixture(scope="module")
def lesson(served_once, page_once):
    page = page_once
    page.set_default_timeout(LONG)
    page.goto(served_once.url + "/lessons/14")
    page.get_by_role("heading", name="Where it comes next").wait_for()
    page.get_by_text(LEARNED).wait_for()  # the worker has trained it
    return page


def slider(page, label):
    return page.locator("marimo-slider").filter(has_text=re.compile(label)).get_by_role("slider")


def learned(page):
    """The best epoch, and its accuracy in per cent, as the text says them."""
    found = LEARNED.search(page.get_by_text(LEARNED).inner_text())
    return int(found[1]), float(found[2])


def test_every_picture_is_touched_and_every_control_changes_its_numbers(lesson):
    page = lesson
    best, accuracy = learned(page)
    assert best >= 5 and 70 < accuracy < 90

    # A mean of means depends on the batches, until they are all of one size.
    row = page.get_by_role("row").filter(has_text="mistakes last")
    before = row.inner_text()
    slider(page, "batch size").press("Home")
    page.get_by_text("Here all batches are of the same size").wait_for()
    same = re.findall(r"[\d.]+%", row.inner_text())
    assert row.inner_text() != before and same[0] == same[1]

    # The weights while it learns.
    weights = page.locator("figure.tb-stepper")
    weights.locator(".tb-counter").filter(has_text="epoch 0 of 8").wait_for()
    random = weights.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
    weights.locator("input[type=range]").press("End")
    weights.locator(".tb-counter").filter(has_text="epoch 8 of 8").wait_for()
    assert weights.locator("canvas").first.evaluate("canvas => canvas.toDataURL()") != random

    # The test set is shut until one has chosen.
    page.get_by_text("It is shut.").wait_for()
    page.locator("marimo-switch").get_by_role("switch").click()
    page.get_by_text(re.compile(r"of 2,000 pictures;\s+the\s+validation\s+set\s+had\s+said")).wait_for()

    slider(page, "which picture").press("ArrowRight")
    page.get_by_text(re.compile(r"Picture 1 is a \d, and the model says \d: (right|wrong)\.")).wait_for()

    # The reader's own digit, and the same one moved.
    drawing = page.locator("figure.tb-draw")
    drawing.get_by_role("button", name="Ready-made 0").click()
    drawing.locator(".tb-best", has_text="Best guess: 0").wait_for()
    there = drawing.locator(".tb-first .tb-number").inner_text()
    for _ in range(5):
        drawing.get_by_role("button", name="Move right by one pixel").click()
    page.wait_for_function("location.search.includes('draw.shift=5.0') && location.search.includes('weights.step=8')")
    drawing.locator(".tb-quiet", has_text="moved by 5, 0").wait_for()
    page.wait_for_function(
        f"""() => {{ const find = root => root.querySelector(".tb-draw .tb-first .tb-number")
            ?? [...root.querySelectorAll("*")].map(e => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
            return find(document).textContent !== {there!r}; }}"""
    )

    # A rate that is too large: it trains again, and all that depends on it follows.
    text = page.get_by_text(re.compile("You hardly see the difference")).inner_text()
    slider(page, "learning rate").press("End")
    page.get_by_text(re.compile("With a learning rate of 1 the training loss")).wait_for()
    assert learned(page)[1] < accuracy
    page.get_by_text(re.compile(rf"The model falls from {learned(page)[1]}%")).wait_for()
    assert page.get_by_text(re.compile("You hardly see the difference")).inner_text() != text


def test_exercises_and_a_question(lesson, served_once):
    page = lesson
    exercise = study.find_exercise(exercises(), "save_and_load")
    editor = page.get_by_role("textbox", name=re.compile(f"Your answer to .*{exercise.title}"))
    editor.fill(next(one for one in exercise.mistakes if one.name == "whole_model").source)
    editor.press("Control+Enter")
    page.locator(".tb-verdict", has_text="not right yet").wait_for()
    editor.fill(exercise.solution)
    editor.press("Control+Enter")
    page.locator(".tb-verdict", has_text="✓ passed").wait_for()
    assert study.standing(served_once.workspace, exercise).passed

    question = page.locator("li, section, article, fieldset, form").filter(has_text="How many parameters does it").last
    question.get_by_role("textbox").fill("7850")
    question.get_by_role("button", name="Answer").click()
    page.get_by_text("1 of 6 right").wait_for()
