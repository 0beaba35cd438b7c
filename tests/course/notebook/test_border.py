"""What crosses from one process to another arrives as it was."""

import json
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from torchbook.course.notebook.border import packed, unpacked
from torchbook.errors import TorchbookError

plain = some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text()
nested = some.recursive(plain, lambda one: some.lists(one) | some.dictionaries(some.text(), one), max_leaves=20)


def crossed(value):
    return unpacked(json.loads(json.dumps(packed(value, "it"))))


@given(nested)
def test_numbers_text_lists_and_dicts(value):
    assert crossed(value) == value


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.int64, torch.uint8, torch.bool])
def test_tensors_keep_shape_dtype_and_every_bit(dtype):
    for shape in ((), (3,), (2, 0), (2, 3, 4)):
        tensor = (torch.rand(shape) * 3).to(dtype)
        back = crossed({"a": [tensor]})["a"][0]
        assert back.dtype == dtype and back.shape == tensor.shape and torch.equal(back, tensor)


def test_tensors_that_share_memory_or_have_gradients():
    tensor = torch.arange(6.0, requires_grad=True)
    back = crossed({"all": tensor, "part": tensor[2:4], "turned": tensor.view(2, 3).T})
    assert torch.equal(back["turned"], tensor.detach().view(2, 3).T)
    assert not back["all"].requires_grad


def test_a_packed_tensor_is_a_copy():
    tensor = torch.zeros(2)
    content = packed({"weights": tensor}, "it")
    tensor += 1
    assert unpacked(content)["weights"].tolist() == [0, 0]


def test_arrays_and_their_numbers_and_what_is_not_finite():
    assert crossed((np.float32(0.5), np.int64(3), math.inf)) == [0.5, 3, math.inf]
    assert torch.equal(crossed(np.arange(3)), torch.arange(3))
    assert math.isnan(crossed(math.nan))


def test_what_cannot_cross_is_named_with_its_place():
    with pytest.raises(TorchbookError, match=r"the arguments\['model'\]\[0\] is a Linear; only numbers"):
        packed({"model": [torch.nn.Linear(1, 1)]}, "the arguments")
    with pytest.raises(TorchbookError, match="the report has the key 3; expected text"):
        packed({3: 1}, "the report")
