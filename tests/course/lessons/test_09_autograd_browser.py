"""The lesson on autograd in a real browser: its pictures, its knobs, an engine of one's own, an answer, the quiz."""

import re

import pytest

from torchbook.course.grading.exercise import exercises
from torchbook.course.learner import study

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = 240_000  # milliseconds that a busy machine may take


@pytest.fixture(scope="module")
def opened(served_once, page_once):
    page = page_once
    page.set_default_timeout(LONG)
    page.goto(f"{served_once.url}/lessons/09")
    page.locator(".tb-graph .tb-node").first.wait_for()
    page.locator("text=They agree.").wait_for()  # the worker has answered: the whole lesson is there
    return page


def picture(page, *names):
    """The graph that has nodes with these names."""
    found = page.locator("figure.tb-graph")
    for name in names:
        found = found.filter(has=page.locator(f".tb-name:text-is('{name}')"))
    return found


def answer(site, name, change):
    exercise = next(one for one in site.workspace.exercises() if one.name == name)
    site.workspace.answer(exercise).write_text(change(exercise.solution))


def test_pictures_and_knobs(opened):
    page = opened
    assert page.locator("figure.tb-graph").count() == 8
    chain = picture(page, "prediction", "error", "loss", "b").first
    chain.locator("input[type=range]").press("End")
    assert chain.locator(".tb-leaf .tb-gradient").all_text_contents() == [".grad 12", ".grad 6"]
    line = picture(page, "y", "b")
    line.get_by_role("button", name="Step", exact=True).click()
    page.wait_for_function("location.search.includes('line.step=1') && location.search.includes('chain.step=')")

    page.locator("marimo-slider").first.get_by_role("slider").press("ArrowRight")  # x from 2 to 2.5
    chain.locator(".tb-leaf .tb-gradient", has_text=".grad 22.5").wait_for()
    page.locator("td strong", has_text="2.5").first.wait_for()
    page.get_by_text("w.grad = 22.5").first.wait_for()

    broken = page.locator("figure.tb-graph", has=page.get_by_role("button", name="zero_grad forgotten"))
    broken.get_by_role("button", name="zero_grad forgotten").click()
    broken.locator("input[type=range]").press("End")
    healthy, forgotten = broken.locator(".tb-leaf .tb-value").all_text_contents()
    assert healthy == "1.984" and forgotten == "4.224"

    stages = picture(page, "hidden", "result")
    assert stages.locator(".tb-cut").count() == 1
    page.get_by_role("radio", name="recorded", exact=True).click()
    page.get_by_text("There is a way from the result to both parameters").wait_for()
    stages.locator(".tb-cut").wait_for(state="detached")


def test_an_engine_of_ones_own_is_drawn_and_compared(served_once, opened):
    page = opened
    page.get_by_text("The engine of the solution (you have not begun yours yet)").wait_for()
    answer(served_once, "scalar_engine", lambda solution: solution.replace("grad += slope", "grad = slope"))
    page.get_by_role("button", name="Show my engine").click()
    page.get_by_text("They do not agree yet").wait_for()
    answer(served_once, "scalar_engine", lambda solution: solution + "\n# mine\n")
    page.get_by_role("button", name="Show my engine").click()
    page.get_by_text("Your engine at").wait_for()
    page.get_by_text("They agree.").wait_for()


def test_an_answer_and_the_quiz(served_once, opened):
    page, exercise = opened, study.find_exercise(exercises(), "stop_the_gradient")
    editor = page.get_by_role("textbox", name=re.compile(f"Your answer to .*{exercise.title}"))
    editor.fill(exercise.solution.replace(".detach()", ""))
    editor.press("Control+Enter")
    wrong = page.locator(".tb-verdict", has_text="not right yet")
    wrong.get_by_text("The gradient still reaches").wait_for()
    editor.fill(exercise.solution)
    editor.press("Control+Enter")
    page.locator(".tb-verdict", has_text="✓ passed").wait_for()
    assert study.standing(served_once.workspace, exercise).passed

    question = page.locator("form.tb-question", has_text="What is w.grad at the end?")
    question.get_by_role("textbox").fill("2")
    question.get_by_role("button", name="Answer").click()
    question.get_by_text("That is the slope with respect to").wait_for()
    page.get_by_text("0 of 6 right").wait_for()
