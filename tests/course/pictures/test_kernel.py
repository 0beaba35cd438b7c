"""The picture of a kernel: sums of nine products as SciPy has them, shades, and what it refuses."""

import base64
import io
import re

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.ndimage import correlate, sobel

from torchbook.course.pictures.kernel import PRESETS, Kernel
from torchbook.errors import TorchbookError

PHOTO = torch.randint(0, 256, (5, 7), generator=torch.Generator().manual_seed(0)).float()
FINE = PHOTO + 0.3


@pytest.mark.parametrize("name", PRESETS)
def test_the_result_is_the_sum_of_the_products_that_scipy_has(name):
    weights = np.array(PRESETS[name]).reshape(3, 3)
    framed = correlate(PHOTO.double().numpy(), weights, mode="constant")
    for padding, expected in ((True, framed), (False, framed[1:-1, 1:-1])):
        kernel = Kernel({"photo": PHOTO}, kernel=name)
        kernel.padding = padding
        assert np.allclose(kernel.result.numpy(), expected, atol=1e-5)


@pytest.mark.parametrize(("name", "axis"), [("Sobel →", 1), ("Sobel ↓", 0)])
def test_sobel_is_that_of_scipy(name, axis):
    expected = sobel(PHOTO.double().numpy(), axis=axis, mode="constant")[1:-1, 1:-1]
    assert np.allclose(Kernel({"photo": PHOTO}, kernel=name).result.numpy(), expected)


def test_presets_keep_the_brightness_or_find_edges():
    sums = {name: round(sum(weights), 9) for name, weights in PRESETS.items()}
    assert sums == {"identity": 1, "blur": 1, "sharpen": 1, "Sobel →": 0, "Sobel ↓": 0, "Laplace": 0}


@pytest.mark.parametrize("picture", [PHOTO, FINE, PHOTO - 300], ids=["bytes", "fractions", "below zero"])
def test_a_picture_goes_to_the_page_without_loss(picture):
    kernel = Kernel({"other": PHOTO, "photo": picture})
    kernel.name = "photo"
    assert torch.equal(kernel.picture, picture)
    assert len(kernel.pixels["photo"]) == picture.numel() * (1 if picture is PHOTO else 4)


def test_its_views_stretch_cut_off_and_show_sizes():
    row = torch.tensor([[0.0, 0, 0], [0, 100, 0], [0, 0, 0]])
    kernel = Kernel({"one": row}, kernel="Laplace")
    kernel.padding = True
    assert kernel.result.tolist() == [[0, 100, 0], [100, -400, 100], [0, 100, 0]]
    assert kernel.shades.tolist() == [[204, 255, 204], [255, 0, 255], [204, 255, 204]]
    kernel.view = "cut off"
    assert kernel.shades.tolist() == [[0, 100, 0], [100, 0, 100], [0, 100, 0]]
    kernel.view = "size"
    assert kernel.shades.tolist() == [[0, 64, 0], [64, 255, 64], [0, 64, 0]]
    assert kernel.alternative.endswith(
        "the kernel 0 1 0 / 1 -4 1 / 0 1 0 with the sum 0 makes of it: numbers from -400.0 to 100.0, size."
    )


def test_an_even_result_is_grey():
    assert Kernel({"even": torch.full((4, 4), 7.0)}, kernel="Laplace").shades.unique().tolist() == [128]


def test_its_still_has_the_result_as_the_screen_has_it():
    kernel = Kernel({"photo": PHOTO}, kernel="sharpen")
    before, after = (
        np.array(Image.open(io.BytesIO(base64.b64decode(png))))
        for png in re.findall(r"base64,([\w+/=]+)", kernel.still())
    )
    assert before.tolist() == PHOTO.tolist() and after.tolist() == kernel.shades.tolist()
    assert "with the sum 1" in kernel.still()


@pytest.mark.parametrize("picture", [PHOTO[None], PHOTO[:2], torch.zeros(200, 200)])
def test_other_pictures_are_refused(picture):
    with pytest.raises(TorchbookError, match=re.escape(f"odd is {list(picture.shape)}")):
        Kernel({"odd": picture})
