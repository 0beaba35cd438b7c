"""What is behind a face: six grounds to tell apart."""

import numpy as np
from jaxtyping import Int64

from .canvas import Canvas, circle, noise, palette, rgb, spread, step
from .dice import Dice

BACKGROUNDS = ("sky", "sunset", "night", "meadow", "dots", "stripes")
_TOPS = ("57a8ee", "f58a58", "141b46", "a5dd8a", "ffd9e6", "d8ccf6")
_BOTTOMS = ("cdeaff", "ffd98c", "4a3d86", "e9f6b0", "ffc4d8", "c7b6ee")


def paint_background(canvas: Canvas, kind: Int64[np.ndarray, "n"], dice: Dice, size: int) -> None:
    """Fills the canvas: two colours from top to bottom, and clouds, light, stars, dots or stripes."""
    shade = dice.uniform(0.94, 1.05)[:, None]
    canvas.blend(np.ones((1, 1, 1), dtype=np.float32), palette(_TOPS, kind) * shade)
    canvas.blend(step(canvas.y, -1.0, 1.0), palette(_BOTTOMS, kind) * shade)
    white = rgb(1, 1, 1)
    x, y = canvas.x + spread(dice.uniform(-0.3, 0.3)), canvas.y + spread(dice.uniform(-0.3, 0.3))

    clouds = step(noise(dice, 4, size) - np.abs(y + 0.4) * 0.3, 0.42, 0.62)
    canvas.blend(clouds * _only(kind, "sky") * 0.85, white)

    sun = circle(x - 0.62, y + 0.3, 0.34)
    canvas.blend(step(sun, 0.5, 0.0) * _only(kind, "sunset") * 0.5, rgb(1, 0.94, 0.69))
    canvas.paint(sun, rgb(1, 0.96, 0.78), _only(kind, "sunset"))

    for _ in range(14):
        star = circle(canvas.x - spread(dice.uniform(-1, 1)), canvas.y - spread(dice.uniform(-1, 1)), 0.0)
        canvas.paint(star - spread(dice.uniform(0.008, 0.03)), rgb(1, 0.96, 0.81), _only(kind, "night"))

    for _ in range(7):
        light = circle(canvas.x - spread(dice.uniform(-1, 1)), canvas.y - spread(dice.uniform(-1, 1)), 0.0)
        round_light = step(light, spread(dice.uniform(0.12, 0.3)), 0.08)
        canvas.blend(round_light * _only(kind, "meadow") * 0.45, rgb(0.99, 1, 0.85))

    rows = np.floor(y * 2.6)
    across = (x * 2.6 + rows * 0.5) % 1 - 0.5
    dot = circle(across, y * 2.6 - rows - 0.5, 0.24) * (1 / 2.6)
    canvas.paint(dot, white, _only(kind, "dots") * 0.9)

    stripe = np.abs((x + y) * 2.2 % 1 - 0.5) - 0.25
    canvas.paint(stripe * 0.3, white, _only(kind, "stripes") * 0.6)


def _only(kind: np.ndarray, name: str) -> np.ndarray:
    return spread(kind == BACKGROUNDS.index(name))
