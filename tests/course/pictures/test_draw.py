"""Drawing: strokes become the pixels that a model of MNIST expects, and any model can be asked."""

import base64

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from torchbook import build
from torchbook.course.pictures.draw import Draw
from torchbook.course.pictures.ink import pixels
from torchbook.course.pictures.strokes import decode, encode, ready_made
from torchbook.data.drawn import handwriting
from torchbook.data.drawn.dice import Dice

parts = st.floats(0, 1)
strokes_of_points = st.lists(st.lists(st.tuples(parts, parts), min_size=1, max_size=9), min_size=1, max_size=4)


def centre(picture):
    """The centre of mass (x, y) of a picture."""
    ink = picture[0, 0].double()
    middle = torch.arange(28).double() + 0.5
    return (ink.sum(0) @ middle / ink.sum()).item(), (ink.sum(1) @ middle / ink.sum()).item()


@given(strokes_of_points)
def test_strokes_survive_the_address_of_a_page(strokes):
    text = encode(strokes)
    for stroke, read in zip(strokes, decode(text), strict=True):
        assert [(round(4095 * x), round(4095 * y), 32) for x, y in stroke] == read


@pytest.mark.parametrize("text", ["", "AAAA", "AAAAA.", "AAAAA..AAAAA", "AA AA", "ÄAAAA", "AAAAA.AAAAAA"])
def test_what_is_no_drawing_is_an_empty_sheet(text):
    assert decode(text) == []


@pytest.mark.parametrize("digit", ready_made())
def test_a_digit_fills_twenty_pixels_and_its_mass_is_in_the_middle(digit):
    picture = pixels(decode(ready_made()[digit]))
    inked = picture[0, 0] >= 128
    assert 19 <= max(inked.any(0).sum(), inked.any(1).sum()) <= 20
    assert centre(picture) == (pytest.approx(14, abs=0.6), pytest.approx(14, abs=0.6))
    assert picture.max() == 255 and picture.dtype == torch.uint8


def test_size_and_place_on_the_sheet_make_no_difference():
    zigzag = [(0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)]
    small = [(0.05 + 0.4 * x, 0.5 + 0.4 * y) for x, y in zigzag]
    difference = pixels(decode(encode([zigzag]))).int() - pixels(decode(encode([small]))).int()
    assert difference.abs().max() <= 3


def test_it_is_placed_and_inked_like_the_drawn_data_set():
    """The data set's own functions, without the half pixel by which a hand misses the middle."""

    class Steady(Dice):
        def uniform(self, low=0, high=1, shape=()):
            return np.zeros((1, *shape), dtype=np.float32)

    strokes = decode(ready_made()["4"])
    starts = np.array([[point[:2] for stroke in strokes for point in stroke[:-1]]]) / 4095
    ends = np.array([[point[:2] for stroke in strokes for point in stroke[1:]]]) / 4095
    radius = np.full((1, starts.shape[1]), 1.3, dtype=np.float32)
    starts, ends = (part.astype(np.float32) for part in (starts, ends))
    placed = handwriting._placed(Steady(0, np.arange(1)), starts, ends, radius[:, 0])
    nearest = handwriting._nearest(*placed, radius)
    ink = ((1 - np.sqrt(nearest)) * 1.3 + 0.5).clip(0, 1) * 255 + 0.5
    assert np.abs(ink.astype(np.uint8)[0].astype(int) - pixels(strokes)[0, 0].numpy()).max() <= 1


def test_a_dot_is_a_dot():
    dot = pixels(decode(encode([[(0.2, 0.8)]])))
    assert 4 <= (dot >= 128).sum() <= 9
    assert centre(dot) == (pytest.approx(14, abs=0.1), pytest.approx(14, abs=0.1))


def test_a_pen_that_presses_makes_a_thicker_line():
    light, firm = ([[(1000, 0, p), (1000, 4000, p)]] for p in (5, 63))
    assert pixels(firm).sum() > 1.5 * pixels(light).sum()


def test_a_shift_moves_the_picture():
    strokes = decode(ready_made()["7"])
    moved, there = pixels(strokes, (3, -2)), pixels(strokes)
    assert moved[0, 0, :-2, 3:].equal(there[0, 0, 2:, :-3])
    assert not pixels(strokes, (40, 0)).any()


def question(picture, asked=7, drawing=False):
    """What the page sends."""
    return {"asked": asked, "drawing": drawing, "pixels": base64.b64encode(bytes(picture.flatten().tolist())).decode()}


@pytest.mark.parametrize("name", ["linear", "mlp", "cnn"])
def test_any_model_answers_as_it_does_in_pytorch(name):
    model = build(name, sample_shape=(1, 28, 28), outputs=10).eval()
    drawing = Draw(lambda pictures: model(pictures / 255))
    picture = pixels(decode(ready_made()["5"]))
    drawing.question = question(picture)
    with torch.no_grad():
        expected = model(picture / 255).softmax(1)[0]
    assert drawing.answer["asked"] == 7
    torch.testing.assert_close(torch.tensor(drawing.answer["probabilities"]), expected, rtol=0, atol=1e-6)
    assert f"Best guess: {expected.argmax()} ({expected.max():.0%})" in drawing.alternative


def surest(digit):
    """A model that says this digit whatever it sees."""
    return lambda pictures: 9.0 * nn.functional.one_hot(torch.tensor([digit]), 10).double()


def test_the_one_to_begin_with_is_answered_before_a_page_is_open():
    drawing = Draw(surest(4), start="2")
    assert drawing.seen.equal(pixels(decode(ready_made()["2"])))
    assert drawing.alternative.startswith("Best guess: 4 (100%)")
    assert drawing.alternative in drawing.still() and "data:image/png" in drawing.still()


def test_another_model_answers_at_once():
    drawing = Draw(surest(4), start="2")
    drawing.predict = surest(8)
    assert drawing.alternative.startswith("Best guess: 8")


def test_the_text_waits_while_somebody_draws():
    drawing = Draw(surest(4))
    drawing.question = question(pixels(decode(ready_made()["2"])), drawing=True)
    assert drawing.answer["probabilities"][4] > 0.99 and drawing.alternative == "No ink yet."
    drawing.question = question(pixels(decode(ready_made()["2"])), asked=8)
    assert drawing.alternative.startswith("Best guess: 4")


def test_an_empty_sheet_asks_nobody():
    drawing = Draw(lambda pictures: pytest.fail("asked"))
    drawing.question = question(torch.zeros(784, dtype=torch.uint8))
    assert drawing.answer == {"asked": 7} and drawing.alternative == "No ink yet."


def test_a_model_that_fails_says_so_and_the_picture_lives_on():
    drawing = Draw(lambda pictures: torch.zeros(10), start="2")
    assert "logits of the shape [1, 10], got [10]" in drawing.alternative
    drawing.predict = nn.Linear(3, 10)
    assert "RuntimeError" in drawing.answer["trouble"]
    drawing.predict = surest(1)
    assert "trouble" not in drawing.answer


def test_the_readers_own_digits_are_counted():
    drawing = Draw(surest(4), keeps=True)
    assert drawing.read_correctly == 0 and {"keeps", "written"} <= set(drawing.own_traits())
    right = {"meant": "4", "read": "4", "share": 0.9, "pixels": ""}
    drawing.written = [right, right | {"meant": "9"}, right]
    assert drawing.read_correctly == 2


def test_no_gradient_is_recorded():
    seen = []
    Draw(lambda pictures: seen.append(torch.is_grad_enabled()) or torch.zeros(1, 10), start="2")
    assert seen == [False]
