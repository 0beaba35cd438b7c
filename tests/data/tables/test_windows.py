"""Time never runs backwards."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.tables.windows import forecasts, stretches, time_split, uneven, usual_step, windows
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


ALONE = np.zeros(6, int)


def test_gaps_in_time_are_told():
    assert uneven(np.arange(6.0), ALONE, across=False) is None
    told = str(uneven(np.array([0.0, 1, 2, 7, 8, 9]), ALONE, across=False))
    assert "mostly 1 apart, but 1 times there is a gap; no window crosses one" in told
    assert "go on across" in str(uneven(np.array([0.0, 1, 2, 7, 8, 9]), ALONE, across=True))
    assert uneven(np.array([1.0]), ALONE[:1], across=False) is None


def test_weekends_are_no_gaps_but_a_holiday_of_a_week_is():
    days = np.array([day for day in range(200) if day % 7 < 5], float)
    assert usual_step(days, np.zeros(len(days), int)) == 3
    with_holiday = days[(days < 70) | (days > 80)]
    assert len(stretches(with_holiday, np.zeros(len(with_holiday), int), 3.0)) == 2


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60)), min_size=1, max_size=80, unique=True),
    st.integers(1, 4),
)
@settings(max_examples=150, deadline=None)
def test_no_window_leaves_its_series_or_crosses_a_gap(rows, length):
    groups, times = (np.array(part) for part in zip(*rows))
    parts = stretches(times.astype(float), groups, 1.0)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(rows)))
    wanted = {(g, t) for g, t in rows if all((g, t - k) in rows for k in range(length + 1))}
    features, labels = torch.tensor(rows).float(), torch.arange(len(rows))
    if not wanted:
        with pytest.raises(TorchbookError, match="a window must be of"):
            forecasts(features, labels, length, parts)
        return
    inputs, answers = forecasts(features, labels, length, parts)
    assert {rows[label] for label in answers.tolist()} == wanted
    for window, label in zip(inputs, answers.tolist()):
        group, time = rows[label]
        assert window.T.tolist() == [[group, time - k] for k in range(length, 0, -1)]
