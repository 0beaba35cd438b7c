"""Pictures through two numbers and back."""

from pathlib import Path

import pytest
import torch
from PIL import Image
from sklearn.decomposition import PCA

from torchbook import Run, TorchbookError, load
from torchbook.evaluation import reconstruction
from torchbook.inference import load_model, predict
from torchbook.recipes import evaluate, start

pytestmark = pytest.mark.proven


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    return start("autoencoder", {"epochs": 15}, folder=folder)


def test_the_linear_one_finds_what_principal_components_find_and_the_other_more(result):
    digits = load("digits")
    train, test = (digits.normalize(split.inputs).flatten(1).double() for split in (digits.train, digits.test))
    components = PCA(2).fit(train)
    best = ((components.inverse_transform(components.transform(test)) - test.numpy()) ** 2).mean()
    linear, convolutional = result["runs"]
    assert 0.99 * best < linear["test"]["mse"] < 1.04 * best
    assert convolutional["test"]["mse"] < 0.7 * best
    # The baseline follows the measure: the mean picture.
    mean = ((train.mean(0) - test) ** 2).mean().item()
    for part in (linear, convolutional):
        assert part["baseline"] == {"mse": pytest.approx(mean, rel=1e-5), "count": len(test)}


def test_it_is_measured_again_without_the_recipe(result):
    assert evaluate(result["run"]) == result
    linear = result["runs"][0]
    assert evaluate(linear["run"]) == linear
    trained = load_model(Run.open(linear["run"]))
    pictures = load("digits").test.inputs
    assert reconstruction(trained.outputs(pictures), load("digits").normalize(pictures)) == linear["test"]


def test_its_pictures_are_there(result):
    for part in result["runs"]:
        pictures = Path(part["run"]) / "pictures"
        with Image.open(pictures / "reconstruction.png") as rows:
            assert rows.width > 8 * 48 and rows.height > 3 * 48
        with Image.open(pictures / "map.png") as places:
            assert places.width > 400


def test_the_best_weights_by_the_error_are_kept(result):
    run = Run.open(result["runs"][1]["run"])
    entries = run.entries()
    assert {"loss", "valid_loss", "valid_mse"} <= entries[-1].keys()
    # The task's own loss is the same function, in evaluation mode.
    assert entries[-1]["valid_loss"] == pytest.approx(entries[-1]["valid_mse"], rel=1e-4)
    digits = load("digits")
    kept = reconstruction(load_model(run).outputs(digits.valid.inputs), digits.normalize(digits.valid.inputs))
    assert kept["mse"] == pytest.approx(min(entry["valid_mse"] for entry in entries), rel=1e-4)


def test_it_says_nothing_of_a_picture(result, tmp_path):
    with pytest.raises(TorchbookError, match=r"\(autoencoder\) makes pictures and says nothing of one"):
        predict(Run.open(result["runs"][0]["run"]), [tmp_path / "x.png"])


def test_pictures_of_any_size_come_out_as_large_as_they_went_in():
    from torchbook import build

    for shape in ((1, 28, 28), (3, 10, 13), (1, 8, 8)):
        for kind in ("linear", "convolutional"):
            model = build(f"{kind}_autoencoder", sample_shape=shape, middle=3)
            assert model(torch.zeros(2, *shape)).shape == (2, *shape)
            assert model.encoder(torch.zeros(2, *shape)).shape == (2, 3)
