"""What the lesson on gradient descent claims, with its own and with other control values."""

import math
import re

import numpy as np
import pytest
import torch

from torchbook.course.runtime import session as session_module
from torchbook.course.texts.document import documents, read_document
from torchbook.course.texts.document_parts import Prose
from torchbook.course.texts.document_values import filled

pytestmark = pytest.mark.slow

USUAL = {"scaling": "divided by 10", "learning_rate": 1e-2, "epochs": 5000}


def ran(number, **controls):
    """The names that the document of a lesson makes with some values of its controls, and its prose."""
    document = read_document(documents()[number])
    session = session_module.run(document, **controls)
    prose = " ".join(
        filled(part.text, session.fragments[part.id].values) for part in document.flat if isinstance(part, Prose)
    )
    return dict(session.names), " ".join(prose.split())


class Read:
    """A lesson that has run: the names it defines, and its text."""

    def __init__(self, names, text):
        self.names, self.text = names, text.replace("*", "")

    def __getitem__(self, name):
        return self.names[name]


@pytest.fixture(scope="module")
def run():
    return lambda **controls: Read(*ran(8, **controls))


@pytest.fixture(scope="module")
def usual(run):
    return run()


@pytest.fixture(scope="module")
def line(usual):
    """The best line by numpy, in the units of the readings, and its loss."""
    x, y = usual["readings"].double().numpy(), usual["celsius"].double().numpy()
    w, b = np.polyfit(x, y, 1)
    return w, b, np.mean((w * x + b - y) ** 2)


def test_the_baseline_is_the_mean(usual):
    assert usual["mean"].item() == pytest.approx(10.5)
    assert usual["baseline"].item() == pytest.approx(usual["celsius"].var(correction=0).item())
    assert "Always to answer 10.5 °C costs a loss of 77.14" in usual.text
    assert usual["own_loss"] > usual["baseline"] and "worse than no model at all" in usual.text


def test_trying_the_formula_and_autograd_give_one_slope(usual):
    assert usual["slope"].item() == pytest.approx(usual["slope_w"].item(), rel=1e-4)
    assert usual["by_torch_w"].grad.item() == pytest.approx(usual["slope_w"].item(), rel=1e-6)
    assert usual["by_torch_b"].grad.item() == pytest.approx(usual["slope_b"].item(), rel=1e-6)


def test_one_rate_is_good_one_crawls_one_jumps_out(usual):
    good, small, large = (usual["walks"][name].values("loss") for name in ("good", "too small", "too large"))
    assert good[-1] < 30 < 300 < small[-1] < small[0]
    assert large[-1] > large[-2] > large[0]
    sides = np.sign(np.diff(usual["walks"]["too large"].values("w")))
    assert (sides[1:] == -sides[:-1]).all(), "it jumps from side to side"


def test_the_published_numbers(usual, run):
    # Stevens, Antiga and Viehmann give the loss of an epoch before its step.
    assert usual["fast"].diverged is not None and usual["fast"].diverged < 100
    assert usual["slow"].values("loss")[99] == pytest.approx(29.0227, abs=1e-3)
    assert usual["losses"][99] == pytest.approx(22.1487, abs=1e-3)
    assert usual["losses"][4999] == pytest.approx(2.9276, abs=1e-4)
    assert usual["w"] == pytest.approx(5.367, abs=1e-3) and usual["b"] == pytest.approx(-17.301, abs=2e-3)
    assert abs(usual["slow"].values("b")[-1]) < 0.05


def test_no_line_is_better(usual, line):
    w, b, loss = line
    assert usual["lowest"] == pytest.approx(loss, rel=1e-5)
    assert usual["losses"][-1] == pytest.approx(loss, rel=1e-4)
    assert usual["answer"] == pytest.approx(w * 50 + b, abs=0.01)
    assert "9.53 °C" in usual.text and "Fahrenheit" in usual.text
    assert abs(w - 5 / 9) < 0.03 and abs(b + 160 / 9) < 0.6


@pytest.mark.parametrize("scaling", ["raw", "divided by 10", "mean 0, spread 1"])
def test_the_highest_rate_is_the_highest(usual, scaling):
    m, s = usual["middle_and_spread"](usual["readings"], scaling)
    x = (usual["readings"] - m) / s
    along, across = usual["curvatures"](x)
    below, above = (usual["descend"](x, usual["celsius"], f * 2 / across, 300).values("loss") for f in (0.98, 1.02))
    assert below[-1] < below[0] and not above[-1] < above[0]
    assert across >= along > 0


def test_the_better_the_units_the_fewer_epochs(usual):
    assert usual["needed"] == {"raw": None, "divided by 10": 1217, "mean 0, spread 1": 1}
    assert "| raw | 33600 |" in usual.text and "more than 2000" in usual.text


def test_wherever_one_begins_one_ends_in_the_same_place(usual, run):
    for start in usual["starts"]:
        assert start.values("loss")[-1] == pytest.approx(usual["lowest"], rel=1e-4)
        assert start.values("w")[-1] == pytest.approx(usual["starts"][0].values("w")[-1], rel=1e-4)


def test_each_broken_run_breaks_in_its_own_way(usual):
    runs = {name: one.values("loss") for name, one in usual["broken_runs"].items()}
    assert runs["healthy"] == sorted(runs["healthy"], reverse=True)
    assert runs["learning rate too high"][-1] > 1e6
    uphill = runs["plus instead of minus"]
    assert uphill == sorted(uphill) and np.diff(uphill)[-1] > np.diff(uphill)[0]
    swings = runs["gradients not set to zero"][30:]
    assert min(swings) < runs["healthy"][-1] and max(swings) > 70


def test_other_controls_change_every_number_that_depends(usual, run):
    other = run(scaling="mean 0, spread 1", learning_rate=0.3, epochs=10, raw_learning_rate=1e-5, raw_epochs=100,
                batch_size=11, seed=3)  # fmt: skip
    assert "Inputs mean 0, spread 1, learning rate 0.3, 10 epochs" in other.text
    assert "the loss bends equally all round" in other.text and "above 1 diverge. Yours is 0.3" in other.text
    assert "make 1 step an epoch" in other.text and "10 updates, one an epoch" in other.text
    assert "With a learning rate of $10^{-5}$ the loss falls from 1764 to" in other.text
    w, b = other["w"], other["b"]
    assert f"$w = {w:.4g}$ and $b = {b:.4g}$" in other.text
    for stale in ("divided by 10, learning rate 0.01", "w = 5.367", "357 times", "15000 updates", "at step 10 it is"):
        assert stale in usual.text and stale not in other.text
    tables = [re.findall(r"\| w?\$w\$ at first .*?Wherever", one.text) for one in (usual, other)]
    assert tables[0] != tables[1]


def test_a_training_that_has_not_arrived_is_not_trusted(run):
    diverged = run(**USUAL | {"learning_rate": 0.1, "epochs": 300})
    assert not math.isfinite(diverged["losses"][-1])
    assert "It diverges, and no number of epochs will help" in diverged.text
    assert "do not trust it" in diverged.text and "Fahrenheit" not in diverged.text
    early = run(**USUAL | {"epochs": 100})
    assert "It is still on its way: the best line has 2.928" in early.text and "do not trust it" in early.text


def test_a_new_reading_needs_the_units_of_training(usual):
    """Who forgets them gets another temperature, and no error."""
    forgotten = usual["model"](torch.tensor(usual["today"]), usual["w"], usual["b"])
    assert abs(forgotten.item() - usual["answer"]) > 100
