"""Pictures whose state is in Python, on the page of a document in Chromium."""

import re
import threading

import pytest
import uvicorn
from playwright.sync_api import expect
from waiting import until

from torchbook.course.authoring.freeze import fresh_state
from torchbook.course.learner import progress, workspace
from torchbook.course.runtime.snapshot import text_of
from torchbook.course.site.app import build
from torchbook.course.texts.document import read_document
from torchbook.course.texts.quiz import quizzes, read_quiz

pytestmark = pytest.mark.browser

DOCUMENT = """---
title: Pictures
line: Pictures that Python answers.
---

::: slider height, 0, 9, step=1, value=1

```python hidden
import torch

from torchbook.course.pictures.boundary import Boundary
from torchbook.course.pictures.broadcast import Broadcast
from torchbook.course.pictures.line import Line
from torchbook.course.pictures.storage import Storage

line = Line(([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]), view=(0, 2, 0, 10))
plane = Boundary("blobs", ())
storage = Storage(torch.arange(6).view(2, 3))
meeting = Broadcast("a - b", {"a": torch.arange(3).view(3, 1), "b": torch.arange(3)}, choices=["a @ b[None]"])
made = []
```

## Line

::: picture line

The slope is {{ line.slope }} at height {{ height }}, and the loss {{ line.loss:.1f }}.

## Storage

::: picture storage

Its strides are {{ storage.result.stride() }}.

## Broadcast

::: picture meeting

The result is {{ meeting.result.tolist() }}.

## Boundary

::: picture plane

It has made {{ plane.steps > 3 }} steps.

## Row

```python
row = torch.arange(4)
row
```

::: picture Storage(row)

## Quiz

::: quiz 9
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a site with that document, which is served here."""
    folder = tmp_path_factory.mktemp("pictures")
    file = folder / "07_pictures.md"
    file.write_text(DOCUMENT)
    file.with_suffix(".json").write_text(text_of(fresh_state(read_document(file))))
    config = uvicorn.Config(None, port=0, log_level="warning")
    with config.bind_socket() as listener:
        port = listener.getsockname()[1]
        learner = workspace.make(folder / "workspace")[0]
        for question in read_quiz(quizzes()[9]).questions:  # so that the lesson is done
            progress.record_answer(learner.database, 9, question.id, right=True)
        config.app = build(learner, port=port, lessons=folder)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        until(lambda: server.started)
        yield f"http://127.0.0.1:{port}/lessons/07-pictures/"
        server.should_exit = True
        thread.join(60)


def test_what_the_reader_does_is_known_to_python_and_comes_back(address, page):
    page.goto(address)
    line = page.locator("#line-v1")
    whole = line.get_by_role("slider", name="The whole line")
    whole.press("Shift+ArrowUp")
    sentence = page.locator("#line-p1")
    expect(sentence).to_have_text("The slope is 0 at height 1, and the loss 6.7.")
    line.get_by_role("slider", name="The right end of the line").press("Shift+ArrowUp")
    expect(sentence).not_to_contain_text("The slope is 0 at")
    said = sentence.text_content().removeprefix("The slope is ").partition(" ")[0]
    expect(whole).to_be_visible()
    page.locator("[data-control=height]").press("ArrowRight")
    expect(sentence).to_contain_text(f"The slope is {said} at height 2")

    storage = page.locator("#storage-v1")
    storage.get_by_role("button", name="t.T").click()
    expect(page.locator("#storage-p1")).to_have_text("Its strides are (1, 3).")
    expect(storage.locator(".tb-facts")).to_contain_text("the same memory as t")
    storage.get_by_label("An expression of t").fill("t.T.view(6)")
    storage.get_by_label("An expression of t").press("Enter")
    expect(storage.locator(".tb-message")).to_contain_text("view size is not compatible")

    meeting = page.locator("#broadcast-v1")
    for _ in range(4):
        meeting.get_by_role("button", name="Step").click()
    expect(meeting.locator(".tb-caption")).to_contain_text("everyone met everyone")
    expect(meeting.locator(".tb-left.tb-ghost.tb-red")).to_have_count(6)
    meeting.locator(".tb-result").nth(5).hover()
    expect(meeting.locator(".tb-sum")).to_have_text("At [1, 2]: 1 - 2 = −1")
    expect(meeting.locator(".tb-here")).to_have_count(3)
    meeting.locator(".tb-result").first.press("ArrowRight")
    expect(meeting.locator(".tb-sum")).to_have_text("At [0, 1]: 0 - 1 = −1")
    meeting.get_by_role("button", name="a @ b[None]").click()
    expect(meeting.locator(".tb-caption")).to_contain_text("the inner sizes are both 1")
    meeting.get_by_role("slider", name="step").press("End")
    expect(meeting.locator(".tb-caption")).to_contain_text("Row 2 against column 2: 2·2 = 4.")
    expect(meeting.locator(".tb-sum")).to_have_text("")
    meeting.get_by_label("b =").fill("[5, 6]")
    meeting.get_by_label("b =").press("Enter")
    expect(page.locator("#broadcast-p1")).to_have_text("The result is [[0, 0], [5, 6], [10, 12]].")
    meeting.get_by_label("expression").fill("open('a')")
    meeting.get_by_label("expression").press("Enter")
    expect(meeting.locator(".tb-message")).to_contain_text("open('a') is not possible here")

    plane = page.locator("#boundary-v1")
    plane.get_by_role("button", name="Train").click()
    expect(page.locator("#boundary-p1")).to_have_text("It has made True steps.")
    rates = plane.get_by_label("Learning rate").locator("option")
    expect(rates).to_have_text(["0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3"])
    expect(page.locator(".picture[aria-busy]")).to_have_count(0)

    cell = page.locator(".cell")
    cell.hover()
    cell.get_by_role("button", name="Change").click()
    cell.get_by_role("textbox").fill("row = torch.arange(4) / torch.arange(3)")
    cell.get_by_role("textbox").press("Control+Enter")
    reason = page.locator("#row-v1 .waits-for")
    expect(reason).to_have_text("This waits for the block in “Row”, which has failed: RuntimeError.")
    expect(reason.get_by_role("link")).to_have_attribute("href", "#row-c1")
    cell.get_by_role("button", name="Put back").click()
    expect(page.locator(".waits, .waits-for")).to_have_count(0)

    page.reload()
    expect(sentence).to_contain_text(f"The slope is {said} at height 2")
    expect(page.locator("#boundary-v1").get_by_role("button", name="Train")).to_be_visible()
    for width in (390, 1100):
        page.set_viewport_size({"width": width, "height": 844})
        until(lambda width=width: page.evaluate("() => document.documentElement.scrollWidth") <= width)


