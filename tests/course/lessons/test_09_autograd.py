"""What the lesson on autograd claims, with the controls as they are and elsewhere."""

import pytest
import torch
import torch.nn.functional as F

from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.graph_signs import format_number
from torchbook.course.runtime import session as session_module
from torchbook.course.texts.document import documents, read_document
from torchbook.course.texts.document_parts import Prose
from torchbook.course.texts.document_values import filled
from torchbook.data import load

pytestmark = pytest.mark.slow


def ran(number, **controls):
    """The names that the document of a lesson makes with some values of its controls, and its prose."""
    document = read_document(documents()[number])
    session = session_module.run(document, **controls)
    prose = " ".join(
        filled(part.text, session.fragments[part.id].values) for part in document.flat if isinstance(part, Prose)
    )
    return dict(session.names), " ".join(prose.split())


def run(**controls):
    return ran(9, **controls)


@pytest.fixture(scope="module")
def default():
    return run()


OTHER = {"at_x": -1.5, "at_w": 0.5, "at_b": -2.0, "part_size": 1, "first_stage": "recorded"}
OTHER |= {"fork_x": -1.0, "fork_w": 2.0, "learning_rate": 0.01, "epochs": 40}
THIRD = {"at_x": 0.0, "at_w": 1.0, "at_b": 0.0, "part_size": 11, "first_stage": "under no_grad"}
THIRD |= {"fork_x": 1.0, "fork_w": 1.0, "learning_rate": 0.3, "epochs": 20}


@pytest.fixture(scope="module")
def runs(default):
    """The lesson with its own control values, and with two other sets of them."""
    return [default, run(**OTHER), run(**THIRD)]


def test_it_says_what_autograd_says(default):
    names, prose = default
    assert names["line_says"] == {"y": 7.0, "w": torch.tensor(2.0), "b": torch.tensor(1.0), "x": None}
    assert "`x.grad` | **None**" in prose
    assert names["parameters"] == 784 * 128 + 128 + 128 * 10 + 10 and f"{2 * names['parameters']:,}" in prose


@pytest.mark.parametrize("which, x, w, b", [(0, 2.0, 3.0, 1.0), (1, -1.5, 0.5, -2.0), (2, 0.0, 1.0, 0.0)])
def test_the_slopes_follow_the_knobs(runs, which, x, w, b):
    names, prose = runs[which]
    assert names["line_says"]["w"] == x and names["line_says"]["b"] == 1.0
    weight, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    slope_w, slope_b = torch.autograd.grad((weight * x + bias - 4.0) ** 2, [weight, bias])
    assert (names["chain"]["w"], names["chain"]["b"]) == (slope_w.item(), slope_b.item())
    error = weight * x - 4.0
    (both,) = torch.autograd.grad(error**2 + 0.5 * weight**2, [weight])
    assert names["two_paths"]["w"] == pytest.approx(both.item())
    assert names["added_up"] == pytest.approx(2 * 2 * (w * x - 4.0) * x)
    assert f"after two of them `w.grad` is **{brief(names['added_up'])}**" in prose
    assert f"PyTorch says `w.grad` = **{brief(names['chain']['w'])}**" in prose
    said = [step["said"] for step in names["chain_picture"].stories[0].steps]
    assert f"w.grad was None, now it is {format_number(slope_w.item())}." in said


def test_errors_are_shown_and_explained(default):
    names, prose = default
    assert "does not require grad" in str(names["not_asked"]) and "There is no path from this result" in prose
    assert "leaf Variable" in str(names["in_place"]) and "was changed in place" in prose
    assert names["weight"] == 3.0  # the update that failed has changed nothing


def test_leaves_keep_their_gradient(default):
    names, _ = default
    assert names["weight"].is_leaf and not names["double"].is_leaf
    assert names["weight"].grad == 24.0 and names["double"].grad == 12.0  # the latter on request


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.2])
def test_a_forgotten_zero_grad_goes_another_way(default, rate):
    names, _ = default

    def by_hand(forget):
        w, gradient = 0.0, 0.0
        for _ in range(3):
            gradient = 4 * (2 * w - 4) + (gradient if forget else 0.0)
            w -= rate * gradient
        return w

    assert names["three_steps"](rate, False)[1] == pytest.approx(by_hand(False), rel=1e-5)
    assert names["three_steps"](rate, True)[1] == pytest.approx(by_hand(True), rel=1e-5)
    assert abs(by_hand(True) - by_hand(False)) > 0.1


