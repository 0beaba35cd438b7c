"""Splits that the data bring along, and those that are drawn because they do not."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from torchbook.data.dataset import split_indices

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
