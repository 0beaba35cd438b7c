"""Guesses in Chromium: a number is typed or slid, a curve is drawn by mouse and by keys, and both are kept."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def problems(page):
    """What the browser has to complain about."""
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    return messages


def test_a_number_is_compared_with_the_right_one_and_kept(site_once, page, problems):
    page.goto(f"{site_once.url}/lessons/07-batches/")
    guess = page.locator('.guess[data-guess="number"]')
    field, slider, show = (
        guess.get_by_role(role, name=name)
        for role, name in (("textbox", "Your guess"), ("slider", "Your guess"), ("button", "Show the answer"))
    )
    verdict, after = guess.get_by_role("status"), guess.get_by_text("A coin would get half of them")
    expect(after).to_be_hidden()
    show.click()
    expect(verdict).to_have_text("Write a number first.")
    expect(field).to_be_focused()
    slider.press("ArrowRight")
    expect(field).to_have_value("51")
    expect(slider).to_have_attribute("aria-valuetext", "51 %")
    field.fill("50 %")
    field.press("Enter")
    expect(verdict).to_have_text("You said 50%, it is 98%: you were 48 percentage points too low.")
    expect(after).to_be_visible()
    expect(guess.locator(".truth")).to_be_hidden()
    for text, sentence in (("97,5", "That is close."), ("98", "exactly right."), ("12", "8.2 times as much.")):
        field.fill(text)
        show.click()
        expect(verdict).to_contain_text(sentence)
    page.reload()
    expect(verdict).to_have_text("You said 12%, it is 98%: 8.2 times as much.")
    expect(field).to_have_value("12")

    # Where the page computes another answer the sentence follows.
    guess.locator(".truth").evaluate("(one, truth) => one.dataset.truth = truth", '{"number": 10, "text": "10%"}')
    guess.locator(".truth").evaluate("one => one.outerHTML = one.outerHTML")
    expect(verdict).to_have_text("You said 12%, it is 10%. That is close.")
    assert problems == []


def test_a_curve_is_drawn_by_mouse_and_by_keys_and_compared(site_once, page, problems, barriers):
    page.goto(f"{site_once.url}/lessons/08-gradient-descent/")
    guess = page.locator('.guess[data-guess="curve"]')
    guess.scroll_into_view_if_needed()
    pad, verdict = guess.locator(".tb-pad"), guess.get_by_role("status")
    show, again = (guess.get_by_role("button", name=name) for name in ("Show the answer", "Draw again"))
    expect(guess.locator(".tb-hint")).to_be_visible()
    expect(show).to_be_disabled()
    pad.hover()
    box = pad.bounding_box()

    def draw(*places):
        """Draws with the mouse through places, shares of the width and the height."""
        for number, (x, y) in enumerate(places):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + (1 - y) * box["height"], steps=8)
            if number == 0:
                page.mouse.down()
        page.mouse.up()

    draw((0.02, 0.25), (0.5, 0.1))
    expect(verdict).to_have_text("Draw on to the right edge.")
    expect(show).to_be_disabled()
    draw((0.6, 0.1), (0.98, 0.05))
    expect(verdict).to_contain_text("Your curve is drawn.")
    expect(guess.locator(".tb-hint")).to_be_hidden()
    show.click()
    expect(verdict).to_contain_text("It goes another way: on average your curve is off by ")
    expect(verdict).to_contain_text("most at step 12. loss against step: from 1,764 at 0 to 6,827 at 12.")
    expect(again).to_be_focused()
    truth = guess.locator("path.tb-truth").evaluate("one => one.getBBox()['width']")
    clip = guess.locator(".sketch clipPath rect").evaluate("one => one.getBBox().width")
    assert abs(truth - clip) < 2, "all of the true curve is in view"
    names = page.locator("clipPath").evaluate_all("all => all.map((one) => one.id)")
    assert len(names) == len(set(names)), "what is cut off by another picture's edges"
    assert not barriers(page)

    again.click()
    expect(show).to_be_disabled()
    first = guess.get_by_role("slider").first
    expect(first).to_be_focused()
    for _ in range(3):
        page.keyboard.press("PageDown")  # from the middle, 4,000
    expect(first).to_have_attribute("aria-valuetext", "step 0: loss 1600")
    steps = [*range(1, 13)]
    for step in steps:  # as it is: 1764, 1973, 2207 ... 6827
        page.keyboard.press("ArrowRight")
        height = 1764 * 1.12**step
        for _ in range(round(abs(height - 4000) / 160)):
            page.keyboard.press("ArrowUp" if height > 4000 else "ArrowDown")
    expect(guess.get_by_role("slider").last).to_be_focused()
    show.click()
    expect(verdict).to_contain_text("Very close: on average your curve is off by")
    page.reload()
    expect(verdict).to_contain_text("Very close")
    expect(guess.get_by_text("This is called divergence.")).to_be_visible()
    kept = json.loads(page.evaluate("sessionStorage.getItem('torchbook:guesses:8')"))
    assert len(kept[guess.get_attribute("id")]["heights"]) == 97
    page.set_viewport_size({"width": 390, "height": 844})
    expect(guess.locator(".tb-axes")).to_have_attribute("width", "332")
    assert problems == []
