"""The picture of a boundary in Chromium: draw, grow, look, type, train, break, link."""

import re

import psutil
import pytest
from playwright.sync_api import expect
from waiting import until

pytestmark = pytest.mark.browser

LESSON = """\
---
title: Pictures
line: To touch.
---

```python hidden
from torchbook.course.pictures.boundary import Boundary
```

::: picture Boundary("circles", (3,), place="b")
"""


OWN = """\
---
title: Pictures
line: To touch.
---

```python hidden
from torch import nn

from torchbook.course.pictures.boundary import Boundary


class Endless(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, points):
        while self.training:
            pass
        return self.layer(points)
```

::: picture Boundary("circles", module=Endless)
"""


@pytest.fixture(scope="module")
def site(documents_once):
    """A server with a lesson that has the picture, and one in which it has a module of the lesson's own."""
    return documents_once({"90_boundary.md": LESSON, "91_own.md": OWN})


@pytest.fixture
def opened(site, page):
    """Opens the lesson with the picture, at an address with that query, in a window that is so wide."""
    page.site = site
    page.set_default_timeout(120_000)
    page.server = psutil.Process(site.process.pid)

    def go(query="", *, wide=1100):
        page.set_viewport_size({"width": wide, "height": 1000})
        page.goto(f"{site.url}/lessons/90{query}")
        page.get_by_role("application").wait_for()
        numbers(page, "step 0 ")
        return page

    return go


def numbers(page, text):
    """Waits until the line of numbers has the text; gives it."""
    line = page.locator(".tb-boundary output").filter(has_text=re.compile(text))
    line.wait_for()
    return line.inner_text()


def words(page, text):
    """Waits until the text alternative has the text."""
    page.locator(".tb-boundary figcaption").filter(has_text=re.compile(text)).wait_for(state="attached")


def query(page, pattern):
    until(lambda: page.evaluate("0") or re.search(pattern, page.url))


def pixels(page):
    """The colours of the plane, to see whether it has changed."""
    return page.get_by_role("application").evaluate("canvas => canvas.toDataURL()")


def press(page, name):
    page.locator(".tb-boundary").get_by_role("button", name=name, exact=True).click()


@pytest.mark.timeout(900)
def test_it_trains_grows_and_is_looked_into(opened):
    page = opened()
    untrained = pixels(page)
    press(page, "Train")
    numbers(page, "step [1-9][0-9]")
    press(page, "Pause")
    page.get_by_role("button", name="Train", exact=True).wait_for()
    words(page, "after [1-9][0-9]* steps")
    press(page, "One step")
    assert pixels(page) != untrained
    press(page, "Reset weights")
    numbers(page, "step 0 ")
    page.get_by_text("dashed: before").wait_for()
    # A unit alone, by mouse and by keyboard.
    page.get_by_role("button", name="layer 1, unit 2").hover()
    page.get_by_text("What layer 1, unit 2 alone makes").wait_for()
    page.mouse.move(5, 5)
    page.get_by_text("Colour: what the network says").wait_for()
    page.get_by_role("button", name="input x₁").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.get_by_text("What layer 1, unit 2 alone makes").wait_for()
    # Its weight, typed.
    page.keyboard.press("Enter")
    page.get_by_role("spinbutton", name="x₁").fill("3.25")
    page.keyboard.press("Enter")
    page.locator("title", has_text="input x₁ to layer 1, unit 2: 3.25").wait_for(state="attached")
    page.get_by_text("As PyTorch code").click()
    page.get_by_text("load_state_dict").wait_for()
    # More units and layers, fewer, none.
    press(page, "a unit more in layer 1")
    query(page, "b.layers=4")
    press(page, "Add a layer")
    query(page, "b.layers=4-4")
    words(page, "network 2-4-4-1")
    press(page, "Remove a layer")
    press(page, "Remove a layer")
    query(page, "b.layers=0")
    words(page, "network 2-1")
    # The code that is copied runs.
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "Copy")
    page.locator(".tb-boundary").get_by_role("button", name="Copied").wait_for()
    scope = {}
    exec(page.evaluate("navigator.clipboard.readText()"), scope)
    assert scope["model"][0].weight.shape == (1, 2)


