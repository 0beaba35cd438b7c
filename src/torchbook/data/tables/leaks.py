"""Columns of a table that know the target too well, and columns that know nothing."""

from collections.abc import Iterator

import numpy as np

from torchbook.data.dataset import Dataset

_ENOUGH = 20  # With fewer rows to test on, a column can predict all of them by luck.
_LEAK = 0.995
_ROWS = 20_000


def leaks(data: Dataset) -> Iterator[tuple[str, str]]:
    """Each column that alone predicts (nearly) every target of the other splits, with what it reaches in words.

    A decision tree is grown on the column's features in the training split: it finds a copy of the target, a threshold
    on it and another way of writing it. A table of one column is meant to be predicted from it.
    """
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    train, test = data.train, data.valid
    columns = _columns(data)
    if train.labels is None or test.labels is None or len(test) < _ENOUGH or len(columns) < 2:
        return
    inputs, labels = train.inputs[:_ROWS].numpy(), train.labels[:_ROWS].numpy()
    unseen, wanted = test.inputs[:_ROWS].numpy(), test.labels[:_ROWS].numpy()
    classes = data.card.task == "classification"
    plain = float(np.bincount(wanted).max() / len(wanted)) if classes else 0.0
    for name, features in columns.items():
        tree = DecisionTreeClassifier(random_state=0) if classes else DecisionTreeRegressor(random_state=0)
        reached = tree.fit(inputs[:, features], labels).score(unseen[:, features], wanted)
        if reached >= _LEAK and reached > plain + (1 - plain) / 2:
            measure = f"right for {100 * reached:.4g} %" if classes else f"R² {reached:.4f}"
            yield name, f"{name!r} alone predicts the target on rows it has not seen ({measure})"


def constant(data: Dataset) -> list[str]:
    """The features that have one value in all training rows, and the columns that were left out for that."""
    columns = data.card.extra.get("columns", [])
    left_out = [
        column["name"] for column in columns if column.get("encoding") == "left out" and "one value" in column["why"]
    ]
    spread = data.train.inputs.flatten(2).amax(dim=(0, 2)) if data.train.inputs.ndim > 2 else data.train.inputs.amax(0)
    lowest = data.train.inputs.flatten(2).amin(dim=(0, 2)) if data.train.inputs.ndim > 2 else data.train.inputs.amin(0)
    features = data.card.features or tuple(f"feature {i + 1}" for i in range(len(spread)))
    return left_out + [name for name, low, high in zip(features, lowest.tolist(), spread.tolist()) if low == high]


def _columns(data: Dataset) -> dict[str, list[int]]:
    """The features of each column: one, or all categories of a one-hot column."""
    columns = data.card.extra.get("columns")
    if columns is None:
        return {name: [i] for i, name in enumerate(data.card.features)}
    features, at = {}, 0
    for column in columns:
        if column["features"]:
            features[column["name"]] = list(range(at, at + len(column["features"])))
        at += len(column["features"])
    return features
