"""Columns become numbers by a plan that can be stored."""

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.tables.columns import recognise
from torchbook.data.tables.encoding import embeddings, encode, plan, statistics

CELLS = st.lists(
    st.one_of(
        st.sampled_from(
            ["", "NA", "red", "blue", "S", "M", "L", "2024-01-31", "31.01.2024", "0", "1", "007", "1,5", "-"]
        ),
        st.integers(-5, 5).map(str),
        st.floats(-1e6, 1e6).map(str),
    ),
    min_size=1,
    max_size=30,
)


@given(CELLS, st.data())
@settings(max_examples=200, deadline=None)
def test_a_stored_plan_encodes_the_same_cells_the_same_way(cells, data):
    train = np.array(data.draw(st.lists(st.integers(0, len(cells) - 1), min_size=1)))
    column = recognise("c", cells)
    known = plan(column, train)
    here = encode(known, column.cells, column.values)
    again = encode(json.loads(json.dumps(known)), cells)
    assert here.dtype == np.float32 and np.isfinite(here).all()
    assert here.shape == (len(cells), len(known["features"]))
    np.testing.assert_array_equal(here, again)


@given(st.lists(st.integers(-(10**9), 10**9).map(lambda n: n / 1000), min_size=2, max_size=40), st.data())
@settings(max_examples=100, deadline=None)
def test_statistics_are_those_of_the_training_rows(numbers, data):
    cells = [repr(value) for value in numbers]
    train = np.array(data.draw(st.lists(st.integers(0, len(cells) - 1), min_size=1, unique=True)))
    column = recognise("c", cells, wanted="continuous")
    if column.constant:
        return
    known = plan(column, train)
    values = encode(known, cells)
    mean, std = statistics([known], torch.from_numpy(values[train]))
    expected = np.array(numbers)[train]
    size = np.abs(expected).max()
    assert mean[0] + known["offset"] == pytest.approx(expected.mean(), abs=1e-6 * size + 1e-30)
    if expected.std() > 1e-3 * size:
        assert std[0] == pytest.approx(expected.std(), rel=1e-4)


def test_few_categories_are_one_hot_and_a_new_one_is_all_zeros():
    column = recognise("c", ["b", "a", "", "a"])
    known = plan(column, np.arange(4))
    assert known["features"] == ["c = (empty)", "c = a", "c = b"]
    assert encode(known, ["a", "", "never seen"]).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_many_categories_are_indices_and_a_new_one_is_zero():
    cells = [f"city {i % 15}" for i in range(45)] + ["once"]
    known = plan(recognise("c", cells), np.arange(46))
    assert known["encoding"] == "embedded" and "once (1)" in known["why"]
    encoded = encode(known, ["city 0", "city 14", "once", "never seen"])[:, 0]
    assert encoded[0] == 1 and encoded[1] == known["categories"].index("city 14") + 1 and encoded[2:].tolist() == [0, 0]
    assert embeddings([plan(recognise("x", ["1.5", "2", "3"]), np.arange(3)), known]) == [[1, 16, known["dimension"]]]


def test_categories_of_the_other_splits_are_not_known():
    known = plan(recognise("c", ["a", "b", "c"]), np.array([0, 1]))
    assert known["categories"] == ["a", "b"]


def test_numbers_as_categories_have_one_way_of_writing():
    known = plan(recognise("c", ["10", "9", "9.0", "+10"], wanted="categorical"), np.arange(4))
    assert known["categories"] == ["9", "10"]
    assert encode(known, ["9.00", "1e1", "11"]).tolist() == [[1, 0], [0, 1], [0, 0]]


def test_a_missing_number_is_the_training_mean_and_flagged():
    known = plan(recognise("c", ["1.5", "2.5", "", "100.5"]), np.array([0, 1, 2]))
    assert encode(known, ["", "7"]).tolist() == [[2, 1], [7, 0]]


def test_large_numbers_that_differ_little_keep_their_difference():
    cells = [f"{1_600_000_000 + i}.5" for i in range(20)]
    known = plan(recognise("c", cells), np.arange(20))
    assert np.diff(encode(known, cells)[:, 0]).tolist() == [1.0] * 19


def test_a_date_is_days_and_its_place_in_the_cycles():
    known = plan(recognise("d", ["2023-01-02", "2023-01-09", "2023-01-10"]), np.arange(3))
    encoded = encode(known, ["2023-01-02", "2023-01-09", "10.01.2023"])
    assert encoded[:2, 0].tolist() == [0, 7]
    np.testing.assert_allclose(encoded[0, 3:5], encoded[1, 3:5], atol=1e-4)  # The same day of the week.
    np.testing.assert_allclose((encoded[:2, 1:3] ** 2).sum(1), 1, atol=1e-6)
