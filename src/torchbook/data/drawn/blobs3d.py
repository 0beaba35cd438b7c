"""Small grey volumes with one bright body in each, noisy as a scan: what it is shows only in all three dimensions.

One slice of a ball, a shell, a rod or a ring can be the same disc. As in many scans slices are twice as far apart as
pixels.
"""

import numpy as np
from jaxtyping import Float32, Int64, UInt8

from .dice import Dice

BODIES = ("ball", "shell", "rod", "ring", "cube", "pair")
FACTORS = {"body": BODIES}

Voxels = Float32[np.ndarray, "n #depth #height #width"]


def draw_blobs3d(
    seed: int, indices: Int64[np.ndarray, "n"], size: int
) -> tuple[UInt8[np.ndarray, "n 1 depth size size"], Int64[np.ndarray, "n 1"]]:
    """The volumes of these indices, `size` pixels wide and half as many slices deep, and the bodies in them."""
    dice = Dice(seed, indices)
    body = dice.choice(len(BODIES))
    place = [_middles(size // 2)[:, None, None], _middles(size)[:, None], _middles(size)]
    radius = _wide(dice.uniform(0.4, 0.6))
    z, y, x = (axis - _wide(dice.uniform(-0.3, 0.3)) for axis in place)
    z, y, x = _turned(dice, z / radius, y / radius, x / radius)
    distance = np.empty((len(body), size // 2, size, size), dtype=np.float32)
    for number, shape in enumerate((_ball, _shell, _rod, _ring, _cube, _pair)):
        rows = body == number
        distance[rows] = shape(z[rows], y[rows], x[rows])
    # A soft edge, as wide as the thickness of a slice.
    inside = (0.5 - distance * radius * (size / 5)).clip(0, 1)
    dark, bright = _wide(dice.uniform(0.1, 0.35)), _wide(dice.uniform(0.55, 0.95))
    slope = [_wide(dice.uniform(-0.08, 0.08)) * axis for axis in place]
    values = dark + slope[0] + slope[1] + slope[2]
    for _ in range(4):
        z, y, x = (axis - _wide(dice.uniform(-1, 1)) for axis in place)
        speck = np.exp(-(z * z + y * y + x * x) / _wide(dice.uniform(0.005, 0.03)))
        values = values + speck * _wide(dice.uniform(-0.2, 0.4))
    values += (bright - values) * inside
    # Two even numbers make a noise that is more often small.
    noise = dice.uniform(-1, 1, (size // 2, size, size)) + dice.uniform(-1, 1, (size // 2, size, size))
    values += noise * _wide(dice.uniform(0.02, 0.12))
    return (values.clip(0, 1) * 255 + 0.5).astype(np.uint8)[:, None], body[:, None]


def _middles(count: int) -> Float32[np.ndarray, "count"]:
    return (np.arange(count, dtype=np.float32) + 0.5) * (2 / count) - 1


def _wide(values: Float32[np.ndarray, "n"]) -> Float32[np.ndarray, "n 1 1 1"]:
    return values[:, None, None, None]


def _turned(dice: Dice, z: Voxels, y: Voxels, x: Voxels) -> tuple[Voxels, Voxels, Voxels]:
    """The coordinates as seen by a body that is turned in any way."""
    for _ in range(2):
        angle = _wide(dice.uniform(-np.pi, np.pi))
        cos, sin = np.cos(angle), np.sin(angle)
        z, y = z * cos + y * sin, y * cos - z * sin
        angle = _wide(dice.uniform(-np.pi, np.pi))
        cos, sin = np.cos(angle), np.sin(angle)
        y, x = y * cos + x * sin, x * cos - y * sin
    return z, y, x


def _ball(z: Voxels, y: Voxels, x: Voxels) -> Voxels:
    return np.sqrt(z * z + y * y + x * x) - 0.8


def _shell(z: Voxels, y: Voxels, x: Voxels) -> Voxels:
    return np.abs(np.sqrt(z * z + y * y + x * x) - 0.75) - 0.22


def _rod(z: Voxels, y: Voxels, x: Voxels) -> Voxels:
    z = np.maximum(np.abs(z) - 0.85, 0)
    return np.sqrt(z * z + y * y + x * x) - 0.3


def _ring(z: Voxels, y: Voxels, x: Voxels) -> Voxels:
    return np.sqrt((np.sqrt(y * y + x * x) - 0.72) ** 2 + z * z) - 0.27


def _cube(z: Voxels, y: Voxels, x: Voxels) -> Voxels:
    return np.maximum(np.maximum(np.abs(z), np.abs(y)), np.abs(x)) - 0.68


def _pair(z: Voxels, y: Voxels, x: Voxels) -> Voxels:
    z = np.abs(z) - 0.58
    return np.sqrt(z * z + y * y + x * x) - 0.42
