"""The map of a valley and its paths say what PyTorch's own optimizer does."""

import math

import pytest
import torch

from torchbook.course.pictures.recording import Recording
from torchbook.course.pictures.scenes import Contour
from torchbook.course.pictures.tuning import Tuning
from torchbook.course.pictures.valley import Valley
from torchbook.errors import TorchbookError


def walk(rate, momentum):
    recording, w = Recording(), torch.tensor([1.0, 1.0], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=rate, momentum=momentum)
    for _ in range(5):
        loss = (w**2).sum() / 2
        recording.add(loss=loss, x=w[0], y=w[1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {"plain": recording}


def contour():
    line = torch.linspace(-1, 1, 9)
    return Contour(line[:, None] ** 2 + line**2, line, line, ("x", "y"))


def test_a_pair_of_the_map_is_walked_and_said_in_words():
    steps = torch.tensor([[7.0, math.inf], [math.nan, 3.0]])
    valley = Tuning(contour(), walk, steps=steps, rates=[0.1, 0.2], momenta=[0.0, 0.5], rate=0.1, momentum=0.0)
    assert (valley.rate, valley.momentum, valley.takes) == (0.1, 0.0, "arrives after 7 steps")
    before = valley.runs[0]["numbers"]["loss"]
    valley.set_state({"column": 1, "row": 1})
    assert (valley.rate, valley.momentum, valley.takes) == (0.2, 0.5, "arrives after 3 steps")
    assert valley.runs[0]["numbers"]["loss"] == walk(0.2, 0.5)["plain"].packed()["numbers"]["loss"] != before
    valley.set_state({"row": 0})
    assert valley.takes == "diverges" and "diverges" in valley.alternative
    valley.set_state({"column": 0, "row": 1})
    assert "not arrived" in valley.takes and valley.alternative in valley.still()


def test_paths_without_a_map_stand_beside_their_losses():
    valley = Valley(contour(), walk(0.1, 0.0))
    assert ">loss" in valley.still() and "plain: loss" in valley.alternative


def test_what_does_not_fit_is_said():
    with pytest.raises(TorchbookError, match=r"steps must be \[1, 2\]"):
        Tuning(contour(), walk, steps=torch.zeros(2, 2), rates=[0.1, 0.2], momenta=[0.0], rate=0.1, momentum=0.0)
    with pytest.raises(TorchbookError, match="one to 4 paths, got 0"):
        Valley(contour(), {})