def test_forgetting_runs_past_the_valley(default):
    names, prose = default
    assert abs(names["healthy_w"] - 2) < 0.05 and names["broken_w"] > 4
    healthy, broken = names["zero_picture"].stories
    assert "w.grad was −16, now it is 0" in " ".join(step["said"] for step in healthy.steps)
    assert "backward() adds −3.2 to it" in " ".join(step["said"] for step in broken.steps)
    assert len(healthy.steps) == len(broken.steps)
    assert "past the valley" in prose


@pytest.mark.parametrize("which, size", [(0, 4), (1, 1), (2, 11)])
def test_a_gradient_in_parts_is_the_gradient(runs, which, size):
    names, prose = runs[which]
    assert torch.allclose(names["at_once"], names["in_parts"], rtol=1e-5)
    assert len(names["parts"]) == -(-11 // size) and f"at most {size}" in prose


@pytest.mark.parametrize("which, first", [(0, "detached"), (1, "recorded"), (2, "under no_grad")])
def test_off_the_record(runs, which, first):
    names, prose = runs[which]
    x, w = names["at_x"], names["at_w"]
    slope = names["stages"]["w"]
    assert slope == 0.5 * x if first == "recorded" else slope is None
    assert names["stages"]["hidden"] == names["stages"]["c"] == w * x
    assert f"The first stage is **{first}**" in prose
    cuts = sum(edge["cut"] for edge in names["stage_picture"].stories[0].graphs[0]["edges"])
    assert cuts == (0 if first == "recorded" else 1)


def test_nothing_is_kept_without_recording(default):
    names, _ = default
    pictures, hidden = 1000 * 784 * 4, 1000 * 128 * 4
    assert names["silent_bytes"] == 0 and names["recorded_bytes"] >= pictures + hidden


@pytest.mark.parametrize("which, y, operations", [(0, 2.25, 4), (1, -2.0, 1), (2, 1.0, 2)])
def test_the_graph_is_that_of_the_way_taken(runs, which, y, operations):
    names, prose = runs[which]
    x, w = names["fork_x"], names["fork_w"]
    assert names["fork_says"]["y"] == y and names["operations"] == operations
    little = 1e-3
    slope = (names["fork"](x, w + little)[1]["y"] - names["fork"](x, w - little)[1]["y"]) / (2 * little)
    assert names["fork_says"]["w"] == pytest.approx(slope, rel=1e-2)
    assert f"**{operations} operation" in prose


@pytest.mark.parametrize("which", [0, 1, 2])
def test_autograd_descends_as_by_hand(runs, which):
    names, _ = runs[which]
    assert names["apart"] < 1e-5
    for name in ("loss", "w", "b"):
        assert names["by_autograd"].values(name) == pytest.approx(names["by_hand"].values(name), rel=1e-4)


def test_the_thermometer_ends_where_a_line_can_end(default):
    names, _ = default
    data = load("thermometer").train
    columns = torch.cat([data.inputs, torch.ones(11, 1)], dim=1)
    best = F.mse_loss(columns @ torch.linalg.lstsq(columns, data.labels).solution, data.labels).item()
    assert names["by_autograd"].values("loss")[-1] == pytest.approx(best, rel=1e-3)
    assert names["to_celsius"](50.0) == pytest.approx((50 - 32) * 5 / 9, abs=1.5)  # it speaks Fahrenheit
    assert names["from_celsius"](10.0) == pytest.approx(10 * 9 / 5 + 32, abs=2)


def test_the_engine_agrees_with_torch(default):
    names, prose = default
    assert names["engine_gradients"] == {"w": 12.0, "b": 6.0} and "They agree." in prose
    assert not names["engine_says"]["own"] and "The engine of the solution" in prose
    assert names["xor_says"]["engine"] == pytest.approx(names["xor_says"]["torch"], rel=1e-3)
    assert names["xor_says"]["engine"][-1] < 0.05 < names["xor_says"]["engine"][0]
