import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.dataset import channel_statistics, split_indices


@settings(max_examples=60, deadline=None)
@given(labels=st.lists(st.integers(0, 4), min_size=1, max_size=80), seed=st.integers(0, 1000))
def test_splits_are_disjoint_complete_and_stratified(labels, seed):
    labels = torch.tensor(labels)
    parts = split_indices(len(labels), seed=seed, labels=labels)
    together = torch.cat(parts)
    assert sorted(together.tolist()) == list(range(len(labels)))
    for c in labels.unique():
        in_train = (labels[parts[0]] == c).sum()
        assert in_train >= 1
        if (labels == c).sum() >= 3:
            assert all((labels[part] == c).any() for part in parts)


def test_a_split_repeats_with_its_seed():
    assert torch.equal(split_indices(100, seed=4)[2], split_indices(100, seed=4)[2])
    assert not torch.equal(split_indices(100, seed=4)[2], split_indices(100, seed=5)[2])


def test_statistics_are_those_of_torch():
    images = torch.randint(0, 256, (50, 3, 6, 5), dtype=torch.uint8)
    mean, std = channel_statistics(images)
    values = images.double() / 255
    torch.testing.assert_close(torch.tensor(mean).double(), values.mean((0, 2, 3)), rtol=1e-6, atol=1e-7)
    torch.testing.assert_close(torch.tensor(std).double(), values.std((0, 2, 3), correction=0), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("period", [2, 3, 10])
def test_statistics_do_not_depend_on_the_order_of_the_rows(period):
    # Rows that repeat are what evenly spaced ones would never see all of.
    count = 30_000 * period
    table = torch.zeros(count, 2)
    table[::period, 0] = 1
    table[[1, 7, 5001], 1] = 5e5
    mean, std = channel_statistics(table)
    assert mean == pytest.approx((1 / period, 3 * 5e5 / count))
    assert std == pytest.approx(tuple(table.double().std(0, correction=0).tolist()))
    images = torch.zeros(36_000, 1, 30, 30, dtype=torch.uint8)
    images[::period] = 255
    (mean,), (std,) = channel_statistics(images)
    assert mean == pytest.approx(1 / period, abs=0.02)
    assert std == pytest.approx((1 / period * (1 - 1 / period)) ** 0.5, abs=0.02)
