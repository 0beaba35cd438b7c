"""Runs as an earlier torchbook wrote them are found, measured, used and gone on with."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from PIL import Image

from torchbook import Run, TorchbookError, load
from torchbook.inference import predict
from torchbook.recipes import evaluate, resume

EARLIER = Path(__file__).parent / "earlier"


@pytest.fixture
def runs(own_home):
    shutil.copytree(EARLIER, own_home / "runs")
    return own_home / "runs"


def test_a_finished_run_is_measured_again_to_the_same_numbers(runs):
    before = json.loads((EARLIER / "logreg" / "result.json").read_text())
    result = evaluate("logreg")
    assert result["test"]["accuracy"] == before["test"]["accuracy"] and result["test"]["count"] == 269
    # What was called the loss there is the cross-entropy, whatever the model was trained with.
    assert result["test"]["cross_entropy"] == pytest.approx(before["test"]["loss"], rel=1e-6)
    assert result.keys() == before.keys() and result["baseline"] == before["baseline"]
    assert result["run"] == str(runs / "logreg") and resume("logreg") == before


def test_a_finished_run_predicts(runs, tmp_path):
    digits = load("digits").test
    Image.fromarray(digits.inputs[0, 0].numpy()).save(tmp_path / "digit.png")
    (answer,) = predict(Run.open("logreg"), [tmp_path / "digit.png"])
    assert answer["class"] == str(int(digits.labels[0]))


def test_a_stopped_run_says_how_to_go_on_and_does(runs):
    with pytest.raises(TorchbookError, match="has no model yet; go on with: torchbook resume"):
        evaluate("logreg_stopped")
    first = Run.open("logreg_stopped").entries()
    result = resume("logreg_stopped")
    run = Run.open("logreg_stopped")
    entries = run.entries()
    assert [entry["epoch"] for entry in entries] == [1, 2, 3, 4, 5] and entries[0] == first[0]
    assert "valid_cross_entropy" in entries[-1] and result["test"]["accuracy"] > 0.85
    assert evaluate("logreg_stopped")["test"] == result["test"]
    assert all(torch.isfinite(value).all() for value in run.weights().values())
