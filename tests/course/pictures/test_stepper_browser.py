"""Stepping through recorded trainings in Chromium: by mouse, keyboard and finger, and from an address."""

import re

import pytest
from waiting import until

pytestmark = pytest.mark.browser

LESSON = """\
---
title: Pictures
line: To touch.
---

::: slider factor, 0, 3, step=1, value=1, label="factor"

```python hidden
import torch

from torchbook.course.pictures.stepper import Contour, Field, Pictures, Plot, Recording, Stepper


def halved(by, steps=10):
    recording, w = Recording(), 8.0
    for step in range(steps + 1):
        face = torch.full((2, 4, 4), 20 * step, dtype=torch.uint8)
        recording.add(loss=w * w, w=w, slope=2 * w, line=[w, w], face=face, scores=[-1.0, -w, w, 1.0])
        w = w * by if abs(w) < 1e150 else float("inf")
    return recording


plot = Plot("line", grid=[0.0, 4.0], points=([1.0, 3.0], [0.0, 8.0]), errors=True, across="metres", up="degrees")
healthy, broken = halved(0.5), halved(1e60)
pair = Stepper({"healthy": healthy, "broken": broken}, plot, place="pair", question="Break it:")
side = torch.linspace(-9, 9, 41)
heights = side[None, :] ** 2 + side[:, None] ** 2
kinds = [
    Contour(heights, side, side, ("w", "slope"), lowest=(0.0, 0.0)),
    Field("scores", ([0.0], [1.0]), [1.0], (0.0, 1.0, 0.0, 1.0)),
    Pictures("face", labels=["left", "right"]),
]
```

::: picture Stepper(halved(0.5 * factor), plot, place="moving", words={"slope": "dL/dw"})

::: picture pair

Python is at step {{ pair.step }}, beside {{ pair.beside or "nothing" }}.

::: picture Stepper(halved(0.5), *kinds, place="kinds")
"""


@pytest.fixture
def opened(served_once, page):
    def go(query=""):
        page.goto(f"{served_once.url}/lessons/90{query}")
        page.locator(".tb-stepper .tb-losses svg").nth(2).wait_for()
        return page.locator(".tb-stepper")

    return go


@pytest.fixture
def own_context(browser):
    """Makes contexts of this test's own, which are closed at its end."""
    made = []

    def make(**options):
        made.append(browser.new_context(**options))
        made[-1].set_default_timeout(60_000)  # how long a busy machine may take
        return made[-1]

    yield make
    for context in made:
        context.close()


def counter(picture, text):
    picture.locator(".tb-counter").filter(has_text=re.compile(f"^{text}$")).wait_for()


def number(picture, name, run=0):
    pairs = picture.locator("dl").nth(run).locator("div")
    return next(pair.locator("dd").inner_text() for pair in pairs.all() if pair.locator("dt").inner_text() == name)


def test_loss_picture_and_numbers_move_together(opened, page):
    picture = opened().nth(0)
    counter(picture, "step 0 of 10")
    assert number(picture, "loss") == "64" and number(picture, "dL/dw") == "16"
    curve, here = picture.locator(".tb-curve"), picture.locator(".tb-here")
    before = curve.get_attribute("d"), here.get_attribute("cx"), here.get_attribute("cy")
    picture.get_by_role("button", name="One step on").click()
    counter(picture, "step 1 of 10")
    assert number(picture, "loss") == "16" and number(picture, "w") == "4"
    after = curve.get_attribute("d"), here.get_attribute("cx"), here.get_attribute("cy")
    assert all(one != other for one, other in zip(before, after))
    picture.get_by_role("button", name="One step back").click()
    counter(picture, "step 0 of 10")
    assert curve.get_attribute("d") == before[0]
    assert picture.get_by_role("button", name="One step back").is_disabled()


def test_play_pause_and_again(opened, own_context):
    url = opened().page.url
    page = own_context().new_page()  # its time would be that of all pages of the context
    page.goto(url)
    picture = page.locator(".tb-stepper").nth(0)
    picture.get_by_label("Speed").select_option("fast")
    play = picture.locator(".tb-play")
    play.click()
    counter(picture, "step 10 of 10")
    assert "Again" in play.inner_text()
    page.clock.install(time=0)
    page.clock.pause_at(3600)  # from here on it stands still, unless it is let go on
    picture.get_by_label("Speed").select_option("slow")
    play.click()
    assert "Pause" in play.inner_text()
    page.clock.run_for(1500)
    counter(picture, "step [23] of 10")
    play.click()
    assert "Play" in play.inner_text()
    at = picture.locator(".tb-counter").inner_text()
    page.clock.run_for(1500)
    assert picture.locator(".tb-counter").inner_text() == at


def test_by_keyboard_alone(opened, page):
    picture = opened().nth(0)
    stage = picture.locator(".tb-stage")
    stage.focus()
    for key, text in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 10), ("Home", 0)):
        page.keyboard.press(key)
        counter(picture, f"step {text} of 10")
    page.keyboard.press(" ")
    counter(picture, "step 10 of 10")
    slider = picture.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    counter(picture, "step 9 of 10")
    assert "step 9, loss" in slider.get_attribute("aria-valuetext")