@pytest.mark.timeout(900)
def test_points_are_drawn_and_the_address_keeps_them(opened):
    page = opened("?b.set=squares&b.layers=99-x&b.activation=gelu&b.rate=-1&b.points=zz")
    words(page, "circles.*2-3-1, activation relu")
    page.get_by_label("Points").select_option("own")
    words(page, "no points yet")
    plane = page.get_by_role("application")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    plane.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.5})
    words(page, "1 points")
    page.get_by_role("radio", name="orange").click()
    plane.click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.5})
    words(page, "2 points")
    plane.focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Space")
    words(page, "3 points")
    query(page, "b.set=own&b.points=.{15}$")
    page.reload()
    words(page, "3 points in two classes .own.")
    press(page, "Train")
    numbers(page, "accuracy 1.00")
    press(page, "Pause")
    page.get_by_role("radio", name="erase").click()
    plane.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.5})
    words(page, "2 points")


@pytest.mark.timeout(900)
def test_it_is_broken_and_mended_and_ends_with_the_page(opened):
    page = opened("?b.set=moons&b.layers=5-2&b.activation=tanh&b.rate=0.1&b.seed=7", wide=390)
    words(page, "moons.*2-5-2-1, activation tanh")
    until(lambda: page.locator(".tb-boundary").evaluate("root => root.scrollWidth <= root.clientWidth"))
    page.get_by_text("Settings, and ways to break it").click()
    expect(page.get_by_label("Learning rate")).to_have_value("0.1")
    expect(page.get_by_label("Seed")).to_have_value("7")
    press(page, "all weights zero")
    page.get_by_text("dashed: healthy").wait_for()
    numbers(page, "step [1-9][0-9]* loss 0.69")
    query(page, "b.start=zeros")
    press(page, "as it was")
    words(page, "2-3-1, activation relu")
    until(lambda: page.evaluate("0") or "zeros" not in page.url)
    page.goto("about:blank")
    # A training that goes on uses the processor; after one that has ended the server has nothing to do.
    gone(page)
    until(lambda: page.server.cpu_percent(interval=1) < 2, 120)


def trainers(page):
    """The processes of the page, the one that trains among them: those that the server's own children have forked."""
    return {one.pid for child in page.server.children() for one in child.children() if one.is_running()}


def seconds(page):
    """The seconds of a processor that they have taken."""
    return sum(psutil.Process(pid).cpu_times().user for pid in trainers(page))


@pytest.mark.timeout(900)
def test_a_process_of_its_own_trains_and_ends_with_the_page(opened, page):
    gone(page)  # those of the tests before
    page = opened()
    until(lambda: len(trainers(page)) == 2)  # that of the lesson, and that of the picture
    busy = seconds(page)
    press(page, "Train")
    numbers(page, "step [1-9][0-9]")
    until(lambda: seconds(page) > busy)
    chosen = [radio.get_attribute("aria-checked") for radio in page.get_by_role("radio").all()]
    assert chosen == ["true", "false", "false"]
    page.goto("about:blank")
    gone(page)


@pytest.mark.timeout(900)
def test_an_endless_module_is_told_while_the_site_answers(opened):
    page = opened()
    page.goto(f"{page.site.url}/lessons/91")
    numbers(page, "step 0 ")
    press(page, "Train")
    page.locator(".tb-boundary").get_by_role("button", name="Pause").wait_for()
    assert page.request.get(page.site.url).ok
    page.locator(".tb-message").filter(has_text="a loop that never ends").wait_for()
    page.locator(".tb-boundary").get_by_role("button", name="Train", exact=True).wait_for()
    page.goto("about:blank")
    gone(page)


def gone(page):
    """Waits until nothing trains any more."""
    until(lambda: not trainers(page), 120)
