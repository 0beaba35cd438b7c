"""The window on a volume in Chromium: by mouse and keyboard it shows what Python computes, where no Python runs."""

import pytest
from playwright.sync_api import expect
from waiting import until

from torchbook.course.pictures.window import Window
from torchbook.course.texts.document import documents, read_document
from torchbook.course.texts.document_parts import Cell

pytestmark = pytest.mark.browser

RED = """(sheet) => { const { width, height } = sheet;
    return [...sheet.getContext("2d").getImageData(0, 0, width, height).data].filter((_, i) => i % 4 === 0); }"""


def test_it_shows_the_shades_and_the_words_of_python(served_once, page):
    names = {}
    exec(next(part for part in read_document(documents()[5]).flat if isinstance(part, Cell)).source, names)
    expected = Window(names["head"], slice=8, centre=40, width=80)
    page.goto(f"{served_once.url}/lessons/05")
    picture = page.locator(".tb-window").first
    picture.get_by_role("button", name="brain").click()
    slider = picture.get_by_role("slider", name="slice")
    while slider.get_attribute("aria-valuetext") != "9 of 16":
        slider.press("ArrowRight")
    expect(picture.locator("figcaption")).to_have_text(expected.alternative)
    until(lambda: picture.locator("canvas").evaluate(RED) == expected.shades.flatten().tolist())
    sheet, reading = picture.locator("canvas"), picture.locator(".tb-reading")
    sheet.press("ArrowRight")
    sheet.press("ArrowDown")
    number = f"{expected.values[37][37]} HU".replace("-", "−")
    until(lambda: number in reading.text_content())
    assert f"shade {expected.shades[37, 37]} of 255" in reading.text_content()
