"""Drawing in Chromium: with the mouse, the finger, the pen and the keyboard."""

import re
from urllib.parse import parse_qs

import pytest
import torch
from waiting import until

from torchbook import build
from torchbook.course.pictures.ink import pixels
from torchbook.course.pictures.strokes import decode, encode, ready_made

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LESSON = """\
---
title: Pictures
line: To touch.
---

```python hidden
from torchbook import build
from torchbook.course.pictures.draw import Draw

model = build("linear", sample_shape=(1, 28, 28), outputs=10, seed=3).eval()
drawing = Draw(lambda seen: 6 * model(seen / 255), start="3", place="draw")
```

::: picture drawing

In Python: {{ " ".join(str(number) for number in drawing.seen.flatten().tolist()) }} end
"""
CORNERS = [(0.2, 0.2), (0.8, 0.25), (0.35, 0.8)]


@pytest.fixture
def open_page(served_once, page):
    page.set_default_timeout(120_000)

    def opened(query=""):
        page.goto(f"{served_once.url}/lessons/90{query}")
        page.locator(".tb-draw .tb-best").filter(has_text=re.compile("Best guess|No ink")).wait_for()
        return page

    return opened


def at(page, x, y):
    box = page.locator(".tb-sheet").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def draw(page, points):
    """With the mouse, slowly enough for every point to be seen."""
    page.mouse.move(*at(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*at(page, *point), steps=6)
    page.mouse.up()


def state(page):
    """What the address says of the picture."""
    return {key.removeprefix("draw."): value[0] for key, value in parse_qs(query(page)).items()}


def query(page):
    """The address's query as the page knows it now; `page.url` comes a moment later."""
    return page.evaluate("location.search").removeprefix("?")


def model_sees(page):
    """The 28 x 28 pixels on the page."""
    script = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    return torch.tensor(page.locator(".tb-seen").evaluate(script)).view(1, 1, 28, 28)


def in_python(page, expected):
    """Waits until Python has these pixels."""
    page.get_by_text(" ".join(str(number) for number in expected.flatten().tolist()) + " end").wait_for()


def shares(page):
    """The numbers beside the bars."""
    return [float(text.removesuffix(" %")) for text in page.locator(".tb-said td.tb-number").all_inner_texts()]


def expected_shares(picture):
    model = build("linear", sample_shape=(1, 28, 28), outputs=10, seed=3).eval()
    with torch.no_grad():
        return (6 * model(picture / 255)).softmax(1)[0]


def test_the_page_sees_what_python_sees(open_page):
    page = open_page()
    for digit, drawing in ready_made().items():
        page.get_by_role("button", name=f"Ready-made {digit}").click()
        picture, twin = model_sees(page), pixels(decode(drawing))
        assert (picture.int() - twin.int()).abs().max() <= 1 and picture.sum() > 5000
        in_python(page, picture)
        expected = 100 * expected_shares(picture)
        page.locator(".tb-best").get_by_text(f"Best guess: {expected.argmax()}").wait_for()
        assert shares(page) == pytest.approx(expected.tolist(), abs=0.06)


def test_draw_with_the_mouse_and_take_it_back(open_page):
    page = open_page()
    page.evaluate(WATCH)
    draw(page, CORNERS)  # the ready-made digit makes room
    drawn = model_sees(page)
    in_python(page, drawn)
    assert page.evaluate("window.changes") >= 2, "the bars change while drawing"
    assert (drawn.int() - pixels(decode(encode([CORNERS]))).int()).abs().float().mean() < 4
    strokes = decode(state(page)["strokes"])
    assert len(strokes) == 1 and len(strokes[0]) >= 10 and "digit" not in state(page)
    draw(page, [(0.5, 0.9), (0.8, 0.9)])
    assert len(decode(state(page)["strokes"])) == 2
    page.get_by_role("button", name="Undo").click()
    assert model_sees(page).equal(drawn)
    page.get_by_role("button", name="Undo").click()
    assert state(page) == {"digit": "3"}
    draw(page, CORNERS)
    page.get_by_role("button", name="Clear").click()
    page.locator(".tb-best").get_by_text("No ink yet").wait_for()
    assert state(page) == {} and not model_sees(page).any()
    assert page.get_by_text("Write a digit here").is_visible()


WATCH = """() => {
  const inside = (root) => root.querySelector(".tb-said table")
    ?? [...root.querySelectorAll("*")].map((e) => e.shadowRoot && inside(e.shadowRoot)).find(Boolean);
  window.changes = 0;
  new MutationObserver(() => window.changes++).observe(inside(document), { subtree: true, childList: true });
}"""


def test_the_address_carries_the_drawing(open_page):
    page = open_page()
    draw(page, CORNERS)
    page.get_by_role("button", name="Move right by one pixel").click()
    drawn, linked = model_sees(page), query(page)
    assert state(page)["shift"] == "1.0"
    again = open_page("?" + linked)
    assert model_sees(again).equal(drawn)
    in_python(again, drawn)
    assert open_page("?draw.digit=8") and page.get_by_role("button", name="Ready-made 8", pressed=True).is_visible()
    open_page("?draw.strokes=nonsense!&draw.shift=x&draw.digit=twelve")  # is an empty sheet, not an error


def test_with_the_keyboard_alone(open_page):
    page = open_page()
    page.get_by_role("button", name="Ready-made 7").focus()
    page.keyboard.press("Enter")
    there = model_sees(page)
    page.get_by_role("img", name=re.compile("Sheet to draw")).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    moved = model_sees(page)
    assert moved[0, 0, 1:, 2:].equal(there[0, 0, :-1, :-2])
    expected = expected_shares(moved)
    page.get_by_text(re.compile(rf"Best guess: {expected.argmax()} \({expected.max():.0%}\); then")).wait_for(
        state="attached"
    )
    page.get_by_role("button", name="Move back to the centre").press("Enter")
    assert model_sees(page).equal(there) and state(page) == {"digit": "7"}


def test_a_pen_presses_and_two_fingers_are_one_pen(open_page):
    page = open_page()
    page.get_by_role("button", name="Clear").click()
    sheet = page.locator(".tb-sheet")
    x, y = at(page, 0.5, 0.1)
    pen = {"pointerId": 5, "pointerType": "pen", "button": 0, "clientX": x, "bubbles": True}
    sheet.evaluate("sheet => (sheet.setPointerCapture = () => {})")  # made-up pointers cannot be captured
    sheet.dispatch_event("pointerdown", pen | {"clientY": y, "pressure": 0.9})
    sheet.dispatch_event("pointerdown", {"pointerId": 6, "pointerType": "touch", "clientX": x + 50, "clientY": y})
    sheet.dispatch_event("pointermove", {"pointerId": 6, "pointerType": "touch", "clientX": x + 90, "clientY": y})
    for i in range(1, 20):
        sheet.dispatch_event("pointermove", pen | {"clientY": y + 10 * i, "pressure": 0.9 - 0.04 * i})
    sheet.dispatch_event("pointerup", pen | {"clientY": y + 190})
    (stroke,) = decode(state(page)["strokes"])
    pressures = [point[2] for point in stroke]
    assert pressures == sorted(pressures, reverse=True) and pressures[0] == 58 and pressures[-1] < 15
    assert {round(point[0] / 4095, 2) for point in stroke} == {0.5}


def test_on_a_phone_with_a_finger(open_page, page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page()
    picture = page.locator("figure.tb-draw")
    until(lambda: picture.evaluate("figure => figure.scrollWidth <= figure.clientWidth"))
    until(lambda: picture.bounding_box()["width"] <= 390)
    box = page.locator(".tb-sheet").bounding_box()
    assert 170 <= box["width"] <= 390 and abs(box["width"] - box["height"]) < 2
    said = page.locator(".tb-draw .tb-said").bounding_box()
    assert said["x"] >= box["x"] + box["width"] and said["y"] < box["y"] + box["height"], "it is read beside the sheet"
    touch_action = page.locator(".tb-sheet").evaluate("sheet => getComputedStyle(sheet).touchAction")
    assert touch_action == "none", "the page would scroll instead"
