"""Digits drawn as pen strokes, 28 x 28 and grey: a stand-in for MNIST that needs no download.

For each picture a hand is drawn: the form of the digit, how far the pen strays, proportion, slant, a slow warp, the
pen's width and pressure. As in MNIST the ink is fitted into a box of 20 pixels, put with its centre of mass into the
middle of 28, and is white on black with grey edges.
"""

import numpy as np
from jaxtyping import Float32, Int64, UInt8

from .dice import Dice
from .forms import DIGITS, POINTS, choose, follow

FACTORS = {"digit": DIGITS}
SIZE = 28
BOX = 20.0


def draw_handwriting(
    seed: int, indices: Int64[np.ndarray, "n"], size: int = SIZE
) -> tuple[UInt8[np.ndarray, "n 1 28 28"], Int64[np.ndarray, "n 1"]]:
    """The digits of these indices and what they are; `size` must be 28."""
    dice = Dice(seed, indices)
    form, digit = choose(dice)
    radius = np.exp(dice.normal(0.24, 0.38))
    straying = np.exp(dice.normal(-3.0, 0.35))
    points, lifted = follow(form, dice, straying)
    points = _bent(dice, points, straying)
    starts = np.where(lifted[:, 1:, None], points[:, 1:], points[:, :-1])
    starts, ends = _placed(dice, starts, points[:, 1:], radius)
    nearest = _nearest(starts, ends, radius[:, None] * _pressure(dice))
    softness = dice.uniform(0.7, 1.4)[:, None, None]
    ink = (1 - np.sqrt(nearest)) * (radius[:, None, None] / softness) + 0.5
    brightness = dice.uniform(0.9, 1.15)[:, None, None]
    images = (ink.clip(0, 1) * brightness).clip(0, 1) * 255 + 0.5
    return images.astype(np.uint8)[:, None], digit[:, None]


def _bent(dice: Dice, points: np.ndarray, straying: np.ndarray) -> Float32[np.ndarray, "n points 2"]:
    """The same points by a hand that makes one half larger, bends, squeezes, slants, turns and trembles."""
    x, y = points[..., 0], points[..., 1]
    y = y + dice.normal(0, 0.22)[:, None] * (y * y - 0.25)
    for _ in range(2):
        along, across, phase, amount = dice.uniform(-4, 4, (4, 1)).swapaxes(0, 1)
        wave = np.sin(along * x + across * y + phase) * (straying[:, None] * 0.5)
        x, y = x + wave * amount, y + wave * (4 - np.abs(amount)) * np.sign(phase)
    x = x * np.exp(dice.normal(0, 0.3))[:, None]
    x = x - y * dice.normal(0.2, 0.28)[:, None]
    turn = dice.normal(0, 0.12)[:, None]
    x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    return np.stack([x, y], axis=-1) + dice.normal(0, 0.12, (POINTS, 2)) * straying[:, None, None]


def _pressure(dice: Dice) -> Float32[np.ndarray, "n segments"]:
    """The pen's width along the way, around 1: more or less towards the end, and in waves."""
    way = np.linspace(-1, 1, POINTS - 1, dtype=np.float32)
    trend, wave = dice.normal(0, 0.12)[:, None], dice.normal(0, 0.1)[:, None]
    return np.exp(trend * way + wave * np.sin(way * dice.uniform(2, 8)[:, None] + dice.uniform(0, 6)[:, None]))


def _placed(dice: Dice, starts: np.ndarray, ends: np.ndarray, radius: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The segments in pixels: the longer side fills the box, the centre of mass is in the middle to half a pixel."""
    low, high = np.minimum(starts, ends).min(1), np.maximum(starts, ends).max(1)
    scale = (BOX - 2 * radius) / (high - low).max(1)
    length = np.sqrt(((ends - starts) ** 2).sum(-1, keepdims=True)) + 1e-6
    mass = ((starts + ends) * (length * 0.5)).sum(1) / length.sum(1)
    shift = SIZE / 2 + dice.uniform(-0.5, 0.5, (2,)) - mass * scale[:, None]
    # Lopsided ink may not leave the picture.
    edge = 1.5 + 1.25 * radius[:, None]
    shift = np.clip(shift, edge - low * scale[:, None], SIZE - edge - high * scale[:, None])
    return tuple(part * scale[:, None, None] + shift[:, None] for part in (starts, ends))


def _nearest(starts: np.ndarray, ends: np.ndarray, radius: np.ndarray) -> Float32[np.ndarray, "n 28 28"]:
    """For each pixel the square of its distance to the nearest segment, in radii of the pen there."""
    centre = np.arange(SIZE, dtype=np.float32) + 0.5
    along = ends - starts
    inverse = 1 / (np.square(along).sum(-1) + 1e-9)
    nearest = np.full((len(starts), SIZE, SIZE), np.inf, dtype=np.float32)
    part, other = np.empty_like(nearest), np.empty_like(nearest)
    for j in range(starts.shape[1]):
        dx = (centre - starts[:, j, 0, None])[:, None, :]
        dy = (centre - starts[:, j, 1, None])[:, :, None]
        ux, uy = along[:, j, 0, None, None], along[:, j, 1, None, None]
        unit = inverse[:, j, None, None]
        np.add(dx * (ux * unit), dy * (uy * unit), out=part)
        np.clip(part, 0, 1, out=part)
        np.multiply(part, ux, out=other)
        np.subtract(dx, other, out=other)
        np.square(other, out=other)
        np.multiply(part, uy, out=part)
        np.subtract(dy, part, out=part)
        np.square(part, out=part)
        np.add(part, other, out=part)
        np.multiply(part, 1 / np.square(radius[:, j, None, None]), out=part)
        np.minimum(nearest, part, out=nearest)
    return nearest
