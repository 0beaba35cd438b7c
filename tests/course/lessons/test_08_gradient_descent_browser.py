"""The lesson on gradient descent in Chromium: its pictures, its controls, its exercises and its quiz."""

import re

import pytest
from playwright.sync_api import expect

from torchbook.course.grading.exercise import exercises
from torchbook.course.learner import study

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WRONG = "def mean_squared_error(predictions, targets):\n    return (predictions - targets).square().sum()\n"


@pytest.fixture(scope="module")
def lesson(served_once, page_once):
    page = page_once
    page.set_default_timeout(90_000)
    page.goto(served_once.url + "/lessons/08")
    page.get_by_role("heading", name="Where it comes next").wait_for()
    page.locator(".tb-stepper svg").nth(8).wait_for()
    return page


def picture(page, place):
    """The Stepper after the heading or text `place`."""
    return page.locator(".tb-stepper").nth({"knobs": 0, "valley": 1, "raw": 2, "scaled": 3, "break": 4}[place])


def slider(page, label):
    return page.locator("marimo-slider").filter(has_text=re.compile(label)).get_by_role("slider")


def counter(one, text):
    one.locator(".tb-counter").filter(has_text=text).wait_for()


def moved(one, key, times):
    """Presses a key again and again, each time once the slider has followed."""
    for _ in range(times):
        before = one.get_attribute("aria-valuenow")
        one.press(key)
        expect(one).not_to_have_attribute("aria-valuenow", before, timeout=30_000)


def said(page, text):
    """Waits until the lesson says so; the hidden code of a cell does not count."""
    page.locator(".paragraph").filter(has_text=text).first.wait_for()


def test_every_picture_is_touched_and_every_control_changes_its_numbers(lesson):
    page = lesson
    assert page.locator(".tb-stepper").count() == 5

    # The knobs: a picture of one step has no controls of its own.
    knobs = picture(page, "knobs")
    assert knobs.locator(".tb-play").is_hidden()
    said(page, "That is worse than no model at all")
    before = knobs.locator(".tb-curve").get_attribute("d")
    moved(slider(page, "weight"), "ArrowRight", 25)
    said(page, "You beat it.")
    knobs.locator("dd", has_text="0.25").wait_for()
    assert knobs.locator(".tb-curve").get_attribute("d") != before

    # The valley, with a rate that is too large beside the good one.
    valley = picture(page, "valley")
    valley.get_by_role("button", name="too large").click()
    valley.locator(".tb-stage").focus()
    page.keyboard.press("ArrowRight")
    counter(valley, "step 1 of 12")
    assert valley.locator(".tb-now").count() == 2

    # The readings as they are: diverged first, then the reader's own rate.
    raw = picture(page, "raw")
    raw.locator(".tb-stage").focus()
    page.keyboard.press("End")
    raw.locator(".tb-diverged").wait_for()
    moved(slider(page, "learning rate").first, "ArrowLeft", 6)
    said(page, "the loss falls from 1764 to 29.02")
    raw.locator("dd", has_text="29.02").wait_for()
    assert raw.locator(".tb-diverged").count() == 0
    counter(raw, "epoch 100 of 100")

    # Another scale: the map, the text, the limit and the answer follow.
    said(page, "the loss bends 357 times as strongly")
    level = picture(page, "scaled").locator(".tb-level").last
    shape = level.get_attribute("d")
    page.get_by_role("radio", name="raw").click()
    said(page, "the loss bends 33600 times as strongly")
    said(page, "It diverges, and no number of epochs will help")
    said(page, "do not trust it")
    assert level.get_attribute("d") != shape
    page.get_by_role("radio", name="mean 0, spread 1").click()
    said(page, "the loss bends equally all round")
    said(page, "speaks Fahrenheit")

    slider(page, "batch size").focus()
    page.keyboard.press("End")
    said(page, "1 step an epoch")

    # Break it.
    broken = picture(page, "break")
    assert broken.locator("dl").count() == 2
    broken.get_by_role("button", name="plus instead of minus").click()
    broken.get_by_label("Speed").select_option("fast")
    broken.locator(".tb-play").click()
    counter(broken, "step 60 of 60")
    page.wait_for_function("location.search.includes('break.step=60') && location.search.includes('valley.step=1')")
    page.reload()
    counter(picture(page, "break"), "step 60 of 60")


def test_an_exercise_and_a_question(lesson, served_once):
    page, exercise = lesson, study.find_exercise(exercises(), "mean_squared_error")
    editor = page.get_by_role("textbox", name=re.compile(f"Your answer to .*{exercise.title.rstrip('?')}"))
    editor.fill(WRONG)
    editor.press("Control+Enter")
    page.locator(".tb-verdict", has_text="not right yet").wait_for()
    assert "sum where mean" in page.locator(".tb-verdict").first.inner_text()
    editor.fill(exercise.solution)
    editor.press("Control+Enter")
    page.locator(".tb-verdict", has_text="✓ passed").wait_for()
    assert study.standing(served_once.workspace, exercise).passed

    question = (
        page.locator("li, section, article, fieldset, form").filter(has_text="1000 examples, batches of 100").last
    )
    question.get_by_role("textbox").fill("50")
    question.get_by_role("button", name="Answer").click()
    page.get_by_text("1 of 6 right").wait_for()
