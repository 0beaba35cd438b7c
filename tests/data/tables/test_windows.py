"""Time never runs backwards."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.tables.windows import forecasts, time_split, uneven, windows
from torchbook.errors import TorchbookError


@given(st.lists(st.integers(0, 30), min_size=3, max_size=200))
@settings(max_examples=150, deadline=None)
def test_a_split_in_time_never_looks_ahead(times):
    times = np.array(times, dtype=float)
    if len(np.unique(times)) < 3:
        with pytest.raises(TorchbookError, match="three different times"):
            time_split(times)
        return
    train, valid, test = time_split(times)
    assert sorted(np.concatenate([train, valid, test]).tolist()) == list(range(len(times)))
    assert times[train].max() < times[valid].min() and times[valid].max() < times[test].min()
    assert all((np.diff(times[part]) >= 0).all() for part in (train, valid, test))


def test_distinct_times_are_split_in_the_wanted_proportion():
    assert [len(part) for part in time_split(np.random.default_rng(0).permutation(100).astype(float))] == [70, 15, 15]


@given(st.integers(1, 20), st.integers(1, 4), st.integers(1, 8))
@settings(max_examples=100, deadline=None)
def test_windows_are_slices(rows, features, length):
    values = torch.randn(rows, features)
    found = windows(values, length)
    assert len(found) == max(0, rows - length + 1)
    for start, window in enumerate(found):
        assert torch.equal(window, values[start : start + length].T)


def test_a_forecast_is_of_the_row_after_the_window():
    inputs, labels = forecasts(torch.arange(6.0)[:, None], torch.arange(6), 2)
    assert inputs[:, 0].tolist() == [[0, 1], [1, 2], [2, 3], [3, 4]]
    assert labels.tolist() == [2, 3, 4, 5]


@pytest.mark.parametrize("length", [0, 3, 9])
def test_a_window_longer_than_a_split_is_refused(length):
    with pytest.raises(TorchbookError, match=f"1 to 2 rows here .* got {length}"):
        forecasts(torch.zeros(3, 1), torch.zeros(3), length)


def test_gaps_in_time_are_told():
    assert uneven(np.array([0.0, 1, 2, 3])) is None
    assert "1 times more (at most 5)" in str(uneven(np.array([0.0, 1, 2, 7, 8])))
    assert uneven(np.array([1.0])) is None
