import pytest
import torch

from torchbook import TorchbookError, load
from torchbook.data.load import SOURCES

EMBEDDED = ["digits", "iris", "wine", "breast_cancer", "admissions", "points"]


@pytest.mark.parametrize("name", EMBEDDED)
def test_embedded_sets_are_split_without_overlap(name):
    dataset = load(name)
    train, valid, test = dataset
    assert min(len(train), len(valid), len(test)) > 0
    assert train.labels.max() == len(dataset.card.classes) - 1
    assert torch.isfinite(train.inputs.float()).all()
    again = load(name, seed=1)
    assert len(again.train) == len(train) and not torch.equal(again.train.inputs, train.inputs)
    mean = dataset.normalize(train.inputs).mean()
    assert abs(mean) < 1e-3


@pytest.mark.parametrize("name", ["thermometer", "fruit", "gates"])
def test_sets_too_small_to_split_say_so(name):
    dataset = load(name)
    assert torch.equal(dataset.train.inputs, dataset.test.inputs)
    assert "Too small to split" in dataset.card.notes[0]


@pytest.mark.parametrize("figure", ["circles", "moons", "blobs", "spirals"])
def test_points_have_equal_classes(figure):
    counts = load("points", figure=figure).train.labels.bincount()
    assert counts.max() - counts.min() <= 1


def test_every_source_can_be_imported():
    from importlib import import_module

    for module, function in SOURCES.values():
        assert callable(getattr(import_module(f"torchbook.data.{module}"), function))


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mnst", {}, "did you mean 'mnist'"),
        ("digits", {"colour": 1}, "no option colour=1"),
        ("points", {"figure": "stars"}, "figure must be one of circles"),
    ],
)
def test_mistakes_are_named(name, options, message):
    with pytest.raises(TorchbookError, match=message):
        load(name, **options)


def test_options_can_stand_behind_the_name():
    dataset = load("points?figure=moons&count=60&noise=0.5")
    assert dataset.card.title.endswith("moons") and sum(map(len, dataset)) == 60
    assert torch.equal(dataset.train.inputs, load("points", figure="moons", count=60, noise=0.5).train.inputs)
    with pytest.raises(TorchbookError, match="count must be a number, got 'many'"):
        load("points?count=many")
    with pytest.raises(TorchbookError, match="no option colour"):
        load("points?colour=red")


def test_a_path_with_a_question_mark_is_a_path(tmp_path):
    (tmp_path / "what?a=b.csv").write_text("x,y\n" + "".join(f"{n},{n % 2}\n" for n in range(40)))
    assert sum(map(len, load(tmp_path / "what?a=b.csv"))) == 40
