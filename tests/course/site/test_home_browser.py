"""The first page in Chromium: the sheet, and the network that reads it in the page."""

import pytest
import torch
from playwright.sync_api import expect
from waiting import until

from torchbook.course.pictures.ink import pixels
from torchbook.course.pictures.strokes import decode, ready_made
from torchbook.course.texts.document import documents
from torchbook.course.texts.plan import LESSONS
from torchbook.inference.reader import digit_reader, summary

pytestmark = pytest.mark.browser


def test_a_digit_is_read_while_it_is_written(site_once, page):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(site_once.url)
    sheet = page.locator(".hero-draw .tb-sheet")
    best = page.locator(".hero-draw .tb-best")
    expect(best).to_have_text("Best guess: 5")
    page.get_by_role("button", name="Clear").click()
    expect(best).to_have_text("No ink yet")
    box = sheet.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30 + step * (box["height"] - 60) / 8)
    expect(best).to_have_text("Best guess: 1")  # the pen is still down
    page.mouse.up()
    assert not errors


def test_the_page_computes_what_the_network_computes(site_once, page):
    page.goto(site_once.url)
    about, drawings = summary(), [pixels(decode(strokes)) for strokes in ready_made().values()]
    computed = page.evaluate(
        """async ([drawings, mean, std]) => {
            const { digitReader } = await import("/static/digit_reader.js");
            const read = await digitReader("/static/digit_reader.safetensors", mean, std);
            return drawings.map((drawing) => [...read(drawing)]);
        }""",
        [[drawing.flatten().tolist() for drawing in drawings], about["mean"][0], about["std"][0]],
    )
    with torch.no_grad():
        expected = torch.cat([digit_reader()(drawing) for drawing in drawings])
    torch.testing.assert_close(torch.tensor(computed), expected, rtol=1e-4, atol=1e-3)


@pytest.mark.timeout(900)
def test_a_lesson_without_a_document_is_trained_in_the_browser(site_once, page):
    written = documents()
    lesson = next((lesson for lesson in LESSONS if lesson.recipes and lesson.number not in written), None)
    if not lesson:
        pytest.skip("all lessons that have something to train are written")
    page.goto(site_once.url + lesson.address)
    page.locator(".train [data-do=train]").first.click()
    until(lambda: page.locator(".train").first.get_attribute("data-state") == "finished", 600)
    page.locator(".train-news a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{lesson.recipes[0]}-live")
