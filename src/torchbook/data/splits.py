"""Splits that the data bring along, and those that are drawn because they do not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import torch

from torchbook.data.dataset import Dataset, Split, split_indices

SPLITS = ("train", "valid", "test")


def complete(
    given: Mapping[str, Sequence[int] | np.ndarray],
    labels: np.ndarray | None = None,
    *,
    seed: int,
    groups: np.ndarray | None = None,
    what: str = "images",
) -> tuple[dict[str, np.ndarray], list[str]]:
    """The rows of train, valid and test, and sentences that say what was drawn.

    `given` has the rows of "train" and perhaps of "valid" and "test". What is missing is drawn by `seed` from the
    training rows: 15 % each for two splits, 10 % for one. With `labels` (classes of all rows) each class is split so;
    rows with equal `groups` stay together. Where there are too few, the training rows stand in.
    """
    chosen = {split: np.array(given.get(split, ()), dtype=np.int64) for split in SPLITS}
    missing = [split for split in ("valid", "test") if split not in given]
    if not missing:
        return chosen, []
    source = chosen["train"]
    _, first, group = np.unique(source if groups is None else groups[source], return_index=True, return_inverse=True)
    share = 0.15 if len(missing) == 2 else 0.1
    fractions = (share if "valid" in missing else 0.0, share if "test" in missing else 0.0)
    classes = None if labels is None else torch.from_numpy(labels[source[first]])
    parts = split_indices(len(first), fractions=fractions, seed=seed, labels=classes)
    for split, part in zip(SPLITS, parts):
        if split == "train" or split in missing:
            chosen[split] = source[np.isin(group, part.numpy())]
    where = "the" if labels is None else "each class's"
    notes = [f"{share:.0%} of {where} {what} were drawn for {' and for '.join(missing)} with seed {seed}."]
    for split in missing:
        if not len(chosen[split]):
            chosen[split] = chosen["train"]
            notes.append(f"There are too few {what} for a {split} split: the training {what} stand in for it.")
    return chosen, notes


def without_stand_ins(chosen: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The splits of `complete` that have rows of their own."""
    return {split: rows for split, rows in chosen.items() if split == "train" or rows is not chosen["train"]}


def fewer(dataset: Dataset, per_class: int | None, *, seed: int) -> Dataset:
    """Returns a data set of classes with at most so many training examples of each, drawn by `seed`; None is all."""
    labels = dataset.train.labels
    if per_class is None or labels is None:
        return dataset
    generator = torch.Generator().manual_seed(seed)
    drawn = []
    for label in labels.unique():
        rows = (labels == label).nonzero().flatten()
        drawn.append(rows[torch.randperm(len(rows), generator=generator)[:per_class]])
    rows = torch.cat(drawn).sort().values
    note = f"At most {per_class} training examples of each class were used, drawn with seed {seed}."
    card = replace(dataset.card, notes=(*dataset.card.notes, note))
    return replace(dataset, train=Split(dataset.train.inputs[rows], labels[rows]), card=card)


def stands_in(dataset: Dataset, split: Literal["valid", "test"]) -> bool:
    """Tells whether the training examples stand in for a split, as there were too few to draw one."""
    prints = [dataset.batches(name, size=1).fingerprint() for name in ("train", split)]
    return prints[0] == prints[1]


def with_valid(dataset: Dataset) -> Dataset:
    """Returns a data set whose training split holds the validation examples too, for what needs none."""
    train, valid = dataset.train, dataset.valid
    if train.labels is None or valid.labels is None or stands_in(dataset, "valid"):
        return dataset
    joined = Split(torch.cat([train.inputs, valid.inputs]), torch.cat([train.labels, valid.labels]))
    return replace(dataset, train=joined)
