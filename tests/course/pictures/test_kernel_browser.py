"""The picture of a kernel in Chromium: by mouse and keyboard it shows what Python computes, where no Python runs."""

import pytest
from waiting import until

from torchbook.course.pictures.kernel import Kernel
from torchbook.course.texts.document import documents, read_document
from torchbook.course.texts.document_parts import Cell

pytestmark = pytest.mark.browser

RED = """(sheet) => { const { width, height } = sheet;
    return [...sheet.getContext("2d").getImageData(0, 0, width, height).data].filter((_, i) => i % 4 === 0); }"""

# Where the middle of the frame is, in rows and columns of the picture below it.
MIDDLE = """(view) => { const [sheet, frame] = [...view.children].map((each) => each.getBoundingClientRect());
    return [(frame.y + frame.height / 2 - sheet.y) / sheet.height * view.firstChild.height,
        (frame.x + frame.width / 2 - sheet.x) / sheet.width * view.firstChild.width]; }"""


def test_it_shows_the_shades_the_products_and_the_words_of_python(served_once, page):
    names = {}
    exec(next(part for part in read_document(documents()[20]).flat if isinstance(part, Cell)).source, names)
    expected = Kernel({"wall": names["wall"]}, kernel="Laplace")
    page.goto(f"{served_once.url}/lessons/20")
    picture = page.locator(".tb-kernel").first
    picture.get_by_role("button", name="Laplace").click()
    until(lambda: picture.locator("figcaption").text_content() == expected.alternative)
    result = picture.locator("canvas").last
    shades = expected.shades.flatten().tolist()
    assert all(abs(mine - theirs) <= 1 for mine, theirs in zip(result.evaluate(RED), shades, strict=True))

    # The frame lies on the pixels that it means, from the spot [24, 58].
    assert picture.locator(".tb-view").first.evaluate(MIDDLE) == pytest.approx([24.5, 58.5], abs=0.2)

    result.press("ArrowUp")
    sums = picture.locator(".tb-total")
    until(lambda: sums.text_content() == f"{expected.result[22, 57]:.4g}".replace("-", "−"))
    middle = picture.get_by_role("textbox", name="weight in row 2, column 2")
    middle.fill("-7/2")
    middle.press("Enter")
    until(lambda: "1 -3.5 1" in picture.locator("figcaption").text_content())
    assert "sum 0.5" in picture.locator(".tb-part").nth(1).text_content()
    middle.fill("half")
    middle.press("Enter")
    until(lambda: middle.input_value() == "−3.5")
    picture.get_by_role("button", name="zeros").click()
    until(lambda: result.evaluate("(sheet) => [sheet.width, sheet.height]") == [96, 60])
