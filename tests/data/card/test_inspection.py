"""What is wrong is found, and what is not wrong is not."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from torchbook.data import load
from torchbook.data.card.inspection import balance, inspect
from torchbook.data.dataset import Card, Dataset, Split
from torchbook.data.tables.leaks import leaks
from torchbook.data.tables.table import load_table


def findings(data: Dataset, what: str) -> list[str]:
    return [finding.text for finding in inspect(data) if finding.what == what]


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "points", "thermometer", "fruit", "gates"])
def test_good_data_sets_pass(name):
    assert inspect(load(name)) == []


def classes(counts: list[int]) -> Dataset:
    labels = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    inputs = torch.randn(len(labels), 3, generator=torch.Generator().manual_seed(0))
    names = tuple(f"class {i}" for i in range(len(counts)))
    card = Card("c", "c", "points", "classification", names, ("x", "y", "z"))
    return Dataset(Split(inputs, labels), Split(inputs[:5] + 9, labels[:5]), Split(inputs[:3] + 5, labels[:3]), card)


def test_tiny_rare_and_untested_classes_are_named():
    assert "Class 'class 1' (3): fewer than 10" in findings(classes([500, 3, 20]), "few")[0]
    rare, untested = findings(classes([500, 3, 20]), "classes")
    assert "Class 'class 2' (20): less than a twentieth" in rare
    assert "Classes 'class 1' (3), 'class 2' (20): no example in the test split" in untested
    assert balance(classes([5, 3]))["train"] == {"class 0": 5, "class 1": 3}


def test_twins_with_another_label_are_counted():
    data = classes([50, 50])
    inputs = data.train.inputs.clone()
    inputs[0] = inputs[99]
    torn = replace(data, train=Split(inputs, data.train.labels))
    assert findings(torn, "contradictions")[0].startswith("2 of 100 training examples have a twin")
    assert findings(data, "contradictions") == []


def test_rows_that_are_tested_and_trained_are_counted():
    data = classes([50, 50])
    copied = replace(data, test=Split(data.train.inputs[40:60], data.train.labels[40:60]))
    (finding,) = [finding for finding in inspect(copied) if finding.what == "copies"]
    assert finding.text.startswith("20 of 20 test examples (100 %) are equal in all inputs")
    assert finding.pairs[0] == (0, 40)


def table(tmp_path, extra: str):
    draw = np.random.default_rng(0)
    rows = ["age,colour,extra,paid"]
    for i in range(300):
        paid = int(draw.random() < 0.4)
        values = {"copy": paid, "words": "ja" if paid else "nein", "amount": paid * draw.uniform(1, 9), "same": 7}
        values |= {
            "noise": draw.normal(),
            "many": f"{'p' if paid else 'n'}{i % 30}",
            "hint": paid ^ (draw.random() < 0.1),
        }
        rows.append(f"{draw.integers(18, 90)},{draw.choice(['red', 'blue'])},{values[extra]},{paid}")
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows))
    return load_table(path)


@pytest.mark.parametrize("extra", ["copy", "words", "amount", "many"])
def test_a_column_that_gives_the_target_away_is_a_suspect(tmp_path, extra):
    found = findings(table(tmp_path, extra), "leak")
    assert len(found) == 1 and found[0].startswith("'extra' alone predicts the target")


@pytest.mark.parametrize("extra", ["noise", "hint"])
def test_an_honest_column_is_none(tmp_path, extra):
    assert findings(table(tmp_path, extra), "leak") == []


def test_a_constant_column_is_named(tmp_path):
    assert findings(table(tmp_path, "same"), "constant") == ["'extra' has the same value in every training row."]


def test_a_quantity_leaks_too(tmp_path):
    draw = np.random.default_rng(0)
    rows = [f"{x:.4f},{draw.normal():.4f},{2 * x + 1:.4f}" for x in draw.uniform(0, 5, 2000)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["gross,other,net", *rows]))
    assert [name for name, _ in leaks(load_table(path))] == ["gross"]
