"""The page of a document in Chromium: nothing is refused, pictures move, a guess is answered, a phone has room."""

import os
import re
import signal

import pytest
from playwright.sync_api import expect
from waiting import until

pytestmark = pytest.mark.browser


def test_a_visit(site_once, page):
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.append(request.url) if site_once.url not in request.url else None)
    page.goto(f"{site_once.url}/lessons/09-autograd/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Autograd")

    graph = page.locator("#top-v1")
    graph.get_by_role("button", name="Step").click()
    expect(graph.get_by_text("1 of 7", exact=True)).to_be_visible()
    guess = page.locator(".guess").first
    expect(guess.locator(".reason.right")).to_be_hidden()
    guess.get_by_label("203,540 times").check()
    expect(guess.locator(".reason.right")).to_contain_text("Right.")
    guess.get_by_label("4 times", exact=True).check()
    expect(guess.locator(".reason.right")).to_be_visible()
    expect(guess.get_by_text("The answer.")).to_be_visible()
    expect(guess.locator(".after")).to_be_visible()

    page.get_by_role("link", name="parameters").hover()
    card = page.locator(".term:has-text('parameters') .term-card")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()

    page.locator("#the-graph-and-the-chain-rule").scroll_into_view_if_needed()
    page.mouse.wheel(0, 700)
    page.get_by_text("On this page").click()
    here = page.get_by_role("navigation", name="Sections of this page").locator("[aria-current]")
    expect(here).to_have_text("The graph, and the chain rule")
    page.keyboard.press("Escape")
    expect(here).to_be_hidden()
    expect(page.locator("#the-graph-and-the-chain-rule-v1 button").first).to_be_visible()
    until(lambda: page.evaluate("() => [...document.fonts].filter((face) => face.status === 'loaded').length") >= 4)
    for width in (390, 720, 1100):
        page.set_viewport_size({"width": width, "height": 844})
        until(lambda width=width: page.evaluate("() => document.documentElement.scrollWidth") <= width)
    page.reload()
    expect(guess.get_by_label("4 times", exact=True)).to_be_checked()
    assert problems == []


def test_a_control_and_a_changed_block_move_what_needs_them(site_once, page):
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{site_once.url}/lessons/09-autograd/")
    slider = page.locator("[data-control=at_x]")
    slider.press("ArrowLeft")
    expect(page.locator("#you-have-to-ask-first-p7 strong").first).to_have_text("1.5")
    expect(slider).to_be_focused()
    heard = page.locator(".site-spoken[role=status]")  # what a screen reader says
    expect(page.get_by_role("slider", name="input x", exact=True)).to_have_attribute("aria-valuetext", "1.5")
    expect(heard).to_contain_text("1.5")

    cell = page.locator(".cell").first
    cell.hover()
    cell.get_by_role("button", name="Change").click()
    field = cell.get_by_role("textbox")
    original = field.input_value()
    expect(field).to_be_focused()
    field.press("Tab")  # walks past, until one writes
    expect(cell.get_by_role("button", name="Run")).to_be_focused()
    field.press("Control+Home")
    field.press("End")
    field.press("Tab")
    expect(field).to_have_value(original.replace("import torch\n", "import torch    \n", 1))
    field.press("Escape")
    field.press("Tab")
    expect(cell.get_by_role("button", name="Run")).to_be_focused()
    field.fill(original.replace("2.0 * w", "5.0 * w**2"))
    field.press("Control+Enter")
    expect(cell.locator(".output")).to_have_text("tensor(30.)")
    expect(heard).to_have_text("tensor(30.)")
    expect(page.locator("#top-p2")).to_contain_text("grows by 30")

    field.fill(original.replace("backward", "backwards"))
    cell.get_by_role("button", name="Run").click()
    expect(cell.locator(".failed")).to_contain_text("AttributeError: 'Tensor' object has no attribute 'backwards'")
    expect(cell.locator(".explanation")).to_contain_text("Did you mean backward?")
    expect(page.locator("#top-p2.waits")).to_contain_text("grows by 30")

    page.reload()
    expect(page.locator("#you-have-to-ask-first-p7 strong").first).to_have_text("1.5")
    expect(cell.get_by_role("textbox")).to_have_value(original.replace("backward", "backwards"))
    field.fill(original.replace("y.backward()", "while True:\n    pass"))
    field.press("Control+Enter")
    page.get_by_role("button", name="Stop").click()
    expect(cell.locator(".outputs.waits")).to_contain_text("This block was stopped before its end.")
    cell.get_by_role("button", name="Put back").click()
    expect(cell.locator(".output")).to_have_text("tensor(2.)")
    expect(page.locator("#top-p2")).to_contain_text("grows by 2")
    expect(page.locator(".waits")).to_have_count(0)
    assert problems == []


