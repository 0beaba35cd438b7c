"""The linear model to beat."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

from torchbook.data import load
from torchbook.data.dataset import Card, Dataset, Split
from torchbook.evaluation.linear import linear_baseline


def test_quantities_are_those_of_scikit_learn():
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(200, 3, generator=generator) * torch.tensor([1.0, 100.0, 0.01])
    values = inputs @ torch.tensor([[1.0], [0.02], [50.0]]) + torch.randn(200, 1, generator=generator)
    parts = [Split(inputs[part], values[part]) for part in (slice(150), slice(150, 175), slice(175, 200))]
    card = Card("c", "c", "table", "regression", targets=("t",), mean=(0.0, 0.0, 0.0), std=(1.0, 100.0, 0.01))
    found = linear_baseline(Dataset(*parts, card))
    fitted = LinearRegression().fit(inputs[:150], values[:150])
    assert found["r2"] == pytest.approx(r2_score(values[175:], fitted.predict(inputs[175:])), abs=1e-4)
    assert found["count"] == 25


def test_categories_that_are_indices_get_a_column_each():
    """The mean of the target goes up and down with the index, which no straight line over the index can follow."""
    draw = np.random.default_rng(0)
    indices = torch.from_numpy(draw.integers(0, 20, 600)).float()
    levels = torch.from_numpy(draw.normal(size=20)).float()
    inputs = torch.stack([torch.from_numpy(draw.normal(size=600)).float(), indices], dim=1)
    labels = (inputs[:, :1] + levels[indices.long()][:, None]).float()
    parts = [Split(inputs[part], labels[part]) for part in (slice(400), slice(400, 500), slice(500, 600))]
    card = Card("c", "c", "table", "regression", targets=("t",), extra={"embeddings": [[1, 20, 4]]})
    assert linear_baseline(Dataset(*parts, card))["r2"] > 0.999
    assert linear_baseline(Dataset(*parts, Card("c", "c", "table", "regression", targets=("t",))))["r2"] < 0.9
    unseen = Split(torch.tensor([[1.0, 99.0], [2.0, 99.0]]), torch.ones(2, 1))
    assert np.isfinite(linear_baseline(Dataset(*parts[:2], unseen, card))["mse"])


def test_classes():
    assert linear_baseline(load("breast_cancer"))["accuracy"] > 0.95
    one = Split(torch.randn(10, 2), torch.ones(10, dtype=torch.long))
    assert linear_baseline(Dataset(one, one, one, Card("c", "c", "table", "classification", ("a", "b")))) == {
        "accuracy": 1.0,
        "count": 10,
    }
