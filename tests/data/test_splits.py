"""Splits are disjoint, complete, seeded, and keep copies together."""

from dataclasses import replace

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.dataset import Card, Dataset, Split
from torchbook.data.splits import SPLITS, complete, fewer, stands_in, with_valid


@settings(max_examples=100, deadline=None)
@given(
    labels=st.lists(st.integers(0, 3), min_size=1, max_size=60),
    groups=st.data(),
    present=st.sets(st.sampled_from(["valid", "test"])),
    seed=st.integers(0, 5),
)
def test_every_row_is_in_one_split_and_copies_stay_together(labels, groups, present, seed):
    roles = np.array(["train"] + [groups.draw(st.sampled_from(["train", *sorted(present)])) for _ in labels[1:]])
    given_rows = {split: np.flatnonzero(roles == split) for split in ("train", *sorted(present))}
    copies = np.array([groups.draw(st.integers(0, 20)) for _ in labels])
    chosen, notes = complete(given_rows, np.array(labels), seed=seed, groups=copies)
    assert list(chosen) == list(SPLITS)
    standing_in = [split for split in ("valid", "test") if any(f"few images for a {split}" in note for note in notes)]
    parts = [chosen[split] for split in SPLITS if split not in standing_in]
    assert sorted(np.concatenate(parts)) == list(range(len(labels)))
    for split in present:
        assert np.array_equal(chosen[split], given_rows[split])
    for split in standing_in:
        assert np.array_equal(chosen[split], chosen["train"])
    drawn = [set(copies[chosen[split]]) for split in SPLITS if split not in present and split not in standing_in]
    assert sum(map(len, drawn)) == len(set.union(*drawn))
    again, _ = complete(given_rows, np.array(labels), seed=seed, groups=copies)
    assert all(np.array_equal(chosen[split], again[split]) for split in SPLITS)


def test_each_class_is_split_in_proportion():
    labels = np.repeat([0, 1, 2], [1000, 100, 20])
    chosen, notes = complete({"train": np.arange(1120)}, labels, seed=0)
    for split in ("valid", "test"):
        assert np.bincount(labels[chosen[split]]).tolist() == [150, 15, 3]
    assert notes == ["15% of each class's images were drawn for valid and for test with seed 0."]
    chosen, notes = complete({"train": np.arange(1000), "test": np.arange(1000, 1120)}, labels, seed=0)
    assert (len(chosen["valid"]), len(chosen["test"])) == (100, 120)
    assert notes == ["10% of each class's images were drawn for valid with seed 0."]


def some(counts):
    """Examples of so many of each class, each one's input its own number."""
    labels = torch.cat([torch.full((count,), label) for label, count in enumerate(counts)])
    splits = [Split(torch.arange(len(labels)).float()[:, None] + 100 * part, labels) for part in range(3)]
    return Dataset(*splits, Card(name="some", title="", kind="table", task="classification"))


def test_fewer_takes_at_most_so_many_of_each_class_and_leaves_the_other_splits():
    dataset = some((5, 2, 9))
    three = fewer(dataset, 3, seed=1)
    assert torch.bincount(three.train.labels).tolist() == [3, 2, 3] and three.test is dataset.test
    assert set(three.train.inputs.flatten().tolist()) <= set(dataset.train.inputs.flatten().tolist())
    assert torch.equal(three.train.inputs, fewer(dataset, 3, seed=1).train.inputs)
    assert fewer(dataset, None, seed=1) is dataset


def test_validation_examples_join_unless_training_ones_stand_in():
    dataset = some((3, 3))
    assert len(with_valid(dataset).train) == 12
    alike = replace(dataset, valid=dataset.train)
    assert stands_in(alike, "valid") and not stands_in(alike, "test") and with_valid(alike) is alike
