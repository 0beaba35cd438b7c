"""What an answer's own classes say of themselves does not count: each of these says that it equals anything."""

from collections import OrderedDict, namedtuple

import numpy as np
import pytest
import torch
from torch.nn import Parameter

from torchbook.course.grading.behaviour import behave, difference
from torchbook.course.grading.cases import Case, Draw
from torchbook.course.grading.compare import structure, values
from torchbook.course.grading.frozen import frozen


class Agrees:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return hash(3)


def agreeing(base, **more):
    """Returns a subclass whose objects equal anything."""
    same = {"__eq__": Agrees.__eq__, "__ne__": Agrees.__ne__, "__hash__": Agrees.__hash__}
    return type("Agreeing", (base,), same | more)


class EachIs3(list):
    def __iter__(self):
        return iter([3])

    def __getitem__(self, index):
        return 3


class AgreeingTensor(torch.Tensor):
    shape = torch.Size([2])

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True


class Dispatching(torch.Tensor):
    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return function(*args, **(kwargs or {}))


class AgreeingArray(np.ndarray):
    def __array_function__(self, *_):
        return True

    def __array_ufunc__(self, *_, **__):
        return True


class Disguised:
    """An object that `isinstance` takes for an int."""

    __class__ = property(lambda self: int)
    __eq__ = Agrees.__eq__
    __hash__ = Agrees.__hash__


def compared(expected, got):
    expected, got = frozen(expected), frozen(got)
    return structure(expected, got, {}) or values(expected, got, {})


LIES = [
    (3, agreeing(int)(4)),
    (3, agreeing(int, __int__=lambda self: 3, __index__=lambda self: 3)(4)),
    (3, Disguised()),
    (3, Agrees()),
    (3.0, agreeing(float, __float__=lambda self: 3.0)(4.0)),
    ("3", agreeing(str, __str__=lambda self: "3")("4")),
    (True, agreeing(int)(1)),
    ([3], EachIs3([4])),
    ([3], agreeing(list)([4])),
    ((3,), agreeing(tuple)((4,))),
    ([[3], {"a": 3}], [[agreeing(int)(4)], {"a": agreeing(int)(4)}]),
    ({"a": 3}, agreeing(dict, __getitem__=lambda self, key: 3)({"a": 4})),
    ({3: 1}, {agreeing(int, __hash__=lambda self: hash(3))(4): 1}),
    ({3: 1}, {Agrees(): 1}),
    ({3}, {agreeing(int)(4)}),
    ({3}, {Agrees()}),
    (torch.ones(2), torch.zeros(2).as_subclass(AgreeingTensor)),
    (torch.ones(2), torch.ones(3).as_subclass(AgreeingTensor)),
    (Parameter(torch.ones(2)), torch.zeros(2).as_subclass(AgreeingTensor)),
    (torch.ones(2), torch.Tensor._make_subclass(Dispatching, torch.ones(2))),
    (np.ones(2), np.zeros(2).view(AgreeingArray)),
    (np.array([3], dtype=object), np.array([Agrees()], dtype=object)),
    (np.array([3], dtype=object), np.array([agreeing(int)(4)], dtype=object)),
    (torch.float32, Agrees()),
    (range(3), Agrees()),
]


def test_no_class_answers_for_itself():
    assert [(expected, type(got)) for expected, got in LIES if compared(expected, got) is None] == []


Pair = namedtuple("Pair", "first second")


def test_an_object_of_an_own_class_is_the_value_that_it_holds():
    same = [
        (4, agreeing(int)(4)),
        (4.0, np.float64(4.0)),
        ("4", agreeing(str)("4")),
        ([1, 2], torch.ones(1, 2).shape),
        ((1, 2), Pair(1, 2)),
        ({"a": 4}, OrderedDict(a=4)),
        (torch.ones(2), torch.ones(2).as_subclass(AgreeingTensor)),
        (np.ones(2), np.ones(2).view(AgreeingArray)),
        (np.array([4, None], dtype=object), np.array([4, None], dtype=object)),
    ]
    assert [compared(expected, got) for expected, got in same] == [None] * len(same)


def test_what_a_case_computes_with_is_the_value_too():
    case = Case("compared in the case", lambda answer, draw: [answer.number() == 3, answer.ones().sum() == 2])

    def behaviour(number, tensor):
        module = type(torch)("answer")
        module.number, module.ones = lambda: number, lambda: tensor
        return behave(module, case, Draw(0))

    wrong = behaviour(agreeing(int)(4), torch.zeros(2).as_subclass(AgreeingTensor))
    assert "item 0 of the result is False" in difference(behaviour(3, torch.ones(2)), wrong, case)
    assert wrong.returned[1].item() is False


@pytest.mark.parametrize("value", [torch.ones(2), Parameter(torch.ones(2)), np.ones(2), [1.0, 1.0], {1: 1.0, 0: 1.0}])
def test_a_copy_stays_as_it_was(value):
    copied = frozen(value)
    with torch.no_grad():
        value[0] = 7.0
    assert type(copied) is type(value) and 7.0 not in list(copied.values() if isinstance(copied, dict) else copied)
