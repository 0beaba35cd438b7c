"""Pictures side by side on one sheet, as a PNG file."""

import math
from io import BytesIO
from pathlib import Path

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from torchbook.storage import write_atomically


def grid(
    images: Float[Tensor, "count channels height width"], *, columns: int = 8, enlarge: int | None = None
) -> Image.Image:
    """Pictures in -1..1 side by side, each pixel enlarged so that one picture is at least 48 pixels wide."""
    count, channels, height, width = images.shape
    rows = math.ceil(count / columns)
    enlarge = enlarge or max(1, math.ceil(48 / width))
    pixels = ((images.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    pixels = pixels.repeat_interleave(enlarge, 2).repeat_interleave(enlarge, 3)
    gap = 2
    sheet = torch.full(
        (channels, rows * (height * enlarge + gap) + gap, columns * (width * enlarge + gap) + gap),
        255,
        dtype=torch.uint8,
    )
    for number, picture in enumerate(pixels):
        top = gap + number // columns * (height * enlarge + gap)
        left = gap + number % columns * (width * enlarge + gap)
        sheet[:, top : top + height * enlarge, left : left + width * enlarge] = picture
    array = sheet.permute(1, 2, 0).numpy()
    return Image.fromarray(array[:, :, 0] if channels == 1 else array)


def save_grid(images: Float[Tensor, "count channels height width"], file: Path) -> None:
    """The grid as a PNG file."""
    buffer = BytesIO()
    grid(images).save(buffer, "PNG")
    write_atomically(file, buffer.getvalue())
