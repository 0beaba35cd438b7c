"""Ten shapes in colour: textured, turned, before textured grounds and among clutter.

Where a shape lies, its colours and its texture say nothing about its class, so that no single pixel does: a linear
model can do little with them, convolutions much.
"""

from collections.abc import Callable
from math import radians

import numpy as np
from jaxtyping import Int64, UInt8

from .canvas import Canvas, Pixels, box, chosen, circle, line, noise, polygon, spread, turned
from .dice import Dice

_STAR = tuple((r * float(np.sin(a)), -r * float(np.cos(a))) for r, a in zip([1.0, 0.42] * 5, np.arange(10) * np.pi / 5))


def _crescent(x: Pixels, y: Pixels) -> Pixels:
    return np.maximum(circle(x, y, 0.95), -circle(x - 0.45, y, 0.78))


def _heart(x: Pixels, y: Pixels) -> Pixels:
    x = np.abs(x)
    lobe = circle(x - 0.44, y + 0.34, 0.5)
    return np.minimum(lobe, polygon(x, y, ((-0.9, -0.35), (0.0, -0.6), (0.82, -0.01), (0.0, 0.95))))


def _flower(x: Pixels, y: Pixels) -> Pixels:
    petals = circle(x, y, 0.45)
    for angle in range(0, 360, 72):
        across, along = turned(x, y, radians(angle))
        petals = np.minimum(petals, circle(across - 0.58, along, 0.36))
    return petals


DISTANCES: dict[str, Callable[[Pixels, Pixels], Pixels]] = {
    "circle": lambda x, y: circle(x, y, 0.82),
    "square": lambda x, y: box(x, y, 0.74, 0.74),
    "triangle": lambda x, y: polygon(x, y, ((0.0, -0.95), (0.9, 0.65), (-0.9, 0.65))),
    "star": lambda x, y: polygon(x, y, _STAR),
    "heart": _heart,
    "ring": lambda x, y: np.abs(circle(x, y, 0.7)) - 0.22,
    "cross": lambda x, y: np.minimum(box(x, y, 0.95, 0.28), box(x, y, 0.28, 0.95)),
    "crescent": _crescent,
    "arrow": lambda x, y: np.minimum(
        box(x, y - 0.4, 0.22, 0.55), polygon(x, y, ((0.0, -0.95), (0.75, 0.05), (-0.75, 0.05)))
    ),
    "flower": _flower,
}
FACTORS = {"shape": tuple(DISTANCES)}


def draw_shapes(
    seed: int, indices: Int64[np.ndarray, "n"], size: int
) -> tuple[UInt8[np.ndarray, "n 3 size size"], Int64[np.ndarray, "n 1"]]:
    """The pictures of these indices, `size` pixels wide, and the shapes in them."""
    dice = Dice(seed, indices)
    canvas = Canvas(len(indices), size)
    shape = dice.choice(len(DISTANCES))
    ground, figure = dice.uniform(0, 1, (3,)), dice.uniform(0, 1, (3,))
    # A figure too much like its ground gets the opposite colours.
    alike = np.abs(ground - figure).sum(1, keepdims=True) < 1.2
    figure = np.where(alike, np.where(ground > 0.5, figure * 0.35, 1 - figure * 0.35), figure)
    canvas.values += ground[:, :, None, None]
    _texture(canvas, dice, size)
    for _ in range(4):
        _clutter(canvas, dice, reach=1.1, width=(0.03, 0.13))
    radius = spread(dice.uniform(0.45, 0.72))
    x = (canvas.x - spread(dice.uniform(-1, 1)) * (0.95 - radius)) / radius
    y = (canvas.y - spread(dice.uniform(-1, 1)) * (0.95 - radius)) / radius
    x, y = turned(x, y, spread(dice.uniform(-1.2, 1.2)))
    x = x * spread(dice.uniform(0.88, 1.14))
    distance = chosen(shape, tuple(DISTANCES.values()), x, y)
    inside = canvas.cover(distance * radius)
    filled = Canvas(len(indices), size)
    filled.values += figure[:, :, None, None]
    _texture(filled, dice, size)
    canvas.blend(inside, filled.values)
    for _ in range(2):
        _clutter(canvas, dice, reach=1.2, width=(0.015, 0.05))
    canvas.values += (noise(dice, size, size) - 0.5)[:, None] * dice.uniform(0.02, 0.14)[:, None, None, None]
    return canvas.stored(), shape[:, None]


def _texture(canvas: Canvas, dice: Dice, size: int) -> None:
    """Stripes, checks or hills in another shade, and light from one side."""
    shade = dice.uniform(-0.22, 0.22, (3,))[:, :, None, None]
    x, y = turned(canvas.x, canvas.y, spread(dice.uniform(-np.pi, np.pi)))
    wide = spread(dice.uniform(5, 16))
    phase = spread(dice.uniform(0, 6.3))
    waves, across = np.sin(x * wide + phase), np.sin(y * wide)
    pattern = np.stack([waves, waves * across * 2, noise(dice, 4, size) * 3 - 1.5, np.zeros_like(waves)])
    texture = pattern[dice.choice(4), np.arange(len(waves))].clip(-0.7, 0.7)
    light = x * spread(dice.uniform(-0.15, 0.15))
    canvas.values += texture[:, None] * shade + light[:, None]


def _clutter(canvas: Canvas, dice: Dice, *, reach: float, width: tuple[float, float]) -> None:
    """A short stroke of any colour anywhere."""
    x, y = spread(dice.uniform(-reach, reach)), spread(dice.uniform(-reach, reach))
    end = x + spread(dice.normal(0, 0.3)), y + spread(dice.normal(0, 0.3))
    thick = spread(dice.uniform(*width))
    canvas.paint(line(canvas.x, canvas.y, (x, y), end, thick, thick), dice.uniform(0, 1, (3,)))
