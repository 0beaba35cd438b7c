"""Renders a person's strokes as the 28 x 28 pixels that a model of MNIST expects, exactly as `draw.js` does."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from torchbook.course.pictures.strokes import MOUSE, Point

SIDE, BOX = 28, 20  # MNIST's digits were scaled into a box of 20 pixels, then centred by their mass in 28.
PEN = 1.3  # The pen's radius in these pixels, at the pressure of a mouse.
SMALLEST = 0.12  # A mark smaller than this part of the sheet is not blown up.


def pixels(strokes: Sequence[Sequence[Point]], shift: tuple[int, int] = (0, 0)) -> UInt8[Tensor, "1 1 28 28"]:
    """Renders strokes: white ink (255) on black (0), grey at its edges.

    As in MNIST the longer side of the ink fills 20 pixels, and its centre of mass is in the middle of 28; then it is
    moved by `shift` (x, y) pixels.
    """
    if not strokes:
        return torch.zeros(1, 1, SIDE, SIDE, dtype=torch.uint8)
    starts = np.array([point for stroke in strokes for point in stroke[: max(1, len(stroke) - 1)]], dtype=np.float64)
    ends = np.array([point for stroke in strokes for point in stroke[min(1, len(stroke) - 1) :]], dtype=np.float64)
    radius = PEN * (0.6 + 0.8 * (starts[:, 2] + ends[:, 2]) / (4 * MOUSE))
    starts, ends = _scale_and_centre(starts[:, :2] / 4095, ends[:, :2] / 4095, radius.max())
    centres = np.arange(SIDE) + 0.5
    grid = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 1, 2)
    way = ends + shift - (starts + shift)
    offset = grid - (starts + shift)
    along = ((offset * way).sum(-1) / ((way**2).sum(-1) + 1e-9)).clip(0, 1)
    distance = np.sqrt(((offset - along[..., None] * way) ** 2).sum(-1))
    ink = (radius - distance + 0.5).clip(0, 1).max(1)
    return torch.from_numpy(np.floor(ink * 255 + 0.5).astype(np.uint8)).view(1, 1, SIDE, SIDE)


def _scale_and_centre(starts: np.ndarray, ends: np.ndarray, pen: float) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.minimum(starts, ends).min(0), np.maximum(starts, ends).max(0)
    scale = (BOX - 2 * pen) / max(SMALLEST, *(high - low))
    weight = np.sqrt(((ends - starts) ** 2).sum(1)) + 1e-6
    mass = ((starts + ends) / 2 * weight[:, None]).sum(0) / weight.sum()
    edge = 1.5 + 1.25 * pen  # Lopsided ink may not leave the picture.
    move = np.clip(SIDE / 2 - mass * scale, edge - low * scale, SIDE - edge - high * scale)
    return starts * scale + move, ends * scale + move