def test_what_is_read_aloud_follows(opened, page):
    picture = opened().nth(0)
    spoken = picture.locator("figcaption")
    assert spoken.get_attribute("aria-live") == "polite" and "loss 64 at step 0" in spoken.inner_text()
    picture.locator(".tb-stage").focus()
    page.keyboard.press("ArrowRight")
    spoken.filter(has_text="step 1 of 10. loss 16, w 4").wait_for(state="attached")


def test_the_loss_curve_is_scrubbed_with_the_mouse_and_the_finger(opened, page):
    picture = opened().nth(0)
    picture.locator(".tb-losses svg").scroll_into_view_if_needed()
    box = picture.locator(".tb-losses svg").bounding_box()
    left, right = box["x"] + 46, box["x"] + box["width"] - 10
    page.mouse.move(left, box["y"] + 60)
    page.mouse.down()
    page.mouse.move((left + right) / 2, box["y"] + 60, steps=4)
    counter(picture, "step 5 of 10")
    page.mouse.move(right, box["y"] + 60, steps=4)
    page.mouse.up()
    counter(picture, "step 10 of 10")
    page.mouse.move(left, box["y"] + 60)
    counter(picture, "step 10 of 10")


def test_other_recordings_keep_the_place(opened, page):
    picture = opened().nth(0)
    page.evaluate("window.same = document.querySelector('.tb-stepper')")
    picture.locator(".tb-stage").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    counter(picture, "step 3 of 10")
    control = page.get_by_role("slider").first
    control.focus()
    page.keyboard.press("ArrowRight")
    picture.locator("dd").filter(has_text=re.compile("^64$")).first.wait_for()  # factor 1: the loss stays where it is
    counter(picture, "step 3 of 10")
    assert page.evaluate("window.same.isConnected"), "the picture was built again"


def test_a_broken_run_beside_a_healthy_one(opened, page):
    pair = opened().nth(1)
    assert pair.locator("dl").count() == 1
    pair.get_by_role("button", name="broken").click()
    assert pair.locator("dl").count() == 2
    assert pair.get_by_role("button", name="broken").get_attribute("aria-pressed") == "true"
    pair.locator(".tb-stage").focus()
    page.keyboard.press("ArrowRight")
    assert number(pair, "loss", 0) == "16" and number(pair, "loss", 1).endswith("e121")
    page.keyboard.press("End")
    counter(pair, "step 10 of 10")
    assert "∞" in number(pair, "loss", 1) or "nan" in number(pair, "loss", 1)
    assert (
        pair.locator(".tb-diverged").count() == 1 and "not numbers" in pair.locator(".tb-run-1 .tb-note").text_content()
    )
    page.get_by_text("Python is at step 10, beside broken.").wait_for()
    page.set_viewport_size({"width": 390, "height": 844})
    until(lambda: 0 < pair.locator(".tb-run-1 .tb-scenes svg").bounding_box()["width"] < 200)
    drawing, note = (pair.locator(f".tb-run-1 {part}").bounding_box() for part in (".tb-scenes svg", ".tb-note"))
    assert drawing["x"] <= note["x"] and note["x"] + note["width"] <= drawing["x"] + drawing["width"]
    pair.get_by_role("button", name="broken").click()
    assert pair.locator("dl").count() == 1
    page.get_by_text("beside nothing").wait_for()


def test_the_place_is_in_the_address(opened, page):
    pair = opened().nth(1)
    pair.get_by_role("button", name="broken").click()
    pair.locator(".tb-stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    until(lambda: page.evaluate("0") or all(part in page.url for part in ("pair.step=2", "pair.beside=broken")))
    page.reload()
    page.locator(".tb-stepper .tb-losses svg").nth(2).wait_for()
    again = page.locator(".tb-stepper").nth(1)
    counter(again, "step 2 of 10")
    assert again.locator("dl").count() == 2
    counter(page.locator(".tb-stepper").nth(0), "step 0 of 10")


def test_a_contour_and_pictures(opened, page):
    kinds = opened("?kinds.step=3").nth(2)
    counter(kinds, "step 3 of 10")
    assert kinds.locator(".tb-level").count() == 12 and kinds.locator(".tb-past").count() == 3
    assert kinds.locator("canvas").count() == 2
    assert kinds.locator(".tb-yes").count() == 1
    assert kinds.locator("image").get_attribute("href").startswith("data:image/png")
    colour = "c => [...c.getContext('2d').getImageData(1, 1, 1, 1).data]"
    assert kinds.locator("canvas").first.evaluate(colour) == [60, 60, 60, 255]
    kinds.get_by_role("button", name="One step on").click()
    counter(kinds, "step 4 of 10")
    assert kinds.locator("canvas").first.evaluate(colour) == [80, 80, 80, 255]


def test_on_a_phone_by_touch_in_the_dark_without_motion(own_context, opened):
    url = opened().page.url
    small = own_context(
        viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark", reduced_motion="reduce"
    ).new_page()
    small.goto(url)
    picture = small.locator(".tb-stepper").nth(1)
    picture.locator(".tb-losses svg").wait_for()
    assert picture.get_by_label("Speed").input_value() == "slow"
    picture.get_by_role("button", name="One step on").tap()
    counter(picture, "step 1 of 10")
    picture.get_by_role("button", name="broken").tap()
    right = "all => Math.max(...all.map((one) => one.getBoundingClientRect().right))"
    until(lambda: picture.locator("svg").evaluate_all(right) <= 390)
