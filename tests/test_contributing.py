"""What CONTRIBUTING's table says is enough: a newcomer's recipe, loss, task, measure and data set, in the files that it
names and no others."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import torchbook

TABLE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text()

DATA = '''
"""Rings around each other."""

import torch

from torchbook.data.dataset import Card, Dataset, channel_statistics, split


def rings(*, seed: int = 0) -> Dataset:
    """Points on two rings, one around the other."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(400) % 2
    angles = 6.28 * torch.rand(400, generator=generator)
    points = torch.stack([angles.cos(), angles.sin()], 1) * (1.0 + labels[:, None])
    splits = split(points, labels, seed=seed)
    mean, std = channel_statistics(splits[0].inputs)
    card = Card("rings", "Two rings", "points", "classification", ("inner", "outer"), ("x", "y"), mean=mean, std=std)
    return Dataset(*splits, card)
'''
MEASURE = '''
def f1(logits: Tensor, labels: Tensor) -> dict[str, float]:
    """The harmonic mean of precision and recall of the second class."""
    answers = logits.argmax(1)
    both = (answers * labels).sum().item()
    return {"f1": 2 * both / max(1, answers.sum().item() + labels.sum().item()), "count": len(labels)}


'''
RECIPE = '''
"""Which ring."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchbook.data import load
from torchbook.evaluation import final_test
from torchbook.evaluation.measures import f1
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Supervised, Task, fit


def focal(outputs: Tensor, labels: Tensor) -> Tensor:
    each = F.cross_entropy(outputs, labels, reduction="none")
    return ((1 - (-each).exp()) ** 2 * each).mean()


class Weighed(Task):
    def loss(self, batch: tuple[Tensor, Tensor]) -> Tensor:
        inputs, labels = batch
        return F.cross_entropy(self.model(inputs), labels, weight=torch.tensor([1.0, 2.0]))


def newcomer(run: Run, *, data: str = "rings", epochs: int = 30, weighed: bool = False, seed: int = 0) -> dict:
    """A newcomer's experiment: which ring a point is on.

    Cost: 1 second, 300 MB.
    """
    dataset = load(data, seed=seed)
    model = build("mlp", sample_shape=dataset.sample_shape, outputs=2, hidden=(16,), seed=seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    task = Weighed(model, optimizer, measure=f1) if weighed else Supervised(model, optimizer, loss=focal, measure=f1)
    run.watch("f1", larger=True)
    fit(run, task, dataset, dataset.batches("train", size=50, seed=seed), epochs=epochs, patience=10)
    return final_test(run, task, dataset)
'''


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the source with the additions, and a call of its command line."""
    folder = tmp_path_factory.mktemp("house")
    package = folder / "src" / "torchbook"
    shutil.copytree(Path(torchbook.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "data" / "sets" / "rings.py").write_text(DATA)
    (package / "recipes" / "newcomer.py").write_text(RECIPE)
    added(package / "data" / "source.py", '    "digits": Loader(', '    "rings": Loader("sets.rings:rings"),\n')
    added(package / "evaluation" / "measures.py", "# By these names a run says", MEASURE)
    added(package / "evaluation" / "measures.py", '    "classification": classification', '    "f1": f1,\n')
    environment = os.environ | {"PYTHONPATH": str(package.parent), "TORCHBOOK_HOME": str(folder / "home")}

    def call(*words):
        command = [sys.executable, "-m", "torchbook", *words, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


def added(file, before, text):
    """Puts text in front of a place that is there once."""
    content = file.read_text()
    assert content.count(before) == 1
    file.write_text(content.replace(before, text + before))


def test_the_table_names_the_files():
    for file in ("recipes/NAME.py", "data/sets/", "data/source.py", "evaluation/measures.py", "models/build.py"):
        assert file in TABLE
    for named in re.findall(r"`((?:recipes|data|training|evaluation|models)/[\w/]+\.py)`", TABLE):
        assert (Path(torchbook.__file__).parent / named).is_file(), named


@pytest.mark.slow
def test_a_newcomer_touches_no_other_file(house):
    assert any(row["recipe"] == "newcomer" and row["cost"] for row in house("recipes")["recipes"])
    assert house("data", "show", "rings")
    result = house("train", "newcomer", "--name", "first")
    # Loss, measure and baseline are the newcomer's own.
    assert result["test"]["f1"] > 0.95 and result["test"].keys() == {"f1", "count"} == result["baseline"].keys()
    assert house("evaluate", "first")["test"] == result["test"]
    log = [json.loads(line) for line in (Path(result["run"]) / "log.jsonl").read_text().splitlines()]
    assert {"loss", "valid_loss", "valid_f1"} <= log[0].keys()
    assert json.loads((Path(result["run"]) / "recipe.json").read_text())["watch"] == "f1"
    assert house("train", "newcomer", "--weighed", "--name", "second")["test"]["f1"] > 0.95
