"""Open country for animals to stand in: sky and clouds, hills, trees and grass, at many hours and seasons."""

import numpy as np
from jaxtyping import Float32

from .canvas import Canvas, circle, ellipse, line, noise, palette, rgb, spread, step
from .dice import Dice

_SKY_TOPS = ("3f8fe0", "6bb1f0", "8fb7d9", "f0a878", "7a8fc9", "b9c8d6")
_SKY_BOTTOMS = ("bfe2ff", "e6f4ff", "e9eef2", "ffe0b0", "f3c6c9", "eef0ee")
_GRASS = ("6fae4a", "8fbf55", "4f8f45", "c9b45c", "b89a52", "9fb24f")
_LEAVES = ("3f7d3a", "568f3f", "2f6b45", "7f8f3a", "a8823c")
_WHITE = rgb(1, 1, 1)


def paint_landscape(canvas: Canvas, dice: Dice, size: int) -> Float32[np.ndarray, "n"]:
    """Paints the country and returns the height of its horizon."""
    hour = dice.choice((4, 4, 2, 1.5, 1, 1.5))
    horizon = dice.uniform(-0.28, 0.1)
    level = spread(horizon)
    everywhere = np.ones((1, 1, 1), dtype=np.float32)
    canvas.blend(everywhere, palette(_SKY_TOPS, hour))
    canvas.blend(step(canvas.y, -1.0, level), palette(_SKY_BOTTOMS, hour))
    clouds = step(noise(dice, 3, size) * 0.6 + noise(dice, 9, size) * 0.4, 0.42, 0.68)
    canvas.blend(clouds * spread(dice.uniform(0, 0.9)), _WHITE)

    # Greener, yellower or drier; the hills behind are hazy.
    grass = palette(_GRASS, dice.choice((4, 3, 3, 2, 1, 2))) * dice.uniform(0.85, 1.1)[:, None]
    for distance in (1.0, 0.5):
        wave = np.sin(canvas.x * spread(dice.uniform(1.5, 4)) + spread(dice.uniform(0, 6)))
        hill = level - canvas.y - 0.07 - wave * spread(dice.uniform(0.02, 0.12))
        haze = (grass * 0.75 + palette(_SKY_TOPS, hour) * 0.35) * (0.8 + 0.15 * distance)
        canvas.paint(hill + (0.2 - 0.15 * distance), haze)
    for _ in range(3):
        _paint_tree(canvas, dice, level)

    ground = level - canvas.y + np.sin(canvas.x * 3 + spread(dice.uniform(0, 6))) * 0.02
    field = canvas.cover(ground)
    canvas.blend(field, grass * 0.92)
    near = step(canvas.y, level, 1.0)
    canvas.blend(field * near * 0.35, grass * 0.6)
    patches = noise(dice, 6, size) * 0.5 + noise(dice, 32, size) * 0.5
    canvas.blend(field * step(patches, 0.45, 0.75) * 0.45, grass * 1.25)
    canvas.blend(field * step(patches, 0.5, 0.25) * 0.4, grass * 0.6)
    return horizon


def paint_blades(canvas: Canvas, dice: Dice) -> None:
    """Grass and a few flowers before everything else, along the lower edge."""
    for number in range(14):
        x, foot = spread(dice.uniform(-1, 1)), spread(dice.uniform(0.85, 1.05))
        tip = x + spread(dice.normal(0, 0.05)), foot - spread(dice.uniform(0.08, 0.26))
        blade = line(canvas.x, canvas.y, (x, foot), tip, 0.022, 0.004)
        canvas.paint(blade, palette(_LEAVES, dice.choice(len(_LEAVES))) * 1.1)
        if number % 5 == 0:
            flower = circle(canvas.x - tip[0], canvas.y - tip[1], 0.03)
            canvas.paint(flower, palette(("fff4f4", "ffd84a", "e86a8a"), dice.choice(3)), spread(dice.chance(0.5)))


def _paint_tree(canvas: Canvas, dice: Dice, level: np.ndarray) -> None:
    """A tree on the horizon, or none."""
    there = spread(dice.chance(0.6))
    x, height = canvas.x - spread(dice.uniform(-1, 1)), spread(dice.uniform(0.25, 0.7))
    y = canvas.y - level - 0.02
    trunk = line(
        x,
        y,
        (0, 0),
        (0, -height * 0.6),
        height * 0.06,
        height * 0.04,
    )
    canvas.paint(trunk, palette(("6b4a30", "7d5a3c", "54402f"), dice.choice(3)), there)
    leaves = palette(_LEAVES, dice.choice(len(_LEAVES))) * dice.uniform(0.85, 1.1)[:, None]
    # Flat crowns and tall ones.
    flat = spread(dice.uniform(0.2, 0.5))
    crown = ellipse(x, y + height * 0.8, height * flat, height * (0.65 - flat) + 0.04)
    for _ in range(3):
        puff = circle(
            x - height * flat * spread(dice.uniform(-0.8, 0.8)), y + height * spread(dice.uniform(0.65, 1.0)), 0.0
        )
        crown = np.minimum(crown, puff - height * 0.17)
    canvas.paint(crown, leaves, there)
    canvas.paint(
        crown + height * 0.08,
        leaves * 1.25,
        there * step(y + x * 0.4 + height * 0.8, 0.05, -0.1),
    )
