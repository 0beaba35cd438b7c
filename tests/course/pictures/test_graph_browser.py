"""A Graph in a real browser: step, play, scrub, keyboard, address, what stands beside, a knob, a phone."""

import re

import pytest
from waiting import until

pytestmark = pytest.mark.browser

LESSON = """\
---
title: Pictures
line: To touch.
---

::: slider x, 1.0, 3.0, step=1.0, value=2.0, label="x"

```python hidden
import torch

from torchbook.course.pictures.graph import Graph
from torchbook.course.pictures.tape import Tape


def run(value, forget):
    x = torch.tensor(value)
    w = torch.tensor(3.0, requires_grad=True)
    with Tape() as tape:
        for _ in range(2):
            loss = (w * x - 4.0) ** 2
            loss.backward()
            if forget:
                tape.note("Forgotten.")
            else:
                w.grad = None
    return tape
```

::: picture Graph({"healthy": run(x, False), "forgotten": run(x, True)}, place="try", question="Break it:")
"""


@pytest.fixture
def opened(served_once, page):
    page.set_default_timeout(120_000)

    def go(query=""):
        page.goto(f"{served_once.url}/lessons/90{query}")
        page.wait_for_selector(".tb-graph svg .tb-node")
        return page

    return go


def text(page, name, what, *, panel=0):
    """What is written in the node of that name."""
    sheet = page.locator(".tb-graph .tb-sheet").nth(panel)
    node = sheet.locator(".tb-node", has=page.locator(f".tb-name:text-is('{name}')"))
    return node.locator(f".tb-{what}").text_content()


def expect_said(page, part):
    page.locator(".tb-graph figcaption", has_text=part).wait_for(state="attached")


def test_steps_forward_and_back_with_words_that_follow(opened):
    page = opened()
    assert text(page, "w", "value") == "3" and text(page, "loss", "value") == ""
    for _ in range(3):
        page.get_by_role("button", name="Step", exact=True).click()
    assert text(page, "loss", "value") == "4"
    expect_said(page, "Step 3 of ")
    expect_said(page, "Forward: loss = ")
    page.get_by_role("button", name="Back", exact=True).click()
    assert text(page, "loss", "value") == ""
    expect_said(page, "Step 2 of ")


def test_a_knob_changes_values_and_gradients_in_the_same_picture(opened):
    page = opened()
    page.locator(".tb-graph input[type=range]").fill("8")
    expect_said(page, "w.grad was None, now it is 8.")
    assert text(page, "w", "gradient") == ".grad 8"
    page.locator("figure.tb-graph").evaluate("one => (one.dataset.mark = 'same')")
    page.get_by_role("slider", name="x").or_(page.locator("[role=slider]")).first.press("ArrowRight")
    expect_said(page, "w.grad was None, now it is 30.")  # 2 (3 · 3 − 4) · 3
    assert text(page, "w", "gradient") == ".grad 30" and text(page, "loss", "value") == "25"
    assert page.locator("figure.tb-graph[data-mark=same]").count() == 1


def test_the_step_and_what_stands_beside_are_in_the_address(opened):
    page = opened("?try.step=3")
    assert text(page, "loss", "value") == "4"
    page.get_by_role("button", name="forgotten").click()
    until(lambda: page.evaluate("0") or "try.beside=forgotten" in page.url)
    assert page.locator(".tb-graph .tb-sheet svg").count() == 2
    page.locator(".tb-graph input[type=range]").press("End")
    until(lambda: page.evaluate("0") or re.search(r"try.step=\d\d", page.url))
    assert text(page, "w", "gradient") == ".grad None" and text(page, "w", "gradient", panel=1) == ".grad 16"
    expect_said(page, "forgotten: Forgotten.")
    page.reload()
    page.wait_for_selector(".tb-graph svg .tb-node")
    until(lambda: page.evaluate("0") or re.search(r"try.step=\d\d", page.url))
    page.get_by_role("button", name="forgotten", pressed=True).wait_for()
    assert text(page, "w", "gradient", panel=1) == ".grad 16"


def test_the_keyboard_alone_is_enough(opened):
    page = opened()
    page.get_by_role("button", name="Step", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert text(page, "loss", "value") == "4"
    page.keyboard.press("ArrowLeft")
    assert text(page, "loss", "value") == ""
    page.keyboard.press("Tab")
    assert page.locator(".tb-graph input[type=range]:focus").count() == 1
    page.keyboard.press("ArrowRight")
    assert text(page, "loss", "value") == "4"


def test_it_plays_to_the_end(opened):
    page = opened()
    page.get_by_label("Pace").select_option("quick")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for()  # by itself, at the end
    match = re.fullmatch(r"(\d+) of (\d+)", page.locator(".tb-graph .tb-step-number").text_content())
    assert match and match[1] == match[2]


def test_on_a_phone_it_stands_upright_and_fits(opened, page):
    page.set_viewport_size({"width": 390, "height": 844})
    opened()
    upright = page.locator(".tb-graph .tb-upright")
    until(lambda: (size := upright.bounding_box()) and size["height"] > size["width"] and size["width"] <= 390)
    until(lambda: page.locator("figure.tb-graph").evaluate("one => one.scrollWidth <= one.clientWidth + 1"))
    page.set_viewport_size({"width": 1200, "height": 900})
    page.locator(".tb-graph .tb-along").wait_for()
