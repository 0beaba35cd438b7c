"""The picture of a boundary: what it shows is what its module says, and its code makes the same."""

import base64
import re
from itertools import pairwise

import pytest
import torch
from torch import nn
from waiting import until

from torchbook.course.pictures import boundary
from torchbook.course.pictures.boundary import Boundary
from torchbook.course.pictures.boundary_model import CURVE, REACH, plane, shares
from torchbook.errors import TorchbookError


def ran(code):
    """The names that a picture's code defines."""
    scope = {}
    with torch.random.fork_rng(devices=[]):
        exec(code, scope)
    return scope


def trained(picture):
    """What is trained, with its module, its points and its curve."""
    return picture.worker.work.classifier


def outputs(module):
    with torch.no_grad():
        return module(plane(20))


@pytest.mark.slow
@pytest.mark.parametrize("figure", ["circles", "moons", "blobs", "xor"])
@pytest.mark.parametrize(
    ("hidden", "activation", "start"),
    [((), "relu", "random"), ((8, 3), "relu", "random"), ((4,), "tanh", "zeros"), ((2, 2), "none", "equal")],
)
def test_the_code_makes_the_same_points_module_and_training(figure, hidden, activation, start):
    picture = Boundary(figure, hidden, activation=activation, start=start, seed=3, learning_rate=0.05)
    picture.advance(40)
    made = ran(picture.code)
    assert torch.equal(made["inputs"], trained(picture).inputs)
    assert torch.equal(made["labels"], trained(picture).labels)
    assert str(made["model"]) == str(trained(picture).module)
    torch.testing.assert_close(outputs(made["model"]), outputs(trained(picture).module), atol=1e-4, rtol=1e-3)


def test_the_code_writes_weights_out_that_training_would_not_give():
    picture = Boundary("moons", (3,))
    picture.advance(5)
    asked(picture, do="weight", layer=0, unit=2, source=1, value=4.5)
    asked(picture, do="weight", layer=1, unit=0, source=-1, value=-2.25)
    made = ran(picture.code)
    assert made["model"][0].weight[2, 1] == 4.5
    assert made["model"][2].bias[0] == -2.25
    torch.testing.assert_close(outputs(made["model"]), outputs(trained(picture).module), atol=1e-4, rtol=1e-3)


def test_the_code_has_the_points_that_were_drawn():
    picture = Boundary("own", (4,), points=[[-1, 0.25, 0], [1, 0.5, 1], [1.5, -2, 1]])
    picture.advance(10)
    made = ran(picture.code)
    assert made["inputs"].tolist() == [[-1, 0.25], [1, 0.5], [1.5, -2]]
    assert made["labels"].tolist() == [0, 1, 1]
    torch.testing.assert_close(outputs(made["model"]), outputs(trained(picture).module), atol=1e-4, rtol=1e-3)


def asked(picture, **content):
    """What the page would send."""
    picture._on_message(picture, content, None)


@pytest.mark.slow
def test_a_line_fails_on_circles_and_a_hidden_layer_does_not():
    line, hidden = Boundary("circles", ()), Boundary("circles", (8,))
    line.advance(300)
    hidden.advance(300)
    assert line.accuracy < 0.6
    assert hidden.accuracy > 0.97


def test_points_drawn_during_training_are_learned_with_the_weights_that_are_there():
    picture = Boundary("own", (8,), points=[[-1, 0, 0], [1, 0, 1]])
    picture.advance(20)
    weights = outputs(trained(picture).module)
    picture.points = [*picture.points, [0, 2, 0]]
    assert torch.equal(outputs(trained(picture).module), weights)
    assert len(trained(picture).inputs) == 3
    picture.advance(200)
    assert picture.accuracy == 1.0
    assert picture.steps == 220
    torch.testing.assert_close(
        outputs(ran(picture.code)["model"]), outputs(trained(picture).module), atol=1e-4, rtol=1e-3
    )


def test_without_points_nothing_is_trained_and_the_words_say_so():
    picture = Boundary("own")
    picture.advance(3)
    assert picture.steps == 0
    assert "no points yet" in picture.alternative
    assert picture.frame["accuracy"] is None
    ran(picture.code)


def whole(text):
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.int16).float()


