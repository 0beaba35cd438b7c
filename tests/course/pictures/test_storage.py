"""The storage of a tensor: places, strides, bits and shared memory as torch itself has them."""

import re
import struct

import pytest
import torch

from torchbook.course.pictures.storage import Storage, bits, described
from torchbook.errors import TorchbookError

BASE = torch.arange(24).view(4, 6)
MADE = {
    "itself": BASE,
    "transposed": BASE.T,
    "viewed": BASE.view(2, 3, 4),
    "reshaped from a view": BASE.T.reshape(3, 8),
    "flattened": BASE.flatten(),
    "sliced": BASE[1::2, 2:5],
    "expanded": BASE[:1].expand(3, 6),
    "permuted": BASE.view(2, 3, 4).permute(2, 0, 1),
    "one number": BASE[2, 3],
    "floats": torch.tensor([[0.5, -2.25], [1e9, 3.0]]),
    "truths": torch.tensor([True, False]),
    "nothing": BASE[:0],
}


@pytest.mark.parametrize("tensor", MADE.values(), ids=MADE)
def test_each_element_lies_where_the_rule_says(tensor):
    shown = described(tensor, of=BASE)
    assert shown["shape"] == list(tensor.shape) and shown["stride"] == list(tensor.stride())
    assert shown["offset"] == tensor.storage_offset() and shown["contiguous"] == tensor.is_contiguous()
    start = tensor.untyped_storage().data_ptr()
    places = [(tensor[index].data_ptr() - start) // tensor.element_size() for index in indices(tensor)]
    assert shown["places"] == places
    assert [shown["storage"][place] for place in places] == shown["texts"]
    assert shown["shared"] == (start == BASE.untyped_storage().data_ptr())


def indices(tensor):
    """The index of each element, row by row."""
    return [tuple(index) for index in torch.ones(tensor.shape).nonzero().tolist()]


@pytest.mark.parametrize(
    "dtype, code", [(torch.float32, ">f"), (torch.float64, ">d"), (torch.int32, ">i"), (torch.int8, ">b")]
)
def test_the_bits_are_those_in_memory(dtype, code):
    values = [1.0, -2.5, 0.1] if dtype.is_floating_point else [1, -2, 100]
    expected = ["".join(f"{byte:08b}" for byte in struct.pack(code, value)) for value in values]
    assert bits(torch.tensor(values, dtype=dtype)) == expected


def test_a_step_is_a_view_or_a_copy():
    picture = Storage(torch.arange(6).view(2, 3))
    for step, shared in (("t.T", True), ("t.view(3, 2)", True), ("t.T.reshape(-1)", False), ("t[[1, 0]]", False)):
        picture.step = step
        assert (
            picture.shown["shared"] == shared and picture.result.tolist() == eval(step, {"t": picture.tensor}).tolist()
        )
        assert ("shares the memory" if shared else "a copy") in picture.alternative
    shown = picture.shown
    picture.step = "t.T.view(-1)"
    assert "view size is not compatible" in picture.message and picture.shown == shown
    picture.step = "t.sum().item()"
    assert picture.message == "t.sum().item() gives no tensor, but 15"


def test_a_tensor_of_ones_own_is_typed():
    picture = Storage(torch.arange(6).view(2, 3), step="t.T")
    picture.typed = "[[1.5, 2], [3, 4]]"
    assert picture.tensor.dtype == torch.float32 and picture.result.tolist() == [[1.5, 3], [2, 4]]
    for wrong, message in (("[1, [2]]", "brackets"), ("x", "brackets"), (str(list(range(99))), "64 elements")):
        picture.typed = wrong
        assert message in picture.message and picture.result.tolist() == [[1.5, 3], [2, 4]]
    with pytest.raises(TorchbookError, match=r"the shape \[9, 9\]; here at most"):
        Storage(torch.zeros(9, 9))
    with pytest.raises(TorchbookError, match="no attribute 'turn'"):
        Storage(torch.zeros(2), step="t.turn()")


def test_its_still_has_a_cell_for_each_element_and_each_place():
    picture = Storage(torch.arange(20).view(4, 5)[:, 1:], step="t.T")
    assert picture.still().count("<rect") == 16 + 20 and "1 · i + 5 · j" in picture.still()
    grey = Storage(torch.arange(4.0).view(2, 2), pixels=True)
    assert "hsl(0 0% 33%)" in grey.still() and grey.still().count("<text") == 2


def test_a_bit_that_is_turned_over_is_one_of_the_number_in_memory():
    given = torch.tensor([1.0, 2.5, 100.0])
    picture = Storage(given, step="t[1:]")
    picture.flipped = [[1, 0]]  # the sign
    assert picture.tensor.tolist() == [1.0, -2.5, 100.0] and picture.result.tolist() == [-2.5, 100.0]
    picture.flipped = [[1, 0], [2, 8]]  # and the lowest bit of an exponent
    assert picture.tensor.tolist() == [1.0, -2.5, 50.0] and picture.shown["parts"]["fraction"] == 23
    picture.flipped = []
    assert picture.tensor is given and given.tolist() == [1.0, 2.5, 100.0]
    picture.typed, picture.flipped = "[3, -1]", [[0, 63], [1, 0]]
    assert picture.tensor.tolist() == [2, 2**63 - 1]
    assert {
        sum(described(torch.zeros(1, dtype=dtype))["parts"].values()) for dtype in (torch.float16, torch.int16)
    } == {16}


def test_a_vector_is_laid_out_in_rows_of_a_width():
    message = torch.arange(11)
    picture = Storage(message, steps=[], width=3)
    assert torch.equal(picture.result, message[:9].view(3, 3)) and picture.shown["shared"]
    picture.width = 4
    assert torch.equal(picture.result, message[:8].view(2, 4)) and picture.shown["stride"] == [4, 1]


@pytest.mark.parametrize(
    "step",
    [
        *("torch.os.system('true')", "__import__('os').getcwd()", "t.__class__.__base__.__subclasses__()"),
        *("torch.load('file')", "(lambda: t)()", "t.numpy()", "t.data.fill_(0)", "t.repeat(10**9, 10**9)"),
    ],
)
def test_an_expression_from_an_address_is_never_run_as_python(step):
    picture = Storage(torch.arange(6).view(2, 3))
    picture.step = step
    assert re.search("not possible here|more than 65,536 elements|no plain number", picture.message)
    assert picture.result.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_condition_chooses():
    picture = Storage(torch.arange(6).view(2, 3))
    picture.step = "t[t > 2]"
    assert picture.result.tolist() == [3, 4, 5] and not picture.message
