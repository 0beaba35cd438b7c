import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.course.grading.compare import pattern, picture, structure, values
from torchbook.course.grading.describe import shown
from torchbook.course.grading.frozen import frozen

SIZES = {"batch": 3, "classes": 4}

things = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5),
        st.floats(-5, 5),
        st.text(max_size=3),
        st.lists(st.integers(1, 3), max_size=3).map(lambda shape: torch.arange(math.prod(shape)).reshape(shape) / 2),
    ),
    lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(st.text(max_size=2), inside, max_size=3)),
    max_leaves=6,
)


def compared(expected, got, **options):
    expected, got = frozen(expected), frozen(got)
    return structure(expected, got, SIZES) or values(expected, got, SIZES, **options)


@given(things)
@settings(max_examples=60, deadline=None)
def test_everything_equals_itself_and_can_be_shown(thing):
    assert compared(thing, thing) is None
    assert isinstance(shown(thing, SIZES), str)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_one_wrong_value_anywhere_is_found_and_placed(shape, seed):
    expected = torch.rand(shape, generator=torch.Generator().manual_seed(seed)) + 1
    got = expected.clone()
    place = tuple(seed % size for size in shape)
    got[place] *= 1.01
    assert f"at {list(place)} is" in compared({"inner": [expected]}, {"inner": [got]})


@pytest.mark.parametrize(
    "got", [6, 6.0, torch.tensor([6.0]), torch.tensor([[6.0]]), torch.tensor(6), np.array(6.0), "6"]
)
def test_nothing_is_broadcast_or_converted(got):
    assert structure(torch.tensor(6.0), got, SIZES) is not None


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (
            torch.zeros(3, 4),
            torch.zeros(4, 3),
            "[classes 4, batch 3], expected [batch 3, classes 4]. The dimensions are there",
        ),
        (torch.zeros(3, 4), torch.zeros(3, 1, 4), "a dimension of size 1 too many"),
        (torch.zeros(3, 1), torch.zeros(3), "A dimension of size 1 is missing"),
        (torch.zeros(3), torch.tensor(0.0), "over which dimension"),
        (torch.zeros(3, 4), torch.zeros(12), "The number of values is right"),
        (torch.zeros(3), torch.zeros(3).double(), "is float64, expected float32"),
        (torch.zeros(3), torch.zeros(3, device="meta"), "on the device meta, expected cpu"),
        (torch.zeros(3, requires_grad=True), torch.zeros(3), "cut off from the computation graph"),
        (torch.zeros(3), torch.zeros(3, requires_grad=True), "requires a gradient"),
        (torch.nn.Parameter(torch.zeros(3)), torch.zeros(3, requires_grad=True), "expected an nn.Parameter"),
        (torch.zeros(3), None, "Is a `return` missing?"),
        (torch.tensor(1.0), torch.zeros(3), "is a mean or a sum missing?"),
        (None, 3, "an int, 3, expected None"),
        ((1, 2), (1, 2, 3), "has 3 items, expected 2"),
        ({"loss": 1.0}, {"los": 1.0}, "has the keys ['los'], expected ['loss']"),
        (3, 3.0, "a float, 3.0, expected an int"),
        (True, 1, "an int, 1, expected a bool"),
        ({"loss": torch.zeros(2)}, {"loss": None}, "`loss` is None"),
        ({"model(x)": torch.zeros(2)}, {"model(x)": None}, "Is a `return` missing?"),
        ([1, 2, 3], [1, 2], "does a loop end too early"),
        (np.zeros(2), np.zeros(3), "has the shape [3], expected [2]"),
    ],
)
def test_a_difference_of_structure_is_named(expected, got, words):
    assert words in structure(expected, got, SIZES)


@pytest.mark.parametrize(("expected", "got"), [(torch.zeros(3), torch.zeros(4)), ((1, 2, 3), (1, 2))])
def test_one_too_many_is_said_of_no_other_dimension_and_one_missing_of_no_tuple(expected, got):
    assert not any(words in structure(expected, got, SIZES) for words in ("too many", "missing"))


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ((1, 2), [1, 2]),
        (2.0, 2),
        (torch.ones(2), torch.ones(2) + 1e-6),
        (1e-9, 0.0),
        (float("nan"), float("nan")),
        (torch.tensor([math.inf, 1.0]), torch.tensor([math.inf, 1.0])),
        (torch.Size([2]), (2,)),
    ],
)
def test_what_is_right_in_another_way_stays_right(expected, got):
    assert compared(expected, got) is None


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (torch.ones(2), torch.tensor([1.0, 1.001])),
        (1.0, 1.001),
        (torch.tensor([1e-5, 2e-5]), torch.zeros(2)),
        (1, 2),
        ("a", "b"),
    ],
)
def test_small_differences_are_seen(expected, got):
    assert compared(expected, got) is not None


@pytest.mark.parametrize(
    ("expected", "got"), [(0.22134, 0.2213), (torch.tensor([0.22134]), torch.tensor([0.2213])), (1.0, 1.001)]
)
def test_two_numbers_that_differ_are_written_with_different_digits(expected, got):
    found, wanted = re.search(r"is ([\d.]+), expected ([\d.]+)\.", compared(expected, got)).groups()
    assert found != wanted