def test_what_is_shown_is_what_the_module_says():
    picture = Boundary("blobs", (3,), activation="tanh")
    picture.advance(30)
    frame, module = picture.frame, trained(picture).module
    with torch.no_grad():
        logits = module(plane(60))[:, 0]
        sums = torch.cat([module[0](plane(30)), module(plane(30))], dim=1).T
    # As exact as 16 bits allow: half of the last one.
    assert (whole(frame["logits"]) * frame["scale"] - logits).abs().max() <= 0.51 * frame["scale"]
    scales = torch.tensor(frame["scales"]).unsqueeze(1)
    assert ((whole(frame["sums"]).reshape(4, 900) * scales - sums).abs() <= 0.51 * scales + 1e-6).all()
    assert whole(frame["logits"]).abs().max() == 32767
    torch.testing.assert_close(shares(frame).flatten(), logits.sigmoid(), atol=1e-4, rtol=0)
    assert frame["widths"] == [2, 3, 1]
    torch.testing.assert_close(torch.tensor(frame["weights"][0]), module[0].weight.detach(), atol=6e-5, rtol=0)


def test_silent_units_are_those_whose_relu_is_zero_for_every_point():
    picture = Boundary("moons", (6, 4), bends=True)
    asked(picture, do="weight", layer=0, unit=1, source=-1, value=-50.0)
    module, points = trained(picture).module, trained(picture).inputs
    with torch.no_grad():
        hidden = [(module[:depth](points) == 0).all(dim=0).tolist() for depth in (2, 4)]
    assert picture.frame["silent"] == hidden
    assert hidden[0][1]
    assert picture.silent == sum(map(sum, hidden))
    assert f"silent for every point: {picture.silent}." in picture.alternative
    assert picture.still().count("<line") == 5  # the line of the silent unit lies outside of the plane
    assert Boundary("moons", (6,), activation="tanh", bends=True).silent == 0


def test_the_lines_of_the_still_are_where_a_unit_switches():
    picture = Boundary("own", (1,), bends=True)
    for source, value in ((0, 2.0), (1, -1.0), (-1, 0.5)):
        asked(picture, do="weight", layer=0, unit=0, source=source, value=value)
    ends = re.search(r'x1="(\S+)" y1="(\S+)" x2="(\S+)" y2="(\S+)"', picture.still())
    x, y, u, v = (float(end) / 420 * 2 * REACH - REACH for end in ends.groups())
    assert 2 * x + y + 0.5 == pytest.approx(0, abs=0.01)  # downwards in the drawing is less
    assert 2 * u + v + 0.5 == pytest.approx(0, abs=0.01)


def test_the_plane_is_read_from_the_top_left():
    cells = plane(60).reshape(60, 60, 2)
    assert cells[0, 0, 0] == pytest.approx(-REACH, abs=0.05)
    assert cells[0, 0, 1] == pytest.approx(REACH, abs=0.05)
    assert cells[-1, -1].tolist() == pytest.approx([REACH, -REACH], abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("how", "worst"), [("rate", 0.9), ("zeros", 0.55), ("equal", 0.75), ("linear", 0.6)])
def test_what_is_broken_stands_beside_a_healthy_run(how, worst):
    picture = Boundary("circles", (8,))
    asked(picture, do="break", how=how)
    assert picture.playing
    picture.playing = False
    trained(picture).reset()
    picture.advance(300)
    assert picture.accuracy < worst
    assert picture.before["name"] == "healthy"
    assert picture.before["curve"][-1][1] < 0.05


def test_units_that_begin_alike_stay_alike():
    picture = Boundary("circles", (4,), start="equal")
    picture.advance(50)
    weights = trained(picture).module[0].weight
    assert torch.allclose(weights, weights[:1].expand(4, 2), atol=1e-5)
    assert not torch.allclose(weights, torch.tensor(0.5), atol=1e-2)


def test_without_an_activation_the_boundary_is_straight():
    picture = Boundary("circles", (6, 6), activation="none")
    picture.advance(20)
    logits = outputs(trained(picture).module).reshape(20, 20).double()
    assert logits.diff(n=2, dim=0).abs().max() < 1e-4
    assert logits.diff(n=2, dim=1).abs().max() < 1e-4


class Bent(nn.Module):
    """A learner's module, in a way that no list of layers tells."""

    def __init__(self, outputs):
        super().__init__()
        self.first, self.second = nn.Linear(2, 8), nn.Linear(8, outputs)

    def forward(self, points):
        return self.second(torch.tanh(self.first(points)))


@pytest.mark.parametrize("count", [1, 2])
def test_a_module_of_ones_own_is_made_by_the_seed_and_trained(count):
    made = []

    def make():
        made.append(Bent(count))
        return made[-1]

    picture = Boundary("circles", module=make, learning_rate=0.05)
    before = outputs(made[0])
    picture.advance(250)
    assert picture.accuracy > 0.97
    assert picture.frame["widths"] == [2, 8, count]
    assert "your own module" in picture.alternative
    picture.learning_rate = 0.01
    assert picture.steps == 0
    assert torch.equal(outputs(trained(picture).module), before)
    compile(picture.code, "<code>", "exec")


