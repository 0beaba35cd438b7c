"""What recipes of pictures learn from labels of every kind: classes, tags, quantities."""

import json

import numpy as np
import pytest
import torch

from torchbook import Run, TorchbookError, predict
from torchbook.data.load import load_images
from torchbook.evaluation.objective import units
from torchbook.inference.evaluate_run import evaluate_run
from torchbook.recipes import start

# Bright above, bright on the left, or both: what is to be told is plain to see.
TRUTH = np.array([[i % 2, i // 2 % 2] for i in range(120)])
GENERATOR = np.random.default_rng(0)
PICTURES = GENERATOR.integers(0, 60, (120, 8, 8)).astype(np.uint8)
PICTURES[TRUTH[:, 0] == 1, :4] += 90
PICTURES[TRUTH[:, 1] == 1, :, :4] += 90


@pytest.fixture
def saved(tmp_path):
    def save(y):
        np.savez(tmp_path / "set.npz", x=PICTURES, y=y)
        np.save(tmp_path / "new.npy", PICTURES[:8])
        return tmp_path

    return save


def trained(folder, recipe="mlp", **arguments):
    arguments = {"data": str(folder / "set.npz"), "epochs": 15, "batch_size": 16} | arguments
    result = start(recipe, arguments, folder=folder / "runs")
    return Run.open(result["run"]), result


def test_several_tags_are_learned_measured_and_predicted(saved):
    folder = saved(TRUTH)
    run, result = trained(folder)
    assert result["test"]["f1"] > 0.9 > result["baseline"]["f1"]
    assert evaluate_run(run)["test"] == pytest.approx(result["test"])
    answers = predict(run, [folder / "new.npy"])
    assert [[int(f"y{k}" in answer["tags"]) for k in range(2)] for answer in answers] == TRUTH[:8].tolist()
    json.dumps(answers)


@pytest.mark.parametrize("recipe", ["mlp", "cnn"])
def test_a_quantity_is_learned_in_its_own_units(saved, recipe):
    ages = 1000.0 + 50 * TRUTH[:, 0] + 20 * TRUTH[:, 1]
    folder = saved(ages + GENERATOR.normal(size=120) / 10)
    run, result = trained(folder, recipe)
    assert result["test"]["mae"] < 8 and result["test"]["r2"] > 0.8
    assert evaluate_run(run)["test"] == pytest.approx(result["test"])
    values = [answer["values"]["y"] for answer in predict(run, [folder / "new.npy"])]
    assert values == pytest.approx(ages[:8].tolist(), abs=25)


def test_a_recipe_of_classes_asks_what_the_data_are_for(saved):
    folder = saved(np.linspace(0, 1, 120))
    with pytest.raises(TorchbookError, match=r"a quantity \(y\).*torchbook train cnn --data"):
        start("logistic_regression", {"data": str(folder / "set.npz")}, folder=folder / "runs")
    assert load_images(str(folder / "set.npz"), tasks=()).card.task == "regression"


def test_units_are_mean_and_deviation():
    values = torch.tensor([[1.0, 7.0], [3.0, 7.0]])
    assert units(values) == ((2.0, 7.0), (1.0, 1.0))
