"""The map and the paths of a valley in Chromium: a click chooses a pair, and other paths bring their own losses."""

import re

import pytest
from playwright.sync_api import expect
from waiting import until

pytestmark = pytest.mark.browser

LESSON = """\
---
title: Valleys
line: To touch.
---

::: slider factor, 1, 3, step=1, value=1, label="factor"

```python hidden
import torch

from torchbook.course.pictures.recording import Recording
from torchbook.course.pictures.scenes import Contour
from torchbook.course.pictures.tuning import Tuning
from torchbook.course.pictures.valley import Valley


def walk(rate, momentum=0.0):
    recording = Recording()
    for step in range(6):
        recording.add(loss=(1 - rate) ** step, x=(1 - rate) ** step, y=0.0)
    return {"plain": recording}


line = torch.linspace(-1, 1, 9)
contour = Contour(line[:, None] ** 2 + line**2, line, line, ("x", "y"))
steps = torch.tensor([[4.0, 3.0], [2.0, torch.inf]])
chosen = Tuning(contour, walk, steps=steps, rates=[0.2, 0.4], momenta=[0.1, 0.5], rate=0.2, momentum=0.1, place="map")
```

::: picture chosen

Step size {{ chosen.rate }} with momentum {{ chosen.momentum }} {{ chosen.takes }}.

::: picture Valley(contour, walk(0.2 * factor), place="losses")
"""


def test_a_click_chooses_a_pair_and_other_paths_bring_their_losses(served_once, page):
    page.goto(f"{served_once.url}/lessons/90")
    pictures = page.locator(".tb-valley")
    expect(pictures).to_have_count(2)
    area = pictures.first.locator(".tb-stage svg").nth(1)
    box = area.bounding_box()
    area.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.2})
    expect(page.get_by_text("Step size 0.4 with momentum 0.5 diverges.", exact=True)).to_be_visible()
    pictures.first.get_by_role("slider", name="momentum", exact=True).press("ArrowLeft")
    expect(page.get_by_text("Step size 0.4 with momentum 0.1 arrives after 3 steps.", exact=True)).to_be_visible()

    curve, legend = pictures.nth(1).locator(".tb-ahead"), pictures.nth(1).locator(".tb-legend")
    before = curve.get_attribute("d")
    page.locator("[data-control=factor]").press("ArrowRight")
    expect(legend).to_contain_text(re.compile(r"loss 0\.07"))
    until(lambda: curve.get_attribute("d") != before)