def test_another_module_takes_the_place_of_the_first():
    picture = Boundary("circles", module=lambda: Bent(1))
    picture.module = lambda: nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 1))
    picture.advance(100)
    assert picture.accuracy > 0.95
    assert picture.frame["widths"] == []


def test_a_module_that_does_not_fit_is_told():
    with pytest.raises(TorchbookError, match=r"one number for each point, or two.*\[212, 3\]"):
        Boundary("circles", module=lambda: Bent(3))
    with pytest.raises(TorchbookError, match="got 3"):
        Boundary("circles", module=lambda: 3)
    with pytest.raises(TorchbookError, match="give the class, or a function that returns the module"):
        Boundary("circles", module=Bent(1))


class Failing(Bent):
    def forward(self, points):
        if self.training:
            raise ValueError("not today")
        return super().forward(points)


def test_a_module_that_fails_stops_the_training_and_says_why():
    picture = Boundary("circles", module=lambda: Failing(1))
    picture.playing = True
    until(lambda: not picture.playing)
    assert "not today" in picture.message


def test_it_plays_and_pauses_and_the_words_follow():
    picture = Boundary("circles", (8,))
    words = picture.alternative
    picture.playing = True
    until(lambda: picture.steps > 5)
    picture.playing = False
    until(lambda: f"after {picture.steps} steps" in picture.alternative)  # the last frame may be on its way
    steps = picture.steps
    assert f"Accuracy {picture.accuracy:.2f}" in picture.alternative
    assert picture.alternative != words
    picture.playing = True
    until(lambda: picture.steps > steps)
    picture.playing = False


def test_it_pauses_when_nobody_looks(monkeypatch):
    picture = Boundary("circles", (2,))
    picture.playing = True
    until(lambda: picture.steps > 0)
    monkeypatch.setattr(boundary, "PATIENCE", 0.0)
    until(lambda: not picture.playing)


def test_a_changed_setting_begins_again_beside_the_curve_before():
    picture = Boundary("circles", (8,))
    picture.advance(30)
    curve = trained(picture).curve
    picture.hidden = [8, 4]
    assert picture.steps == 0
    assert picture.frame["widths"] == [2, 8, 4, 1]
    assert picture.before == {"name": "before", "curve": curve}
    assert "2-8-4-1" in picture.alternative


def test_weights_go_back_to_where_they_began():
    picture = Boundary("circles", (8,))
    first = outputs(trained(picture).module)
    picture.advance(30)
    assert not torch.equal(outputs(trained(picture).module), first)
    asked(picture, do="reset")
    assert picture.steps == 0
    assert torch.equal(outputs(trained(picture).module), first)


def test_the_curve_of_a_long_training_stays_short():
    picture = Boundary("blobs", ())
    picture.advance(1000)
    steps = [step for step, _ in picture.frame["curve"]]
    assert len(steps) <= CURVE
    assert steps[0] == 0
    assert steps[-1] > 980
    assert len({b - a for a, b in pairwise(steps)}) == 1


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"do": "fly"},
        {"do": "break", "how": "unknown"},
        {"do": "weight", "layer": 0, "unit": 0, "source": 0, "value": float("nan")},
        {"do": "weight", "layer": 9, "unit": 0, "source": 0, "value": 1.0},
        {"do": "weight", "layer": 0, "unit": 0, "source": 0, "value": "much"},
        "step",
    ],
)
def test_what_makes_no_sense_changes_nothing(content):
    picture = Boundary("circles", (2,))
    before = picture.frame
    picture._on_message(picture, content, None)
    assert picture.frame == before


@pytest.mark.parametrize(
    ("wrong", "told"), [({"figure": "square"}, "circles, moons"), ({"activation": "gelu"}, "relu")]
)
def test_unknown_names_are_told(wrong, told):
    with pytest.raises(TorchbookError, match=told):
        Boundary(**wrong)


def test_a_still_has_the_plane_the_points_and_the_words():
    picture = Boundary("circles", (8,))
    picture.advance(100)
    still = picture.still()
    labels = trained(picture).labels
    assert still.count("<circle") == int((labels == 0).sum())
    assert still.count("<polygon") == int((labels == 1).sum())
    assert picture.alternative in still
