"""The first lesson in Chromium: its picture, its control, its exercises and its quiz."""

import re

import pytest

from torchbook.course.grading.exercise import exercises
from torchbook.course.learner import study

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

LONG = 240_000  # milliseconds that a busy machine may take


def test_the_first_lesson_is_touched_answered_and_asked(site, page):
    page.set_default_timeout(LONG)
    page.goto(site.url + "/lessons/00")
    page.get_by_role("heading", name="Where it comes next").wait_for()

    # The line fails, the hidden layer does not.
    picture = page.locator("figure.tb-boundary")
    numbers = picture.locator("output")
    picture.get_by_label("Speed").select_option("10")
    picture.get_by_role("button", name="Train", exact=True).click()
    numbers.filter(has_text=re.compile(r"step [1-9]\d\d .* accuracy 0\.[45]")).wait_for()
    picture.get_by_role("button", name="Add a layer").click()
    numbers.filter(has_text=re.compile(r"accuracy (0\.9|1\.0)")).wait_for()
    picture.get_by_role("button", name="Pause").click()
    page.wait_for_function("location.search.includes('rings.layers=4')")

    # Fewer points to learn from.
    said = page.locator(".paragraph").filter(has_text=re.compile(r"From \d+ points it is right"))
    said.filter(has_text="From 16 points").wait_for()
    page.locator("marimo-slider").get_by_role("slider").press("Home")
    said.filter(has_text="From 4 points").wait_for()

    # What was computed elsewhere, and the machine.
    page.locator(".paragraph").filter(has_text="too close to call").first.wait_for()
    page.get_by_text("Ready.", exact=True).wait_for()

    # A wrong answer is told which mistake it is, a right one counts.
    exercise = study.find_exercise(exercises(), "inner_ring")
    editor = page.get_by_role("textbox", name=re.compile(f"Your answer to .*{exercise.title}"))
    editor.fill(next(one for one in exercise.mistakes if one.name == "forgotten_root").source)
    editor.press("Control+Enter")
    page.locator(".tb-verdict", has_text="squared").wait_for()
    editor.fill(exercise.solution)
    editor.press("Control+Enter")
    page.locator(".tb-verdict", has_text="✓ passed").wait_for()
    assert study.standing(site.workspace, exercise).passed

    question = page.locator("form.tb-question", has_text="What is its accuracy")
    question.get_by_role("textbox").fill("0.15")
    question.get_by_role("button", name="Answer").click()
    question.get_by_text("how often the lazy answer is wrong").wait_for()
