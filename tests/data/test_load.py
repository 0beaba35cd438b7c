from pathlib import Path

import numpy as np
import pytest
import torch

from torchbook import TorchbookError, load
from torchbook.data.source import DATA_SETS, ENDINGS, joined
from torchbook.signature import imported

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
    for loader in (*DATA_SETS.values(), *ENDINGS.values()):
        assert callable(imported(f"data.{loader.place}"))


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mnst", {}, "did you mean 'mnist'"),
        ("digits", {"colour": 1}, "no option colour=1"),
        ("points", {"figure": "stars"}, "figure must be one of circles"),
        ("points", {"count": 2}, "count of circles must be 6 or more, got 2"),
        ("points", {"noise": -0.5}, "noise must be 0 or more, got -0.5"),
        ("admissions", {"count": 0}, "count of admissions must be 10 or more, got 0"),
        ("gates?gate=nand", {}, "gate must be one of and, or, not, xor, got 'nand'"),
        ("points?path=x", {}, "no option path='x'; it takes figure, count, noise, seed"),
        ("points", {"seed": 2**70}, "seed must be"),
        ("", {}, "no data set and no path"),
        ("?figure=moons", {}, "no data set and no path"),
        (Path("digits"), {}, r"no path 'digits'; the data set of that name is load\('digits'\)"),
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


@pytest.fixture
def table(tmp_path):
    rows = "".join(f"{n}.5,{n % 3},{'ab'[n % 2]}\n" for n in range(40))
    (tmp_path / "t.csv").write_text("length,size,kind\n" + rows)
    return str(tmp_path / "t.csv")


@pytest.mark.parametrize("no", ["false", "False", "no", "0"])
def test_no_is_not_taken_for_yes(table, no):
    for data in (load(f"{table}?header={no}"), load(table, header=no)):
        assert data.card.features[0] != "length" and sum(map(len, data)) == 41
    assert sum(map(len, load(f"{table}?header=true"))) == 40


@pytest.mark.parametrize("kinds", [{"size": "categorical"}, {"size": "ordinal: 0 < 2 < 1", "length": "identifier"}])
def test_kinds_can_stand_behind_the_name(table, kinds):
    found, said = load(joined(table, {"kinds": kinds, "target": "kind"})), load(table, kinds=kinds, target="kind")
    assert found.card.extra == said.card.extra
    assert {known["name"]: known["reason"] for known in found.card.extra["columns"]}["size"].startswith("as you said")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("header=perhaps", "header must be true or false, got 'perhaps'"),
        ("header", "header must be true or false, got ''"),
        ("kinds=size", "kinds must be COLUMN=KIND, got 'size'"),
        ("window=", "window must be a number, got ''"),
        ("path=x", "no option path='x'"),
    ],
)
def test_a_mistake_behind_a_path_is_named(table, query, message):
    with pytest.raises(TorchbookError, match=message):
        load(f"{table}?{query}")


def test_a_path_is_not_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("iris").mkdir()
    np.save("iris/x.npy", np.zeros((4, 3)))
    for path in (Path("iris"), Path("./iris"), "./iris"):
        with pytest.raises(TorchbookError, match="no usable image"):
            load(path)
    assert load("iris").card.source.startswith("Fisher")


def test_a_path_with_a_question_mark_is_a_path(tmp_path):
    (tmp_path / "what?a=b.csv").write_text("x,y\n" + "".join(f"{n},{n % 2}\n" for n in range(40)))
    assert sum(map(len, load(tmp_path / "what?a=b.csv"))) == 40


def test_a_misspelt_path_is_told_the_path_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures").mkdir()
    with pytest.raises(TorchbookError, match="did you mean 'pictures'"):
        load("picturs")
    with pytest.raises(TorchbookError, match="did you mean 'digits'"):
        load("digist")
