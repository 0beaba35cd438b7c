"""Splits that the data bring along, and those that are drawn because they do not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import torch

from torchbook.data.dataset import Dataset, Split, split_indices
from torchbook.data.phrasing import counted, some

SPLITS = ("train", "valid", "test")
# What a column is called that says the split of each row.
_SPLIT_NAMES = ("split", "set", "subset", "partition", "usage", "fold", "phase", "data_set", "dataset")
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


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


def balance(classes: Sequence[str], labels: dict[str, np.ndarray]) -> Iterator[str]:
    """Yields which classes a split lacks, or hardly has; `labels` are those of each split by its name."""
    counts = {split: np.bincount(part, minlength=len(classes)) for split, part in labels.items()}
    single = [name for name, count in zip(classes, np.sum(list(counts.values()), axis=0)) if count == 1]
    if single:
        yield f"{counted(len(single), 'class', 'classes')} of one example ({some(single)}): too few to learn from."
    for split, count in counts.items():
        lacking = [name for name, number in zip(classes, count) if not number]
        if lacking:
            yield f"The {split} split lacks {counted(len(lacking), 'class', 'classes')} ({some(lacking)})."


def split_column(cells: Mapping[str, Sequence[str]]) -> tuple[str, list[str]] | None:
    """The column that says of which split each row is, with "train", "valid" or "test" for each; None without one.

    It is called split, set, subset, usage or the like and holds words for splits, or is called `is_valid` or `is_test`
    and says yes or no.
    """
    for name, column in cells.items():
        key = name.strip().lower().replace(" ", "_")
        if key in _SPLIT_NAMES:
            roles = {cell: _role_of_word(cell) for cell in set(column)}
            if "train" in roles.values() and len(set(roles.values())) > 1 and None not in roles.values():
                return name, [roles[cell] or "" for cell in column]
        elif (role := key.removeprefix("is_")) in ("valid", "test") and key != role:
            truths = {cell: _TRUTHS.get(cell.lower()) for cell in set(column)}
            if set(truths.values()) == {True, False}:
                return name, [role if truths[cell] else "train" for cell in column]
    return None


def given_splits(roles: Sequence[str | None], usable: np.ndarray) -> dict[str, np.ndarray]:
    """The usable rows of each split that is said, those of "" being for training; what `complete` takes."""
    every = np.array(["" if role is None else role or "train" for role in roles])
    return {split: rows for split in SPLITS if len(rows := usable[every[usable] == split])}


def _role_of_word(word: str) -> str | None:
    key = word.strip().lower()
    if key in ("publictest", "val", "dev", "development") or "valid" in key:
        return "valid"
    return "train" if "train" in key else "test" if "test" in key else None


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
