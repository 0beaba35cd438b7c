import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.training.schedules import constant, cosine, linear, one_cycle


@settings(max_examples=30, deadline=None)
@given(steps=st.integers(5, 200), rise=st.floats(0.25, 0.5))
def test_one_cycle_is_that_of_torch(steps, rise):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=1.0, total_steps=steps, pct_start=rise, cycle_momentum=False
    )
    ours = one_cycle(steps, rise=rise)
    for step in range(steps):
        assert optimizer.param_groups[0]["lr"] == pytest.approx(ours(step), abs=1e-9)
        optimizer.step()
        if step + 1 < steps:
            theirs.step()


def test_one_cycle_may_rise_within_its_first_step():
    ours = one_cycle(10, rise=0.1)
    assert ours(0) == 1.0 and ours(9) == pytest.approx(0, abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(steps=st.integers(2, 100), warmup=st.integers(0, 20), make=st.sampled_from([linear, cosine]))
def test_they_rise_and_then_fall_to_zero(steps, warmup, make):
    warmup = min(warmup, steps - 1)
    factors = [make(steps, warmup=warmup)(step) for step in range(steps + 1)]
    top = max(range(len(factors)), key=factors.__getitem__)
    assert factors[: top + 1] == sorted(factors[: top + 1]) and factors[top:] == sorted(factors[top:], reverse=True)
    assert factors[-1] == pytest.approx(0, abs=1e-12) and 0 < max(factors) <= 1


def test_cosine_is_that_of_torch():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 50)
    for step in range(50):
        assert optimizer.param_groups[0]["lr"] == pytest.approx(cosine(50)(step), abs=1e-9)
        optimizer.step()
        theirs.step()


def test_constant():
    assert {constant()(step) for step in (0, 1, 10**6)} == {1.0}
