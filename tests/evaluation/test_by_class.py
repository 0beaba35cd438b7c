"""Figures for each class, and findings in the data, reach the person who trains."""

import csv
import random

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, recall_score
from torch import nn

from torchbook.cli import main
from torchbook.data.dataset import Card, Dataset, Split
from torchbook.evaluation.evaluate import _findings, by_class
from torchbook.models.transfer import Transfer
from torchbook.recipes import start
from torchbook.run import Run


def dataset_of(labels, classes):
    split = Split(torch.zeros(len(labels), 2), labels)
    names = tuple(f"class {number}" for number in range(classes))
    return Dataset(split, split, split, Card("own", "own", "table", "classification", names))


@settings(max_examples=50)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_figures_by_class_are_those_of_scikit_learn(labels, lot):
    truth = torch.tensor(labels)
    logits = torch.tensor([[lot.random() for _ in range(4)] for _ in labels])
    said = by_class(logits, dataset_of(truth, 4))
    counts = torch.bincount(truth, minlength=4)
    if counts.max() < 2 * counts.min():
        assert said == {}
        return
    there = sorted(set(labels))
    expected = recall_score(truth, logits.argmax(1), labels=there, average=None, zero_division=0)
    assert said["recall"] == pytest.approx({f"class {number}": share for number, share in zip(there, expected)})
    assert said["balanced_accuracy"] == pytest.approx(sum(expected) / len(there))
    if len(there) > 1 and set(logits.argmax(1).tolist()) <= set(labels):
        assert said["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(truth, logits.argmax(1)))


def table(path, *, rare):
    lot = random.Random(0)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["a", "b", "bought", "code"])
        for number in range(200):
            answer = "yes" if number % rare == 0 else "no"
            rows.writerow([lot.random(), lot.random(), answer, {"yes": 7, "no": 3}[answer]])
    return path


def test_what_data_show_warns_of_is_told_when_training(tmp_path, capsys):
    file = table(tmp_path / "my table.csv", rare=10)
    assert main(["train", "table", "--data", str(file), "--target", "bought", "--epochs", "2"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "▲" in printed and "'code'" in printed and "torchbook data show '/" in printed
    assert "found of each: yes" in printed and "balanced accuracy" in printed


def test_equal_classes_and_a_known_set_say_no_more_than_before(tmp_path, capsys):
    result = start("logistic_regression", {"data": "digits", "epochs": 1}, name="digits")
    assert not {"findings", "recall", "balanced_accuracy"} & result.keys()
    assert "recall" not in start(
        "table", {"data": str(table(tmp_path / "half.csv", rare=2)), "epochs": 1, "target": "bought"}
    )


def test_the_worst_finding_comes_first(tmp_path):
    result = start("table", {"data": str(table(tmp_path / "own.csv", rare=50)), "target": "bought", "epochs": 1})
    assert len(result["findings"]) > 1 and "'code'" in result["findings"][0]


@pytest.mark.parametrize("told", [True, False])
def test_few_examples_are_no_finding_for_a_network_that_has_learnt_elsewhere(tmp_path, told):
    labels = torch.arange(40) // 36  # 4 of the second class
    inputs = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
    card = Card("c", "c", "points", "classification", ("many", "few"), ("x", "y", "z"))
    splits = (Split(inputs, labels), Split(inputs[:5] + 9, labels[:5]), Split(inputs[-9:] + 5, labels[-9:]))
    run = Run.create("mine", {"data": "mine"}, folder=tmp_path)
    backbone = {"name": "speednet", "arguments": {"channels": 3, "outputs": 2}}
    model = nn.Linear(3, 2) if told else Transfer(backbone, features=256, outputs=2)
    findings = _findings(run, model, Dataset(*splits, card)).get("findings", [])
    assert any("too few to learn from" in finding for finding in findings) is told
