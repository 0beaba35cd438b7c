"""Every lesson in Chromium, one visit each: it fits a phone, keeps nobody out, and no control makes anything fail.

What the pictures and cards do is tested in `pictures/` and `notebook/`; what the lessons claim, without a browser.
"""

import pytest
from playwright.sync_api import expect
from waiting import until

from torchbook.course.texts.lesson import lesson_files

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CONTROLS = "marimo-slider, marimo-radio, marimo-switch, marimo-checkbox, marimo-dropdown, marimo-number, marimo-button"


def settled(page):
    """Waits until the lesson is there, its trainings have ended and nothing moves."""
    expect(page.locator(".tb-live[data-status=running]")).to_have_count(0, timeout=240_000)
    page.locator(".lesson[data-settled]").wait_for(timeout=240_000)
    expect(page.locator(".tb-live[data-status=running]")).to_have_count(0, timeout=240_000)
    expect(page.locator(".lesson-error")).to_have_count(0)


def moved(control):
    """Moves a control of marimo by one notch; returns False where it has only one place."""
    kind = control.evaluate("one => one.localName")
    if kind == "marimo-slider":
        knob = control.get_by_role("slider")
        last = knob.get_attribute("aria-valuenow") == knob.get_attribute("aria-valuemax")
        knob.press("ArrowLeft" if last else "ArrowRight")
    elif kind == "marimo-radio":
        choices = control.locator("[role=radio][aria-checked=false]")
        if not choices.count():
            return False
        choices.first.click()
    elif kind == "marimo-dropdown":
        choices = control.locator("select option:not(:checked)")
        if not choices.count():
            return False
        control.locator("select").select_option(choices.first.get_attribute("value"))
    elif kind == "marimo-number":
        control.locator("input").press("ArrowUp")
    else:
        control.locator("button, [role=switch], [role=checkbox]").first.click()
    return True


@pytest.mark.parametrize("number", lesson_files())
def test_a_visit(served_once, page, barriers, number):
    runs = []
    page.on(
        "websocket", lambda line: line.on("framereceived", lambda frame: "completed-run" in frame and runs.append(1))
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served_once.url}/lessons/{number:02}")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    faults = barriers(page)
    page.emulate_media(color_scheme="dark")
    faults += [f"dark: {fault}" for fault in barriers(page, only=["color-contrast"])]
    assert not faults, "\n".join(faults)

    for control in page.locator(CONTROLS).all():
        before = len(runs)
        if moved(control):
            until(lambda: page.evaluate("0") or len(runs) > before)  # noqa: B023
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    settled(page)


BEGINNING = """which => [...document.querySelectorAll(`${which} :is(h1, .paragraph, li)`)].slice(0, 8).map((one) => {
    const {left, top, width} = one.getBoundingClientRect();
    return [one.textContent, left, top, width];
})"""
DRAWN = """() => [...document.querySelectorAll(".lesson-wait marimo-tex")].every(
    (one) => one.querySelector(".katex") || one.shadowRoot?.querySelector(".katex"))"""


def test_the_beginning_of_a_lesson_stands_still_when_the_lesson_comes(served_once, page):
    """All are made in one way; that each begins with its text is tested without a browser."""
    ready = False
    page.set_viewport_size({"width": 1280, "height": 900})
    page.route_web_socket(
        lambda address: "presence" not in address, lambda line: line.connect_to_server() if ready else None
    )
    page.goto(f"{served_once.url}/lessons/{max(lesson_files()):02}")
    page.get_by_text("is being set up on your machine").wait_for()
    page.wait_for_function(DRAWN)
    early = page.evaluate(BEGINNING, ".lesson-wait")
    ready = True
    page.reload()
    page.locator(".lesson[data-settled]").wait_for()
    expect(page.locator(".lesson-wait")).to_have_count(0)
    late = page.evaluate(BEGINNING, "#root")
    assert [text for text, *_ in early] == [text for text, *_ in late] and len(early) == 8
    for (_, *before), (_, *after) in zip(early, late):
        assert before == pytest.approx(after, abs=3)