def test_wrong_values_are_placed_and_drawn():
    expected = torch.arange(12.0).reshape(3, 4)
    got = expected.clone()
    got[1, 2], got[2, 0] = 7.0, 0.0
    message = compared(expected, got)
    assert (
        "2 of 12 values are wrong. The first at [1, 2] is 7.0, expected 6.0. The largest difference, 8.0, is at [2, 0]."
        in message
    )
    assert message.endswith("    · · · ·\n    · · x ·\n    x · · ·")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: -x, "wrong sign"),
        (lambda x: x * 3, "a sum where a mean is asked"),
        (lambda x: x / 4, "a mean where a sum is asked"),
        (lambda x: x * 2, "Each value is 2 times what is expected."),
        (lambda x: x * 1.7, "Each value is 1.7 times what is expected."),
        (lambda x: x * 1.00003, "Only the first digits are right"),
        (lambda x: x - 2, "Each value is 2 too small"),
        (lambda x: x.T, "transpose"),
        (lambda x: x.log(), "logarithm"),
        (lambda x: x.flip(0), "order is not"),
        (lambda x: x * math.nan, "not a number"),
        (lambda x: x / 0, "infinite"),
    ],
)
def test_a_pattern_in_wrong_values_is_named(change, words):
    expected = torch.tensor([[1.0, 2.0], [5.0, 11.0]])
    assert words in pattern(expected, change(expected), SIZES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: x * 100, "per cent"),
        (lambda x: x * 12, "the sizes of `rows` and `columns` multiplied"),
        (lambda x: x.round(decimals=2), "rounded to 2 digits"),
        (lambda x: x.round(decimals=1), "rounded to 1 digit."),
        (lambda x: x.round(), "rounded to whole numbers"),
        (lambda x: x.trunc(), "fraction is lost"),
        (lambda x: torch.cat([x[:1], 0 * x[1:]]), "Only the first row is right"),
        (lambda x: torch.cat([x[:-1], 0 * x[-1:]]), "The last row is 0"),
        (lambda x: torch.cat([0 * x[:1], x[1:]]), "The first row is 0"),
        (lambda x: x[:1].expand_as(x), "Each row is the same"),
        (lambda x: x.exp(), ""),
    ],
)
def test_what_a_slip_leaves_in_the_values_is_named(change, words):
    expected = torch.tensor([[1.2345, 2.7183], [5.4321, 11.9876], [-3.1416, 0.5772]])
    message = pattern(expected, change(expected), {"rows": 3, "columns": 4})
    assert words in message if words else not message


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (0.4167, 41.67, "per cent"),
        (2.5714, 2, "fraction is lost"),
        (0.5714, 0, ""),
        (1.288, 1, ""),
        (0.5714, 0.6, ""),
        (0.5714, 0.57, "rounded to 2 digits"),
        (314.4, 9 * math.log(10), "the logarithm of 1e-9"),
        (21.0, 9 * math.log(10), ""),
        (1.0, 0, ""),
        (3.0, 4.0, ""),
    ],
)
def test_what_a_slip_leaves_in_one_number_is_named(expected, got, words):
    e, g = torch.tensor([expected, float(got)], dtype=torch.float64)
    message = pattern(e, g, {})
    assert words in message if words else not message


def test_of_two_equal_sizes_both_are_named():
    expected = torch.tensor([1.0, 2.5])
    assert "`classes` or `examples`" in pattern(expected, 4 * expected, {"classes": 4, "examples": 4})


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (1, "1", "leave out the quotes"),
        ([1, 2], (item for item in [1, 2]), "It comes of a `yield`"),
        (0.5, torch.tensor(0.5), "`.item()` takes the number out"),
        (torch.tensor(0.5), 0.5, "Return the tensor itself"),
        ([1, 2, 3, 4], [1], "Only one. If there is a loop: is the `return`"),
        ([1, 2, 3, 4], [1, 2, 3], "One is missing"),
        ([1, 2, 3], [1, 2, 3, 4], "one too many"),
        (torch.ones(4, 2), torch.ones(1, 2), "Only one. If there is a loop: is the `return`"),
        (torch.ones(4, 2), torch.ones(3, 2), "One is missing"),
        ([torch.ones(4, 2), torch.zeros(4)], [torch.zeros(4), torch.ones(4, 2)], "Items 0 and 1 are exchanged"),
        ([torch.ones(4, 2), torch.zeros(4)], [torch.zeros(4), torch.zeros(4, 2)], "item 0"),
    ],
)
def test_what_another_structure_may_come_from_is_said(expected, got, words):
    assert words in structure(expected, got, {})
    if words == "item 0":
        assert "exchanged" not in structure(expected, got, {})


def test_no_pattern_is_claimed_where_there_is_none():
    assert pattern(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.5, 3.0]), SIZES) == ""
    assert pattern(torch.tensor([0.1, -0.2, 0.3]), torch.zeros(3), SIZES) == ""  # small values, not rounded ones


def test_a_picture_is_left_out_where_it_says_nothing():
    assert picture(torch.zeros(3, 3, dtype=torch.bool)) == ""
    assert picture(torch.eye(40, dtype=torch.bool)) == ""
