"""Every document in Chromium, one visit each: nothing is refused, each control moves something, a phone has room,
nobody is kept out, and it is no longer than it may be. What pictures and cards do is tested beside them."""

import pytest
from waiting import until

from torchbook.course.texts.document import documents, labelled_document, projects
from torchbook.course.texts.document_parts import Control

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SCREENS = 15  # of 1,440 by 900
LABELS = [*(f"{number:02}" for number in documents()), *projects()]
# What a moved control may change: sentences, results, pictures.
SHOWN = "() => [...document.querySelectorAll('.prose, .outputs, .picture, .guess')].map((one) => one.innerHTML).join()"
SETTLED = "() => document.querySelector('[data-lesson]').dataset.settled !== 'false'"
WIDTH = "() => document.documentElement.scrollWidth"


def moved(page, control):
    """Moves a control of the page by one notch, with keys where it has some."""
    field = page.locator(f"[data-control={control.name}]")
    field.evaluate("one => one.closest('details')?.setAttribute('open', '')")  # it may be folded away
    field.scroll_into_view_if_needed()  # pictures are alive where they can be seen
    if control.kind == "button":
        field.press("Enter")
    elif control.kind == "choice":
        other = field.locator("option:not(:checked)").first.get_attribute("value")
        field.select_option(other)
    elif control.kind == "number":
        field.press("ArrowUp")
    else:
        last = field.evaluate("one => Number(one.value) >= Number(one.max)")
        field.press("ArrowLeft" if last else "ArrowRight")


@pytest.mark.parametrize("label", LABELS)
def test_a_visit(served_once, page, barriers, label):
    document = labelled_document(label)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{served_once.url}{document.address}")
    height = page.locator(".lesson-page").evaluate("one => one.getBoundingClientRect().height")
    assert height <= SCREENS * 900, f"{document.name} has {height / 900:.1f} screens of 1,440 x 900"
    for control in (part for part in document.flat if isinstance(part, Control)):
        before = page.evaluate(SHOWN)
        moved(page, control)
        until(lambda before=before: page.evaluate(SHOWN) != before)
        until(lambda: page.evaluate(SETTLED))
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement !== document.body"), "Tab leads nowhere"
    assert not barriers(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    until(lambda: page.evaluate(WIDTH) <= 390)
    assert not barriers(page, only=["color-contrast"])
    page.emulate_media(color_scheme="light")
