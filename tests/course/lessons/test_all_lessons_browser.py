"""Every lesson in Chromium, whole: nothing is cut off on a phone, nothing keeps anybody out, nothing goes wrong."""

import pytest
from playwright.sync_api import expect

from torchbook.course.texts.lesson import lesson_files

pytestmark = pytest.mark.browser


BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def test_on_a_phone_and_for_everybody(site, page, barriers):
    page.set_viewport_size({"width": 390, "height": 844})
    found = []
    for number in lesson_files():
        page.emulate_media(color_scheme="light")
        page.goto(f"{site.url}/lessons/{number:02}")
        expect(page.get_by_role("heading", name="Where it comes next")).to_be_visible()
        page.wait_for_timeout(2000)  # pictures come after the text
        expect(page.locator(".marimo-output-stale")).to_have_count(0)  # what is computed anew is pale
        width = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{page.url} is {width} pixels wide"] * (width > 390)
        found += barriers(page)
        light = page.evaluate(BACKGROUND)
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(f"{BACKGROUND} !== {light!r}")
        page.wait_for_timeout(1000)  # colours fade
        found += [f"dark: {one}" for one in barriers(page)]
    assert not found, "\n".join(found)


BEGINNING = """which => [...document.querySelectorAll(`${which} :is(h1, .paragraph, li)`)].slice(0, 8).map((one) => {
    const {left, top, width} = one.getBoundingClientRect();
    return [one.textContent, left, top, width];
})"""


def test_its_beginning_is_read_while_it_is_set_up(site, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.route_web_socket(
        lambda address: "presence" not in address, lambda line: line.connect_to_server() if go else None
    )
    for number in lesson_files():
        go = False
        page.goto(f"{site.url}/lessons/{number:02}")
        page.get_by_text("is being set up on your machine").wait_for()
        page.wait_for_timeout(1500)  # until formulas are drawn
        early = page.evaluate(BEGINNING, ".lesson-wait")
        go = True
        page.reload()
        page.locator(".lesson.is-there").wait_for()
        expect(page.locator(".lesson-wait")).to_have_count(0)
        page.wait_for_timeout(1500)
        then = page.evaluate(BEGINNING, "#root")
        assert [text for text, *_ in early] == [text for text, *_ in then] and len(early) == 8
        assert all(abs(a - b) < 3 for one, other in zip(early, then) for a, b in zip(one[1:], other[1:]))
