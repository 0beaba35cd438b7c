"""What the keyboard has in a picture it keeps, though the picture is drawn anew or the button can do no more."""

import pytest
from playwright.sync_api import expect
from waiting import until

from torchbook.course.texts.document import labelled_document

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("label", "picture", "button"),
    [
        ("01", "a-list-plus-a-rule-v1", "t.T"),
        ("02", "when-shapes-differ-v1", "table - 3"),
        ("04", "top-v1", "Break it"),
        ("14", "top-v1", "Clear"),
    ],
)
def test_the_focus_stays_on_what_was_pressed(served_once, page, label, picture, button):
    page.goto(f"{served_once.url}{labelled_document(label).address}")
    place = page.locator(f"#{picture}")
    place.scroll_into_view_if_needed()
    pressed = place.get_by_role("button", name=button, exact=True)
    pressed.focus()
    before = place.locator("figure").inner_html()
    page.keyboard.press("Enter")
    until(lambda: place.locator("figure").inner_html() != before)
    expect(place.locator("button:focus")).to_have_text("Break something else" if label == "04" else button)
