"""Renders a person's strokes as the 28 x 28 pixels that a model of MNIST expects, exactly as `draw.js` does."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from torchbook.data.drawn.dice import Dice
from torchbook.data.drawn.forms import DIGITS, FORMS, follow

SIDE, BOX = 28, 20  # MNIST's digits were scaled into a box of 20 pixels, then centred by their mass in 28.
PEN = 1.3  # The pen's radius in these pixels, at the pressure of a mouse.
SMALLEST = 0.12  # A mark smaller than this part of the sheet is not blown up.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MOUSE = 32  # The pressure, 0 to 63, of what has none.

# (x, y, pressure): x to the right and y down, 0 to 4095, pressure 0 to 63
Point = tuple[int, int, int]


def encode(strokes: Sequence[Sequence[tuple[float, float]]]) -> str:
    """Encodes strokes of points (x, y) in 0..1, y down, for the address of a page: five letters a point, a dot between
    strokes."""
    return ".".join("".join(_letters(x, y) for x, y in stroke) for stroke in strokes)


def _letters(x: float, y: float) -> str:
    across, down = (round(min(1.0, max(0.0, value)) * 4095) for value in (x, y))
    return "".join(LETTERS[value & 63] for value in (across >> 6, across, down >> 6, down, MOUSE))


def decode(text: str) -> list[list[Point]]:
    """Decodes the strokes in a text that `encode` or a page wrote; returns none if it is not such a text."""
    if not re.fullmatch(r"([\w-]{5})+(\.([\w-]{5})+)*", text, flags=re.ASCII):
        return []
    strokes = []
    for stroke in text.split("."):
        v = [LETTERS.index(letter) for letter in stroke]
        strokes.append([(64 * v[i] + v[i + 1], 64 * v[i + 2] + v[i + 3], v[i + 4]) for i in range(0, len(v), 5)])
    return strokes


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


@cache
def ready_made() -> dict[str, str]:
    """Returns one drawing for each digit, encoded: the commonest form of each in the data set `handwriting`."""
    commonest = [
        max((n for n, form in enumerate(FORMS) if str(form[0]) == d), key=lambda n: FORMS[n][1]) for d in DIGITS
    ]
    hands = Dice(0, np.arange(len(DIGITS)))
    points, lifted = follow(np.array(commonest), hands, np.full(len(DIGITS), 0.03, dtype=np.float32))
    drawings = {}
    for digit, way, lifts in zip(DIGITS, points * 0.7 + 0.5, lifted):
        strokes = np.split(way, np.flatnonzero(lifts[1:]) + 1)
        drawings[digit] = encode([[(x, y) for x, y in stroke.tolist()] for stroke in strokes])
    return drawings
