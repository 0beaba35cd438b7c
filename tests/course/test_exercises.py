"""The packaged exercises: each is proved by the author's check, and held against scikit-learn and torch."""

import types

import numpy as np
import pytest
import torch
from each_exercise import each_exercise
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from torchbook.course.authoring.author import examined
from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import exercises

PACKAGED = {exercise.name: exercise for exercise in exercises()}


def solution(name):
    module = types.ModuleType(name)
    exec(PACKAGED[name].solution, module.__dict__)
    return module


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("exercise", each_exercise())
def test_each_exercise_is_ready(exercise):
    assert examined(exercise).problems == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize("exercise", each_exercise())
def test_starters_are_unwritten_and_solutions_right(exercise):
    assert check(exercise, exercise.folder / "starter.py", briefly=True).outcome == "not attempted"
    assert check(exercise, exercise.folder / "solution.py", briefly=True).passed


def test_prompts_name_what_is_to_be_written():
    faults = [exercise.name for exercise in PACKAGED.values() if not _named(exercise)]
    assert not faults


def _named(exercise):
    names = [
        line.split()[1].partition("(")[0].rstrip(":")
        for line in exercise.starter.splitlines()
        if line[:3] in ("def", "cla")
    ]
    return names and all(name in exercise.prompt for name in names) and 2 <= exercise.minutes <= 15


def test_columns_are_standardised_as_scikit_learn_does():
    table = np.random.default_rng(0).normal(5, 3, (40, 4))
    ours = solution("standardize_columns").standardize_columns(torch.from_numpy(table))
    np.testing.assert_allclose(ours.numpy(), StandardScaler().fit_transform(table), rtol=1e-9)


@given(st.lists(st.tuples(st.sampled_from("+*"), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12))
@settings(max_examples=30, deadline=None)
def test_the_engine_agrees_with_autograd_on_any_expression(steps):
    start = [0.5, -1.25, 0.75]
    engine = solution("scalar_engine")
    ours = [engine.Value(number) for number in start]
    theirs = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in start]
    for numbers in (ours, theirs):
        for sign, left, right in steps:
            a, b = numbers[left % len(numbers)], numbers[right % len(numbers)]
            numbers.append(a + b if sign == "+" else a * b)
        numbers[-1].backward()
    assert ours[-1].data == pytest.approx(float(theirs[-1].detach()), rel=1e-9)
    for own, other in zip(ours[:3], theirs):
        assert own.grad == pytest.approx(0.0 if other.grad is None else float(other.grad), rel=1e-9, abs=1e-12)
