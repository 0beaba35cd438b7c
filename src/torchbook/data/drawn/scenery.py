"""What is behind a face: six grounds to tell apart."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float32, Int64

from .canvas import Canvas, Pixels, circle, noise, palette, rgb, spread, step
from .dice import Dice

_WHITE = rgb(1, 1, 1)

# Places and sizes of what is scattered over a ground: `[n, 14, 3]` even numbers from 0 to 1.
Scatter = Float32[np.ndarray, "n 14 3"]


def paint_background(canvas: Canvas, kind: Int64[np.ndarray, "n"], dice: Dice, size: int) -> None:
    """Fills the canvas: two colours from top to bottom, and clouds, light, stars, dots or stripes."""
    shade = dice.uniform(0.94, 1.05)[:, None]
    top, bottom = (palette(colours, kind) * shade for colours in (_TOPS, _BOTTOMS))
    canvas.blend(np.ones((1, 1, 1), dtype=np.float32), top)
    canvas.blend(step(canvas.y, -1.0, 1.0), bottom)
    x, y = canvas.x + spread(dice.uniform(-0.3, 0.3)), canvas.y + spread(dice.uniform(-0.3, 0.3))
    hills, scatter = noise(dice, 4, size), dice.uniform(0, 1, (14, 3))
    for number, paint in enumerate(_GROUNDS.values()):
        rows = kind == number
        with canvas.only(rows) as part:
            paint(part, x[rows], y[rows], hills[rows], scatter[rows])


def _sky(canvas: Canvas, x: Pixels, y: Pixels, hills: Pixels, scatter: Scatter) -> None:
    canvas.blend(step(hills - np.abs(y + 0.4) * 0.3, 0.42, 0.62) * 0.85, _WHITE)


def _sunset(canvas: Canvas, x: Pixels, y: Pixels, hills: Pixels, scatter: Scatter) -> None:
    sun = circle(x - 0.62, y + 0.3, 0.34)
    canvas.blend(step(sun, 0.5, 0.0) * 0.5, rgb(1, 0.94, 0.69))
    canvas.paint(sun, rgb(1, 0.96, 0.78))


def _night(canvas: Canvas, x: Pixels, y: Pixels, hills: Pixels, scatter: Scatter) -> None:
    for right, down, large in scatter.transpose(1, 2, 0):
        star = circle(canvas.x + 1 - 2 * spread(right), canvas.y + 1 - 2 * spread(down), 0.008)
        canvas.paint(star - 0.022 * spread(large), rgb(1, 0.96, 0.81))


def _meadow(canvas: Canvas, x: Pixels, y: Pixels, hills: Pixels, scatter: Scatter) -> None:
    for right, down, large in scatter[:, :7].transpose(1, 2, 0):
        away = circle(canvas.x + 1 - 2 * spread(right), canvas.y + 1 - 2 * spread(down), 0.0)
        canvas.blend(step(away, 0.12 + 0.18 * spread(large), 0.08) * 0.45, rgb(0.99, 1, 0.85))


def _dots(canvas: Canvas, x: Pixels, y: Pixels, hills: Pixels, scatter: Scatter) -> None:
    rows = np.floor(y * 2.6)
    across = (x * 2.6 + rows * 0.5) % 1 - 0.5
    canvas.paint(circle(across, y * 2.6 - rows - 0.5, 0.24) / 2.6, _WHITE, 0.9)


def _stripes(canvas: Canvas, x: Pixels, y: Pixels, hills: Pixels, scatter: Scatter) -> None:
    canvas.paint((np.abs((x + y) * 2.2 % 1 - 0.5) - 0.25) * 0.3, _WHITE, 0.6)


_GROUNDS: dict[str, Callable[[Canvas, Pixels, Pixels, Pixels, Scatter], None]] = {
    "sky": _sky,
    "sunset": _sunset,
    "night": _night,
    "meadow": _meadow,
    "dots": _dots,
    "stripes": _stripes,
}
BACKGROUNDS = tuple(_GROUNDS)
# Their colours at the upper and at the lower edge.
_TOPS = ("57a8ee", "f58a58", "141b46", "a5dd8a", "ffd9e6", "d8ccf6")
_BOTTOMS = ("cdeaff", "ffd98c", "4a3d86", "e9f6b0", "ffc4d8", "c7b6ee")
