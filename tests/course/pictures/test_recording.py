"""Recorded trainings: what is kept of them, and what is sent to a page."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from torchbook import Diverged, Supervised, TorchbookError, build, load, train
from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.recording import CLOSELY, MOST, Recording, record


def test_a_loop_written_by_hand_is_kept_step_by_step():
    recording = Recording()
    for w in (4.0, 2.0, 1.0):
        recording.add(loss=torch.tensor(w) ** 2, w=w, line=torch.tensor([0.0, w], requires_grad=True))
    assert recording.steps == [0, 1, 2] and len(recording) == 3
    assert recording.values("loss") == [16, 4, 1] and recording.losses == ("loss",)
    assert recording.diverged is None
    recording.add(step=10, loss=0)
    assert recording.steps[-1] == 10
    assert math.isnan(recording.values("w")[-1]) and np.isnan(recording.frames[-1]["line"]).all()


def test_it_says_when_the_loss_left_the_numbers():
    recording = Recording()
    for step, loss in ((5, 1.0), (10, math.inf), (15, math.nan)):
        recording.add(step=step, loss=loss)
    assert recording.diverged == 10


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        ({"loss": 1.0, "speed": 2.0}, "speed was not in the first step"),
        ({"loss": 1.0, "line": [1.0, 2.0, 3.0]}, r"line has shape \(3,\), in the first step it had \(2,\)"),
        ({"loss": 1.0, "line": torch.ones(2, 2)}, "a number, a curve"),
        ({"loss": 1.0, "line": torch.ones(4, dtype=torch.uint8)}, "pictures are uint8"),
    ],
)
def test_what_does_not_fit_is_refused(kept, message):
    recording = Recording()
    recording.add(loss=2.0, line=[0.0, 1.0])
    with pytest.raises(TorchbookError, match=message):
        recording.add(**kept)
    assert len(recording) == 1


def test_a_page_gets_the_same_numbers():
    recording = Recording()
    for step in range(3):
        picture = torch.full((2, 4, 5), step, dtype=torch.uint8)
        recording.add(loss=0.1 * step, valid_loss=math.inf, line=[step, step + 0.5], picture=picture)
    packed = recording.packed()
    assert np.frombuffer(packed["numbers"]["loss"], "<f8").tolist() == [0.0, 0.1, 0.2]
    assert np.frombuffer(packed["numbers"]["valid_loss"], "<f8").tolist() == [math.inf] * 3
    assert packed["losses"] == ["loss", "valid_loss"] and packed["diverged"] is None
    assert packed["curves"]["line"]["length"] == 2
    assert np.frombuffer(packed["curves"]["line"]["data"], "<f4").tolist() == [0, 0.5, 1, 1.5, 2, 2.5]
    pixels = np.frombuffer(packed["pictures"]["picture"]["data"], np.uint8).reshape(3, 2, 4, 5)
    assert packed["pictures"]["picture"]["shape"] == [2, 4, 5] and (pixels[2] == 2).all()


def test_of_a_long_training_the_beginning_and_the_end_are_kept():
    recording = Recording()
    for step in range(10_000):
        recording.add(loss=step)
    thin = recording.thinned()
    assert len(thin) <= MOST and thin.steps[: CLOSELY + 1] == list(range(CLOSELY + 1)) and thin.steps[-1] == 9_999
    gaps = np.diff(thin.steps)
    assert gaps[-1] > 50 and thin.values("loss") == thin.steps
    assert len(recording) == 10_000


def _line(rate):
    data = load("thermometer")
    model = build("linear", sample_shape=(1,), outputs=1, seed=0)
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=rate), loss=F.mse_loss)
    return model, train(task, data.batches("train", size=11), epochs=50)


def test_a_training_of_the_workbench_is_recorded():
    model, reports = _line(0.1)
    weight = next(model.parameters())
    recording = record(reports, lambda: {"weight": weight[0, 0]})
    assert recording.steps == list(range(1, 51))
    assert recording.values("loss")[-1] == pytest.approx(2.9276, abs=1e-3)
    assert recording.values("weight")[-1] == weight.item()


def test_a_training_that_diverges_is_recorded_up_to_there():
    _, reports = _line(50.0)
    recording = record(reports)
    assert recording.values("loss")[-1] == math.inf and recording.diverged == recording.steps[-1]
    assert len(recording) > 1 and math.isfinite(recording.values("loss")[-2])


def test_reports_may_be_of_any_making():
    recording = record({"step": 2 * i, "loss": 1 / (i + 1)} for i in range(4))
    assert recording.steps == [0, 2, 4, 6]

    def broken():
        raise Diverged("at once")
        yield {}

    with pytest.raises(Diverged):
        record(broken())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (29.0217, "29.02"),
        (22.0, "22"),
        (0, "0"),
        (-17.301, "−17.3"),
        (torch.tensor(0.5), "0.5"),
        (1e-4, "$10^{-4}$"),
        (5802484.5, r"$5.802 \cdot 10^{6}$"),
        (99_999.6, "$10^{5}$"),
        (-1e-7, "$-10^{-7}$"),
        (math.inf, r"$\infty$"),
        (math.nan, "not a number"),
    ],
)
def test_numbers_are_written_for_people(value, said):
    assert brief(value) == said


def test_fewer_digits():
    assert brief(0.043777, 2) == "0.044"
