"""Every lesson in Chromium, whole: nothing is cut off on a phone, nothing keeps anybody out, nothing goes wrong."""

import pytest
from playwright.sync_api import expect

from torchbook.course.lesson import lesson_files

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_and_for_everybody(site, page, barriers, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    found = []
    for number in lesson_files():
        page.goto(f"{site.url}/lessons/{number:02}")
        expect(page.get_by_role("heading", name="Where it comes next")).to_be_visible()
        page.wait_for_timeout(2000)  # pictures come after the text
        expect(page.locator(".marimo-output-stale")).to_have_count(0)  # what is computed anew is pale
        width = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{page.url} is {width} pixels wide"] * (width > 390)
        found += barriers(page)
    assert not found, "\n".join(found)
