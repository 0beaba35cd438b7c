import ast
import inspect
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from torchbook import Run, TorchbookError
from torchbook.measure_text import measure_text
from torchbook.recipes import evaluate, names, recipe, resume, start
from torchbook.recipes.start import cost, described

pytestmark = pytest.mark.proven

SMALL = {
    "autoencoder": {"epochs": 2},
    "cnn": {"epochs": 3, "width": 16},
    "dcgan": {"epochs": 2, "width": 8},
    "gan": {"epochs": 2, "hidden": 32},
    "initialization": {"epochs": 2},
    "mlp": {"epochs": 4, "hidden": (128,)},
    "mnist_speed": {"data": "handwriting?count=1500", "width": 4},
    "volume": {"data": "blobs3d?count=120", "epochs": 1, "width": 4},
    "resnet9": {"epochs": 1, "width": 4},
    "speednet": {"data": "shapes?count=600", "epochs": 1, "width": 4, "batch_size": 100},
}


@pytest.mark.parametrize("name", names())
def test_every_recipe_is_short_and_says_what_it_shows_and_costs(name):
    function = recipe(name)
    lines = inspect.getsource(function).splitlines()
    assert len(lines) <= 60
    assert described(name).headline and cost(name)
    parameters = list(inspect.signature(function).parameters.values())
    assert parameters[0].name == "run" and all(p.kind is p.KEYWORD_ONLY for p in parameters[1:])
    assert {"data", "seed"} <= {p.name for p in parameters}
    assert ast.parse(Path(inspect.getfile(function)).read_text())


@pytest.mark.proven
@pytest.mark.parametrize("name", [name for name in names() if name not in ("resnet9",)])
def test_every_recipe_runs_on_its_own_data_and_can_be_evaluated_again(name, tmp_path):
    result = start(name, SMALL.get(name), folder=tmp_path)
    again = evaluate(result["run"])
    for part, repeated in zip(result.get("runs", [result]), again.get("runs", [again]), strict=True):
        assert part["test"] == repeated["test"]
        assert part["seconds"] > 0 and part["parameters"] > 0 and part["run"].startswith(str(tmp_path))
        assert Run.open(part["run"]).result == part
        card = (Path(part["run"]) / "card.md").read_text()
        assert "test set" in card and measure_text(*next(iter(part["test"].items()))) in card
    if name not in ("gan", "dcgan"):
        assert again == result


def test_a_run_is_measured_only_while_its_data_are_what_it_was_trained_on(tmp_path):
    draw = np.random.default_rng(0)
    for number in range(60):
        file = tmp_path / "pictures" / "ab"[number % 2] / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw.integers(0, 255, (8, 8), np.uint8)).save(file)
    path = start("mlp", {"data": str(tmp_path / "pictures"), "epochs": 1}, folder=tmp_path)["run"]
    evaluate(path)
    # It takes the first place, and all others draw other splits.
    Image.fromarray(draw.integers(0, 255, (8, 8), np.uint8)).save(file.with_name("0.png"))
    with pytest.raises(TorchbookError, match=r"mlp-1 are not those it was trained on"):
        evaluate(path)
    (Path(path) / "result.json").unlink()
    with pytest.raises(TorchbookError, match="not those it was trained on"):
        resume(path)
    file.with_name("0.png").unlink()
    assert resume(path)["test"]["count"] == 8


def test_linear_recipes_take_numbers_and_their_own_kind_of_target(tmp_path):
    draw = np.random.default_rng(0)
    rows = [f"{draw.integers(30)},{x:.3f},{2 * x:.3f},{'a' if x > 0 else 'b'}" for x in draw.normal(size=400)]
    (tmp_path / "many.csv").write_text("\n".join(["town,size,price,kind", *(f"t{row}" for row in rows)]))
    for recipe_name, target, message in (
        ("fruit", "price", r"categories with many values \(town\).*torchbook train table"),
        ("thermometer", "kind", "for the regression of tables, but .* for classification"),
        ("admissions", "price", "for the classification of tables, but .* for regression"),
    ):
        with pytest.raises(TorchbookError, match=message):
            start(recipe_name, {"data": f"{tmp_path / 'many.csv'}?target={target}"}, folder=tmp_path / "runs")
    with pytest.raises(TorchbookError, match="a data set of images"):
        start("thermometer", {"data": "digits"}, folder=tmp_path / "runs")