def test_the_summary_of_a_lesson_shows_the_readers_own_picture(address, page, barriers):
    page.goto(address)
    summary, own = page.locator("#completion"), page.locator(".own-picture")
    summary.scroll_into_view_if_needed()
    expect(own).to_be_hidden()  # nothing was moved yet
    line = page.locator(".tb-line")
    line.get_by_role("slider", name="The whole line").press("ArrowUp")
    moved = line.locator(".tb-curve").get_attribute("y1")
    for _ in range(2):
        summary.scroll_into_view_if_needed()
        picture = own.get_by_role("img")
        expect(picture).to_have_accessible_name(re.compile("As you left it in “Line”: .*line with slope"))
        expect(picture.locator(".tb-curve")).to_have_attribute("y1", moved)
        assert not barriers(page)
        page.reload()
    expect(own.get_by_role("img")).to_have_accessible_name(re.compile("line with slope"))
    page.evaluate("() => lessonPictures.models.get('line-v1').set('alternative', 'Told late.')")
    expect(own.get_by_role("img")).to_have_accessible_name("As you left it in “Line”: Told late.")
    page.emulate_media(media="print", color_scheme="dark")
    expect(own).to_be_visible()


@pytest.mark.timeout(900)
def test_ones_own_digits_are_kept_with_what_was_read(site_once, page):
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(f"{site_once.url}/lessons/14")
    draw = page.locator("#draw-your-own-v1")
    draw.scroll_into_view_if_needed()
    naming = draw.get_by_role("group", name="What you wrote").get_by_role("button")
    expect(naming).to_have_count(10)
    expect(naming.first).to_be_disabled()  # what is ready-made is not one's own
    draw.locator(".tb-sheet").scroll_into_view_if_needed()
    box = draw.locator(".tb-sheet").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.52 * box["width"], box["y"] + 0.9 * box["height"], steps=6)
    page.mouse.up()
    read = draw.locator(".tb-best")
    # The model that reads it is trained in a cell above, which may take a minute on a busy machine.
    draw.get_by_role("button", name="I wrote a 8").click(timeout=240_000)
    score = draw.locator(".tb-score")
    expect(score).to_contain_text("0 of 1 read correctly")
    expect(draw.locator(".tb-misread figcaption")).to_contain_text("a 8, read as 1")
    expect(read).to_have_text("No ink yet")
    expect(page.get_by_text("The digits you have named so far: 1.")).to_be_visible(timeout=240_000)
    page.reload()
    draw.scroll_into_view_if_needed()
    expect(score).to_contain_text("0 of 1 read correctly")
    draw.get_by_role("button", name="Forget them").click()
    expect(score).to_contain_text("What is misread is kept here")
    assert problems == []
