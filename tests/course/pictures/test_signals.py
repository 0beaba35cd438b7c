"""Signals of a network: what the histograms count, and where they stand."""

import math

import pytest
import torch
from torch import nn

from torchbook.course.pictures.signals import GRADIENTS, SUMS, histogram, look, signal_rows, signals, started
from torchbook.course.pictures.stepper import Stepper


def report(model, inputs, labels):
    return [(0.1, 0.0) for part in model if isinstance(part, nn.Linear)]


@pytest.fixture
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3))


@pytest.fixture
def examples():
    chance = torch.Generator().manual_seed(0)
    return torch.randn(80, 1, 2, 3, generator=chance), torch.randint(3, (80,), generator=chance)


def test_sizes_are_counted_by_their_power_of_ten():
    bars = histogram(torch.tensor([0.0, 0.1, -0.1, 1e-9, 1e9, math.nan]), (-2.0, 2.0)).tolist()
    place = round(45 * (-1 + 2) / 4)
    assert bars[0] == bars[-1] == 128 and 255 in bars[place - 1 : place + 1] and sum(map(bool, bars)) == 3


def test_all_examples_alike_leave_no_difference(network, examples):
    inputs, labels = examples
    seen = look(network, inputs[:1].expand(8, -1, -1, -1), labels[:8], report=report)
    assert not seen["sums"].any() and seen["gradients"].any()
    assert seen["spread"] == [-1.0, -1.0] and all(map(math.isnan, seen["size"]))


def test_zeros_stay_zeros_but_for_the_last_bias(network, examples):
    recording = signals(started(network, "zeros"), *examples, report=report, steps=10)
    assert recording.steps == [0, 10]
    assert not any(frame["sums"].any() or frame["gradients"].any() for frame in recording.frames)
    assert network[3].bias.detach().abs().min() > 0


def test_the_rows_fit_what_is_recorded(network, examples):
    recording = signals(started(network, "default"), *examples, report=report, steps=10)
    picture = Stepper(recording, *signal_rows())
    assert [scene["view"] for scene in picture.runs[0]["scenes"]] == [list(SUMS), list(GRADIENTS)]
    assert "<svg" in picture.still()