@pytest.mark.parametrize("seed", range(3))
def test_fruit_is_measured_again_with_its_best_weights(tmp_path, seed):
    result = start("fruit", {"seed": seed}, folder=tmp_path)
    assert evaluate(result["run"]) == result


def test_measuring_again_draws_no_picture_anew(tmp_path):
    path = Path(start("initialization", {"epochs": 1}, folder=tmp_path)["run"])
    picture = path / "pictures" / "initialization.png"
    picture.unlink()
    evaluate(path)
    assert not picture.exists()


def test_the_thermometer_reaches_the_least_squares_line(tmp_path):
    from sklearn.linear_model import LinearRegression

    from torchbook import load

    train = load("thermometer").train
    best = LinearRegression().fit(train.inputs, train.labels)
    expected = ((best.predict(train.inputs) - train.labels.numpy()) ** 2).mean()
    assert start("thermometer", folder=tmp_path)["test"]["mse"] == pytest.approx(expected, rel=1e-5)


def test_fruit_from_scratch_and_with_nn_are_the_same(tmp_path):
    result = start("fruit", folder=tmp_path)
    assert result["difference_from_scratch"] < 1e-5 and result["test"]["r2"] > 0.999


def test_xor_needs_two_layers(tmp_path):
    verdicts = {run["run"].rsplit("/", 1)[1]: run for run in start("perceptron", folder=tmp_path)["runs"]}
    for gate in ("and", "or", "not", "xor_two_layers"):
        assert verdicts[gate]["test"]["accuracy"] == 1.0 and "learn" in verdicts[gate]["verdict"]
    assert verdicts["xor"]["verdict"].startswith("never learnt") and verdicts["xor"]["test"]["accuracy"] < 1


@pytest.mark.slow
@pytest.mark.proven
@pytest.mark.parametrize(
    ("figure", "linear_fails"), [("circles", True), ("spirals", True), ("moons", False), ("blobs", False)]
)
def test_where_a_line_fails_hidden_layers_do_not(figure, linear_fails, tmp_path):
    linear, hidden = start("points", {"figure": figure}, folder=tmp_path)["runs"]
    assert (linear["test"]["accuracy"] < 0.8) == linear_fails
    assert hidden["test"]["accuracy"] > 0.93


@pytest.mark.proven
def test_first_weights_decide(tmp_path):
    runs = {run["model"]: run["test"]["accuracy"] for run in start("initialization", folder=tmp_path)["runs"]}
    assert runs["zeros"] < 0.2 and runs["constant"] < 0.5
    assert runs["default"] > 0.93 and runs["default"] >= runs["centred"] > runs["uniform"]
    assert list(tmp_path.rglob("initialization.png"))


def test_admissions_is_measured_against_its_rule(tmp_path):
    result = start("admissions", folder=tmp_path)
    assert result["baseline"]["accuracy"] <= result["test"]["accuracy"] + 0.05
    assert 0.5 < result["rule_accuracy"] < 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"learning_rate": 0.0}, "learning_rate must be above 0, got 0.0; the default is"),
        ({"epochs": -1}, "epochs must be above 0, got -1"),
        ({"colour": 1}, "has no argument colour"),
        ({"data": "dgits"}, "did you mean 'digits'"),
    ],
)
def test_mistakes_are_named_and_leave_nothing_behind(arguments, message, tmp_path):
    with pytest.raises(TorchbookError, match=message):
        start("mlp", arguments, folder=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.proven
def test_resnet9_runs_on_enlarged_digits(tmp_path):
    result = start("resnet9", {"width": 8, "epochs": 4}, folder=tmp_path)
    assert result["test"]["accuracy"] > 0.8 and result["test"] == evaluate(result["run"])["test"]
