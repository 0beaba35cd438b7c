"""The Stepper without a browser: what it takes, and what it says."""

import math

import numpy as np
import pytest
import torch

from torchbook import TorchbookError
from torchbook.course.pictures.stepper import Contour, Field, Pictures, Plot, Recording, Stepper

GRID = torch.tensor([0.0, 1.0])


def recorded(*losses, **more):
    recording = Recording()
    for loss in losses:
        recording.add(loss=loss, line=[0.0, loss], w=1.0, b=2.0, **more)
    return recording


def line(**more):
    return Plot("line", grid=GRID, points=([0.0, 1.0], [3.0, 5.0]), **more)


def test_it_says_in_words_how_the_training_went():
    assert Stepper(recorded(8.0, 2.5), line()).alternative == "loss 8 at step 0, 2.5 at step 1."
    both = Stepper({"healthy": recorded(8.0, 2.5), "broken": recorded(8.0, 90.0, math.inf)}, line(), unit="epoch")
    assert "healthy: loss 8 at epoch 0, 2.5 at epoch 1." in both.alternative
    assert "broken: loss 8 at epoch 0, up to 90; it diverged at epoch 2." in both.alternative


def test_other_recordings_come_into_the_same_picture():
    picture = Stepper(recorded(8.0, 2.5), line(), place="here")
    before = picture.runs[0]["scenes"]
    told = []
    picture.observe(told.append, names=["runs"])
    picture.show(recorded(7.0, 1.0, 0.5))
    assert len(told) == 1 and len(picture.runs[0]["steps"]) == 3
    assert picture.runs[0]["scenes"] == before and "0.5" in picture.alternative


def test_each_run_may_have_a_scene_of_its_own():
    runs = {"one": recorded(1.0), "two": recorded(2.0)}
    picture = Stepper(runs, {"one": line(across="metres"), "two": line(across="feet")})
    assert [run["scenes"][0]["across"] for run in picture.runs] == ["metres", "feet"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Stepper({}), "no recording"),
        (lambda: Stepper(Recording()), "no loss"),
        (lambda: Stepper(recorded(1.0), Plot("curve", grid=GRID, view=(0.0, 1.0, 0.0, 1.0))), "curve is to be drawn"),
        (lambda: Stepper(recorded(1.0), Pictures("faces")), "faces is to be drawn"),
        (lambda: Stepper(recorded(1.0), Plot("line", grid=GRID)), "needs a view"),
        (lambda: Stepper(recorded(1.0), Field("line", ([], []), [], (0.0, 1.0, 0.0, 1.0))), "line has 2 values"),
        (lambda: Stepper(recorded(1.0), Contour(torch.ones(2, 3), GRID, GRID, ("w", "b"))), r"must be \[2, 2\]"),
    ],
)
def test_what_cannot_be_drawn_is_said(make, message):
    with pytest.raises(TorchbookError, match=message):
        make()


def test_the_view_holds_all_points():
    left, right, bottom, top = line().packed()["view"]
    assert left < 0 < 1 < right and bottom < 3 < 5 < top


def test_the_lines_of_a_contour_are_where_the_loss_is_what_they_say():
    x = y = np.linspace(-2, 2, 81)
    heights = x[None, :] ** 2 + y[:, None] ** 2 + 0.01
    levels = Contour(heights, x, y, ("w", "b")).packed()["levels"]
    assert [one["level"] for one in levels] == sorted((one["level"] for one in levels), reverse=True)
    checked = 0
    for one in levels:
        corners = np.frombuffer(one["data"], "<f4").reshape(-1, 2)
        assert sum(one["rings"]) == len(corners)
        inner = (np.abs(corners) < 1.99).all(axis=1)
        found = (corners[inner] ** 2).sum(axis=1) + 0.01
        assert np.allclose(found, one["level"], atol=0.02)
        checked += inner.sum()
    assert checked > 200
