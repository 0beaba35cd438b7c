"""Copies across the split are found, and lookalikes are not taken for copies."""

import io

import numpy as np
import pytest
import torch
from PIL import Image, ImageEnhance

from torchbook.data import load
from torchbook.data.augment.transforms import Normalize
from torchbook.data.images.duplicates import equal, near_pictures


def textured(count: int, seed: int) -> torch.Tensor:
    """Pictures with coarse and fine structure, unlike each other."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, 1, 5, 5, generator=generator) + 0.25 * torch.rand(count, 3, 5, 5, generator=generator)
    pictures = torch.nn.functional.interpolate(coarse, size=32, mode="bilinear") * 160
    return (pictures + torch.rand(pictures.shape, generator=generator) * 40).to(torch.uint8)


def changed(picture: torch.Tensor, how: str) -> torch.Tensor:
    image = Image.fromarray(picture.permute(1, 2, 0).numpy())
    if how == "jpeg":
        file = io.BytesIO()
        image.save(file, format="JPEG", quality=60)
        image = Image.open(file)
    elif how == "brighter":
        image = ImageEnhance.Brightness(image).enhance(1.15)
    elif how == "grey":
        image = image.convert("L").convert("RGB")
    elif how == "resized":
        image = image.resize((24, 24)).resize((32, 32))
    elif how == "cropped":
        image = image.crop((1, 1, 32, 32)).resize((32, 32))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


@pytest.mark.parametrize("how", ["same", "jpeg", "brighter", "grey", "resized", "cropped"])
def test_a_changed_copy_is_found_with_its_original(how):
    train, test = textured(60, seed=0), textured(20, seed=1)
    test[7] = changed(train[33], how)
    assert near_pictures(train, test) == [(7, 33)]


@pytest.mark.parametrize(("scale", "shift"), [(1 / 255, 0), (1e-4, 5), (1e3, -7)])
def test_copies_are_found_in_floats_of_any_range(scale, shift):
    train, test = textured(60, seed=0), textured(20, seed=1)
    test[7] = changed(train[33], "jpeg")
    train[5], test[5] = 128, 128
    assert near_pictures(train * scale + shift, test * scale + shift) == [(7, 33)]


def test_pictures_of_one_colour_and_unlike_ones_are_no_copies():
    train, test = textured(60, seed=0), textured(20, seed=1)
    train[5], test[5] = 128, 128
    assert near_pictures(train, test) == []


def test_lookalikes_are_left_alone():
    digits = load("digits")
    assert len(near_pictures(digits.train.inputs, digits.test.inputs)) <= 0.01 * len(digits.test)


def test_equal_rows_are_paired_with_the_first_of_their_kind():
    train, test = torch.tensor([[1.0, 2.0], [3.0, 4.0], [3.0, 4.0]]), torch.tensor([[3.0, 4.000001], [0.0, 0.0]])
    assert equal(train, test) == []
    assert equal(train, test, Normalize([2.0, 3.0], [1.0, 1.0])) == [(0, 1)]
    assert equal(train, train) == [(0, 0), (1, 1), (2, 1)]
