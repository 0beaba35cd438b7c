"""Makes `course.png`, the picture of a lesson in the README: python docs/course.py

Lesson 01 in a browser, as somebody works with it: a block of code is changed, the picture beside it follows and is
moved, and an exercise is answered wrongly. It needs Chromium and playwright, as the tests do.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

CHROMIUM = os.environ.get("TORCHBOOK_CHROMIUM", "/usr/bin/chromium")
SCALE = 1.4  # pixels of the picture for one of the page
MARGIN, SPACE = 10, 36  # pixels of the page around each half, and around the whole
BITS = "010101110010100100011100100010100100010101110"
WRONG = """\
def shape_of(numbers):
    if not isinstance(numbers, list):
        return []
    inner = [shape_of(part) for part in numbers]
    if any(shape != inner[0] for shape in inner):
        raise ValueError(f"uneven lists: {inner}")
    return inner[0] + [len(numbers)]"""


def worked_in(page: Page) -> list[Image.Image]:
    """Returns the top of the lesson, with a block changed and run, and the answer to an exercise with its verdict."""
    page.evaluate("document.querySelector('.site-bar').remove()")
    top = page.locator(".lesson-page .beside").first
    cell = top.locator(".cell").first
    cell.hover()
    cell.get_by_role("button", name="Change").click()
    field = cell.get_by_role("textbox")
    field.fill(re.sub(r'"[01]+"', f'"{BITS}"', field.input_value()))
    field.press("Control+Enter")
    cell.get_by_text(f"torch.Size([{len(BITS)}])").wait_for()
    width = top.get_by_role("slider", name="width")
    width.fill("9")
    top.locator(".tb-facts", has_text="shape [5, 9]").wait_for()
    top.locator(".guess").evaluate("guess => guess.style.visibility = 'hidden'")  # it would be cut through
    upper = picture_of(page, top.locator("p").first, top.locator(".tb-sides").first)
    card = page.locator("details[data-card=exercise]").first
    card.locator("summary").first.click()
    answer = card.get_by_role("textbox").first
    answer.fill(WRONG)
    answer.press("Control+Enter")
    card.get_by_text("A known mistake").wait_for()
    answer.blur()
    return [upper, picture_of(page, card.locator(".tb-editor").first, card.locator(".tb-case").first)]


def picture_of(page: Page, *parts: Locator) -> Image.Image:
    """Returns the part of the page that holds these elements, with a margin."""
    page.mouse.move(0, 0)
    boxes = [box for part in parts if (box := part.bounding_box())]
    scrolled = page.evaluate("scrollY")
    left, top = min(box["x"] for box in boxes) - MARGIN, min(box["y"] for box in boxes) - MARGIN + scrolled
    right = max(box["x"] + box["width"] for box in boxes) + MARGIN
    bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN + scrolled
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return Image.open(BytesIO(page.screenshot(clip=clip, full_page=True))).convert("RGB")


def main() -> None:
    """Starts the course with a workspace of its own, works in it, and writes the picture."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        own = os.environ | {"TORCHBOOK_HOME": folder, "TORCHBOOK_WORKSPACE": f"{folder}/workspace"}
        command = [sys.executable, "-m", "torchbook", "learn", "--no-browser", "--port", str(port)]
        server, address = subprocess.Popen(command, env=own), f"http://127.0.0.1:{port}/lessons/01-tensors/"
        try:
            wait_for(address)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1340, "height": 1400}, device_scale_factor=SCALE)
                page.set_default_timeout(120_000)  # on a slow machine
                page.goto(address)
                halves = worked_in(page)
                browser.close()
        finally:
            server.terminate()
            server.wait()
    space = round(SPACE * SCALE)
    width = max(half.width for half in halves) + 2 * space
    height = sum(half.height for half in halves) + 3 * space
    picture, top = Image.new("RGB", (width, height), halves[0].getpixel((0, 0))), space
    for half in halves:
        picture.paste(half, ((width - half.width) // 2, top))
        top += half.height + space
    picture.quantize(256, dither=Image.Dither.NONE).save(Path(__file__).with_suffix(".png"), optimize=True)


def wait_for(address: str, *, seconds: float = 60) -> None:
    """Waits until the server answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{address} has not answered within {seconds:g} seconds")


if __name__ == "__main__":
    main()
