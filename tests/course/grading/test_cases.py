import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.course.grading.cases import Draw, case, collected, gradients, numerical_gradient
from torchbook.errors import TorchbookError


@given(st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_equal_names_are_equal_sizes_and_others_differ(seed):
    draw = Draw(seed)
    table, labels = draw.normal("rows columns deep"), draw.integers("rows", 0, 3)
    assert len(labels) == len(table) == draw.size("rows")
    assert len(set(table.shape)) == 3
    assert torch.equal(Draw(seed).normal("rows columns deep"), table)


def test_a_shape_may_have_numbers_and_a_scalar_none():
    draw = Draw(0, {"rows": 1})
    assert draw.normal("rows 5").shape == (1, 5)
    assert draw.normal().shape == ()


def test_many_names_still_get_sizes_of_their_own():
    shape = Draw(1).shape("a b c d e f g h")
    assert len(set(shape[:6])) == 6 and min(shape) >= 2


@given(st.integers(0, 1000), st.integers(-5, 5), st.integers(1, 9))
@settings(max_examples=20, deadline=None)
def test_values_stay_between_low_and_high(seed, low, width):
    draw = Draw(seed)
    whole = draw.integers("20", low, low + width)
    assert whole.dtype == torch.int64 and low <= int(whole.min()) and int(whole.max()) < low + width
    real = draw.uniform("20", float(low), float(low + width), dtype=torch.float64)
    assert low <= float(real.min()) and float(real.max()) <= low + width
    assert low <= draw.integer(low, low + width) < low + width
    assert low <= draw.number(float(low), float(low + width)) <= low + width
    assert sorted(draw.permutation(width).tolist()) == list(range(width))


def test_decorators_make_cases_in_the_order_of_reading():
    @case("first", repeat=2)
    @case("second", batch=1, scale=3.0)
    def function(answer, draw, scale=1.0):
        return draw.normal("batch") * scale

    @case("third")
    def other(answer, draw):
        return None

    found = collected({"function": function, "other": other, "number": 3})
    assert [one.name for one in found] == ["first", "second", "third"]
    assert len(found[0].draws(0)) == 2
    assert found[1].arguments == {"scale": 3.0}
    assert found[1].draws(0)[0].size("batch") == 1


def test_draws_differ_between_turns_cases_and_seeds():
    @case("one", repeat=2)
    @case("other")
    def function(answer, draw):
        return None

    one, other = collected({"function": function})
    values = [draw.number() for draw in (*one.draws(0), *other.draws(0), *one.draws(1))]
    assert len(set(values)) == len(values)


def test_two_cases_of_one_name_are_refused():
    @case("same")
    @case("same")
    def function(answer, draw):
        return None

    with pytest.raises(TorchbookError, match="names of their own"):
        collected({"function": function})


def test_gradients_agree_with_finite_differences():
    point = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64, requires_grad=True)
    weights = torch.linspace(1, 2, 3, dtype=torch.float64)
    (by_autograd,) = gradients(point.sin() * point, point)
    by_steps = numerical_gradient(lambda x: (x.sin() * x * weights).sum(), point)
    torch.testing.assert_close(by_autograd, by_steps, rtol=1e-7, atol=1e-8)


def test_no_gradient_flows_through_what_is_detached():
    point = torch.ones(2, requires_grad=True)
    assert gradients((point * 2).detach(), point) == [None]
    assert gradients(3.0, point) == [None]
