"""The walk through a picture's storage: places, views and copies as torch itself has them."""

import math

import pytest
import torch

from torchbook.course.pictures.strides import Strides, pixels
from torchbook.errors import TorchbookError

PHOTO = torch.arange(6 * 8 * 3, dtype=torch.uint8).view(6, 8, 3)
STEPS = (
    *("", "t.view(3, 6, 8)", "t.permute(2, 0, 1)", "t.permute(1, 0, 2)", "t[1:4, 2:]", "t[::2, ::3]", "t[:, :, 1]"),
    *("t.flip(1)", "t[:, [4, 4]]", "t.permute(2, 0, 1).contiguous()", "t.permute(2, 0, 1).reshape(6, 8, 3)", "t[0]"),
    *("t[2, 3, 1]", "t[0].expand(5, 8, 3)", "t.view(2, 3, 4, 6)"),
)


@pytest.mark.parametrize("step", STEPS)
def test_each_element_is_the_number_at_its_place(step):
    picture = Strides(PHOTO, steps=STEPS)
    picture.step = step
    result, facts = eval(step or "t", {"t": PHOTO}), picture.results[step]
    memory = picture.memory if facts["shared"] else facts["memory"]
    index = torch.ones(result.shape).nonzero()
    places = [facts["offset"] + sum(map(math.prod, zip(at, facts["stride"]))) for at in index.tolist()]
    assert [memory[place] for place in places] == result.reshape(-1).tolist() == picture.result.reshape(-1).tolist()
    assert facts["first"] == places[:5] and facts["shape"] == list(result.shape)
    assert facts["shared"] == (result.untyped_storage().data_ptr() == PHOTO.untyped_storage().data_ptr())
    assert ("the memory of t" if facts["shared"] else "a copy") in picture.alternative


def test_a_picture_is_drawn_by_its_shape():
    assert torch.equal(pixels(PHOTO), PHOTO) and torch.equal(pixels(PHOTO.permute(2, 0, 1)), PHOTO)
    assert torch.equal(pixels(PHOTO[:, :, 1]), PHOTO[:, :, 1]) and pixels(PHOTO.view(2, 3, 4, 6)).shape == (24, 6)
    assert pixels(PHOTO[0, 0, 0]).shape == (1, 1)


def test_an_expression_that_fails_says_why_and_leaves_the_picture():
    picture = Strides(PHOTO, step="t.permute(2, 0, 1)")
    shown = picture.alternative
    for step, message in {
        "t.permute(2, 0, 1).view(144)": "RuntimeError: view size",
        "t.sum().item()": "gives no tensor",
        "t.float()": r"float32 \[6, 8, 3\]; here uint8 is drawn",
        "t[:0]": r"uint8 \[0, 8, 3\]",
        "t.repeat(99, 9, 1)": "65,536",
    }.items():
        picture.step = step
        with pytest.raises(TorchbookError, match=message):
            raise TorchbookError(picture.message)
        assert picture.alternative == shown and picture.result.shape == (3, 6, 8)
    picture.step = "t[1]"
    assert not picture.message
    with pytest.raises(TorchbookError, match="the picture is float32"):
        Strides(torch.zeros(2, 2, 3))


def test_its_still_shows_the_picture_and_the_rule():
    still = Strides(PHOTO, step="t.permute(2, 0, 1)").still()
    assert "data:image/png" in still and "1 · i + 24 · j + 3 · k" in still and "shape [3, 6, 8]" in still