def test_a_program_that_dies_is_started_again_unless_its_reader_has_ended_it(site_once, page):
    page.goto(f"{site_once.url}/lessons/09-autograd/")
    cell, notice = page.locator(".cell").first, page.locator(".page-state")
    cell.hover()
    cell.get_by_role("button", name="Change").click()
    field = cell.get_by_role("textbox")
    original = field.input_value()
    field.fill(f"import os\n{original}\nos.getpid()")
    field.press("Control+Enter")
    output = cell.locator(".output")
    expect(output).to_have_text(re.compile(r"^\d+$"))
    expect(page.locator("[data-lesson]")).to_have_attribute("data-settled", "true")  # nothing runs any more
    process = output.inner_text()
    os.kill(int(process), signal.SIGKILL)
    expect(notice).to_have_text(
        "The program of this lesson died. It has been started again, and your changed blocks have been run again."
    )
    expect(output).to_have_text(re.compile(r"^\d+$"))
    assert output.inner_text() != process

    field.fill(f"import os\n{original}\nos._exit(1)")
    field.press("Control+Enter")
    expect(cell.locator(".outputs.waits")).to_contain_text("This block was stopped before its end.")
    expect(notice).to_contain_text("It starts again when you move or run something.")
    cell.get_by_role("button", name="Put back").click()
    expect(cell.locator(".output")).to_have_text("tensor(2.)")
    expect(notice).to_be_empty()


def test_two_tabs_that_change_one_block_lose_nothing(site_once, page):
    address = f"{site_once.url}/lessons/09-autograd/"
    page.goto(address)
    cell = page.locator(".cell").first
    cell.hover()
    cell.get_by_role("button", name="Change").click()
    field = cell.get_by_role("textbox")
    original = field.input_value()
    other = page.context.new_page()
    other.goto(address)
    with page.expect_response("**/blocks") as saved:
        field.fill(f"# here\n{original}")
    assert saved.value.status == 200

    there = other.locator(".cell").first
    there.hover()
    there.get_by_role("button", name="Change").click()
    there.get_by_role("textbox").fill(f"# there\n{original}")
    expect(there.get_by_text("Another tab has changed this block, too.")).to_be_visible()
    expect(there.get_by_role("textbox")).to_have_value(f"# there\n{original}")
    other.reload()
    expect(there.get_by_role("textbox")).to_have_value(f"# there\n{original}")
    there.get_by_role("button", name="Keep mine").click()
    expect(there.locator(".code-note")).to_be_empty()
    other.close()

    page.reload()
    expect(cell.get_by_role("textbox")).to_have_value(f"# there\n{original}")
    new = page.context.new_page()
    new.goto(address)
    expect(new.locator(".cell").first.get_by_role("textbox")).to_have_value(f"# there\n{original}")
    new.close()
    second = page.locator(".cell").nth(1)
    second.hover()
    second.get_by_role("button", name="Change").click()
    second.get_by_role("textbox").press("Control+End")
    second.get_by_role("textbox").press("Enter")
    with page.expect_response("**/blocks"):
        cell.get_by_role("button", name="Put all back").click()
    expect(page.locator(".code textarea")).to_have_count(0)
    assert all("409 (Conflict)" in trouble for trouble in page.troubles)
    page.troubles.clear()


def test_a_printed_lesson_has_its_prompts_and_nothing_to_press(site_once, page):
    page.goto(f"{site_once.url}/lessons/09-autograd/")
    lesson = page.locator(".lesson-page")
    exercises, quiz = lesson.locator('.card[data-card="exercise"]'), lesson.locator('.card[data-card="quiz"]').first
    expect(lesson.locator(".code-bar").first).to_be_attached()
    page.emulate_media(media="print")
    for pressed in (".site-bar", ".lesson-page button:not(.tb-cell, .tb-bit, .tb-unit)", ".controls", ".contents"):
        assert not [element for element in page.locator(pressed).all() if element.is_visible()], pressed
    assert exercises.count() > 1
    for prompt in exercises.locator(".prompt").all():
        expect(prompt).to_be_visible()
        assert prompt.inner_text().strip()
    expect(quiz).to_be_hidden()


def test_without_scripts_and_in_the_dark(site_once, browser):
    context = browser.new_context(
        java_script_enabled=False, color_scheme="dark", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(f"{site_once.url}/lessons/09-autograd/")
    expect(page.locator("#top-v1 svg")).to_be_visible()
    expect(page.locator("math").first).to_be_visible()
    guess = page.locator(".guess").first
    guess.get_by_label("4 times").check()
    expect(guess.get_by_text("That is enough for a straight line")).to_be_visible()
    context.close()


def test_until_it_is_computed_what_a_kept_control_moves_is_grey(site_once, page):
    page.route_web_socket("**/live", lambda socket: None)  # a worker that is slow
    page.goto(f"{site_once.url}/lessons/09-autograd/")
    page.locator("[data-control=at_x]").press("ArrowLeft")
    page.reload()
    expect(page.locator("#you-have-to-ask-first-p7")).to_contain_class("is-old")
    expect(page.locator("#top-p2")).not_to_contain_class("is-old")
    expect(page.locator(".site-bar").get_by_role("button", name="Stop")).to_be_visible()  # in the bar it hides no text
    names = [each.get_attribute("aria-label") for each in page.locator(".code-bar button").all()]
    assert len(set(names)) == len(names) and names[0] == "Change block 1: import torch"
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site_once.url}/lessons/02-operations/")
    figure = page.locator(".outputs > .drawing").first
    until(lambda: figure.evaluate("(box) => [box.scrollWidth > box.clientWidth, box.tabIndex]") == [True, 0])
