"""The window on a volume: shades by the formula, what a dtype gives back, and what it refuses."""

import base64
import io
import re

import numpy as np
import pytest
import torch
from PIL import Image

from torchbook.course.pictures.still_axes import LEFT, RIGHT
from torchbook.course.pictures.window import Window
from torchbook.errors import TorchbookError

SCAN = torch.randint(-1024, 3072, (3, 5, 7), generator=torch.Generator().manual_seed(0), dtype=torch.int16)
BYTES = {"int16": lambda hu: hu, "uint8": lambda hu: hu.to(torch.uint8), "float16": lambda hu: hu.half()}


@pytest.mark.parametrize(("centre", "width"), [(1000, 4000), (40, 80), (-600, 1500), (35, 5)])
def test_shades_rise_in_a_straight_line_between_the_ends(centre, width):
    picture = Window(SCAN, slice=2, centre=centre, width=width)
    expected = np.interp(SCAN[2].numpy(), [centre - width / 2, centre + width / 2], [0, 255])
    assert picture.shades.dtype == torch.uint8 and np.abs(picture.shades.numpy() - expected).max() < 0.5 + 1e-9
    black = (SCAN[2] <= centre - width / 2).float().mean()
    assert f"Slice 3 of 3, through a window from {centre - width / 2:g}" in picture.alternative
    assert f"{black:.0%} of it is black" in picture.alternative


@pytest.mark.parametrize("name", BYTES)
def test_a_dtype_gives_back_what_torch_does(name):
    picture = Window(SCAN, slice=1, dtypes=BYTES)
    picture.dtype = name
    assert picture.values.tolist() == BYTES[name](SCAN[1]).to(torch.int16).tolist()
    assert f"stored as {name}" in picture.alternative


def test_its_still_is_the_slice_as_the_screen_has_it():
    picture = Window(SCAN, slice=1, centre=40, width=80)
    png = re.search(r"base64,([\w+/=]+)", picture.still()).group(1)
    shown = np.array(Image.open(io.BytesIO(base64.b64decode(png))))
    assert shown.tolist() == picture.shades.tolist() and "slice 2 of 3" in picture.still()


@pytest.mark.parametrize("volume", [SCAN.float(), SCAN[0], SCAN[:0], torch.zeros(1, 400, 400, dtype=torch.int16)])
def test_other_volumes_are_refused(volume):
    with pytest.raises(TorchbookError, match=re.escape(str(list(volume.shape)))):
        Window(volume)


def test_the_histogram_of_its_still_stands_above_the_numbers_it_counts():
    still = Window(torch.full((1, 4, 4), 1000, dtype=torch.int16)).still()
    path = re.search(r'<path d="([^"]+)"[^>]*--tb-blue', still).group(1)
    points = [tuple(map(float, point.split())) for point in re.findall(r"[ML]([\d.]+ [\d.]+)", path)]
    highest = min(points, key=lambda point: point[1])
    left, right = 310 + LEFT, 310 + 330 - RIGHT
    assert abs(-1100 + (highest[0] - left) / (right - left) * 3200 - 1000) < 40
