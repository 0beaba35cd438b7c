"""Eyes, mouth and what a cartoon face wears, in the coordinates of the head (see `hair`)."""

import numpy as np
from jaxtyping import Float32, Int64

from .canvas import (
    Canvas,
    Colours,
    Pixels,
    box,
    chosen,
    circle,
    each,
    ellipse,
    light,
    line,
    outline,
    rgb,
    spread,
    step,
    turned,
)

EYE_SHAPES = ("round", "gentle", "sharp", "sleepy", "wink")
MOUTHS = ("smile", "grin", "surprised", "cat", "sad")
ACCESSORIES = ("none", "glasses", "ribbon", "flower", "cat ears", "headphones")

_DARK = rgb(0.16, 0.09, 0.13)
_WHITE = rgb(1, 1, 1)
_RED = rgb(0.62, 0.16, 0.2)
_EYE = 0.275, 0.15


def paint_eyes(
    canvas: Canvas, shape: Int64[np.ndarray, "n"], u: Pixels, v: Pixels, colour: Colours, brow: Colours
) -> None:
    """Two large eyes: lashes, white, an iris that brightens towards its lower end, pupil, two lights, and brows."""
    out, down = np.abs(u) - _EYE[0], v - _EYE[1]
    # How far the upper lid has come down, and how much it falls outwards: gentle eyes droop, sharp ones rise.
    lid = each(shape, -0.3, -0.165, -0.135, -0.02, -0.3)
    slope = each(shape, 0.0, 0.5, -0.5, 0.05, 0.0)
    half_height = each(shape, 0.215, 0.2, 0.19, 0.2, 0.215)
    closed = (shape == EYE_SHAPES.index("wink"))[:, None, None] & (u > 0)
    seen = 1 - closed.astype(np.float32)
    opening = np.maximum(ellipse(out, down, 0.165, half_height), lid + slope * out - down)
    lashes = np.maximum(ellipse(out, down + 0.03, 0.185, half_height + 0.02), lid - 0.06 + slope * out - down)
    corner, tip = np.maximum(lid + slope * 0.13, -0.1), np.maximum(lid + slope * 0.2, -0.1) - 0.07
    wing = line(out, down, (0.13, corner), (0.21, tip), 0.028, 0.008)
    canvas.paint(np.minimum(lashes, wing), _DARK, seen)
    inside = canvas.cover(opening) * seen
    canvas.blend(inside, _WHITE)
    iris = ellipse(out + 0.012, down - 0.005, 0.118, half_height * 0.84)
    canvas.blend(canvas.cover(iris) * inside, colour * 0.42)
    canvas.blend(canvas.cover(iris + 0.022) * inside, colour)
    canvas.blend(canvas.cover(iris + 0.022) * inside * step(down, 0.0, -0.16) * 0.75, colour * 0.25)
    pupil = ellipse(out + 0.012, down - 0.01, 0.048, 0.08)
    canvas.blend(canvas.cover(pupil) * inside, colour * 0.15)
    glow = ellipse(out + 0.012, down - 0.12, 0.07, 0.045)
    canvas.blend(canvas.cover(glow, 2) * inside * 0.75, light(colour))
    # Lights are on the same side in both eyes, since the lamp is.
    right = u - np.sign(u) * _EYE[0]
    canvas.paint(ellipse(right + 0.055, down + 0.065, 0.048, 0.058), _WHITE, seen)
    canvas.paint(circle(right - 0.05, down - 0.085, 0.025), _WHITE, seen * 0.9)
    smiling = np.maximum(np.abs(circle(out, down - 0.12, 0.17)) - 0.026, down - 0.03)
    canvas.paint(smiling, _DARK, 1 - seen)
    height = each(shape, -0.27, -0.25, -0.23, -0.25, -0.27)
    arch = height + slope * 0.5 * out + out * out * 2
    canvas.paint(np.maximum(np.abs(down - arch) - 0.017, np.abs(out) - 0.12), outline(brow))


def paint_mouth(canvas: Canvas, kind: Int64[np.ndarray, "n"], u: Pixels, v: Pixels, skin: Colours) -> None:
    """A mouth below a hint of a nose."""
    canvas.paint(ellipse(u, v - 0.315, 0.022, 0.016), skin * rgb(0.75, 0.5, 0.5))
    down = v - 0.43
    distance = chosen(kind, (_smile, _grin, _surprised, _cat, _sad), u, down)
    open_mouth = each(kind, *(name in ("grin", "surprised") for name in MOUTHS))
    canvas.paint(distance - 0.02 * open_mouth, _DARK * 1.4)
    canvas.paint(distance, _RED, open_mouth)
    tongue = np.maximum(distance, ellipse(u, down - 0.13, 0.1, 0.085))
    canvas.paint(tongue, rgb(0.97, 0.55, 0.55), open_mouth)
    grin = spread(kind == MOUTHS.index("grin"))
    canvas.paint(np.maximum(distance, down + 0.005), _WHITE, grin)


def paint_cheeks(canvas: Canvas, u: Pixels, v: Pixels, amount: Float32[np.ndarray, "n"]) -> None:
    """A blush below the eyes."""
    cheek = ellipse(np.abs(u) - 0.36, v - 0.36, 0.11, 0.06)
    canvas.blend(canvas.cover(cheek, 4) * spread(amount), rgb(1.0, 0.45, 0.48))


def paint_accessory(
    canvas: Canvas, kind: Int64[np.ndarray, "n"], u: Pixels, v: Pixels, colour: Colours, hair: Colours
) -> None:
    """Returns what is worn: glasses, a ribbon or a flower in the hair, a cat's ears, headphones, or nothing."""
    for name, paint in (
        ("glasses", _glasses),
        ("ribbon", _ribbon),
        ("flower", _flower),
        ("cat ears", _cat_ears),
        ("headphones", _headphones),
    ):
        rows = kind == ACCESSORIES.index(name)
        with canvas.only(rows) as part:
            paint(part, u[rows], v[rows], hair[rows] if name == "cat ears" else colour[rows])


def _glasses(canvas: Canvas, u: Pixels, v: Pixels, colour: Colours) -> None:
    side = np.abs(u)
    rim = np.abs(circle(side - _EYE[0], v - _EYE[1], 0.225)) - 0.02
    bridge = np.maximum(np.abs(v - 0.12) - 0.018, side - 0.06)
    canvas.paint(rim - 0.004, outline(colour))
    canvas.paint(np.minimum(rim, bridge) + 0.004, colour * 0.75)


def _ribbon(canvas: Canvas, u: Pixels, v: Pixels, colour: Colours) -> None:
    x, y = turned(u + 0.42, v + 0.6, -0.5)
    wings = np.maximum(np.abs(y) - np.abs(x) * 0.75 - 0.03, np.abs(x) - 0.27) * 0.85
    canvas.paint_outlined(wings - 0.025, colour)
    canvas.paint(wings + 0.03, light(colour), 0.5)
    canvas.paint_outlined(circle(x, y, 0.06), light(colour))


def _flower(canvas: Canvas, u: Pixels, v: Pixels, colour: Colours) -> None:
    x, y = u - 0.46, v + 0.5
    angle, away = np.arctan2(y, x), circle(x, y, 0.0)
    canvas.paint_outlined(away - 0.15 - 0.055 * np.cos(angle * 5), light(colour))
    canvas.paint(away - 0.06, rgb(1.0, 0.82, 0.25))


def _cat_ears(canvas: Canvas, u: Pixels, v: Pixels, colour: Colours) -> None:
    x, y = turned(np.abs(u) - 0.46, v + 0.76, 0.45)
    ear = np.maximum(np.abs(x) * 0.9 - (y + 0.3) * 0.55, y - 0.2)
    canvas.paint_outlined(ear, colour)
    canvas.paint(ear + 0.085, rgb(1.0, 0.68, 0.72))


def _headphones(canvas: Canvas, u: Pixels, v: Pixels, colour: Colours) -> None:
    side = np.abs(u)
    band = np.maximum(np.abs(ellipse(u, v + 0.1, 0.73, 0.76)) - 0.045, v + 0.1)
    cup = box(side - 0.68, v - 0.05, 0.12, 0.2, 0.1)
    canvas.paint_outlined(np.minimum(band, cup), colour)
    canvas.paint(box(side - 0.7, v - 0.03, 0.05, 0.12, 0.05), light(colour))


def _smile(u: Pixels, down: Pixels) -> Pixels:
    return np.maximum(np.abs(circle(u, down + 0.12, 0.15)) - 0.017, -0.055 - down)


def _grin(u: Pixels, down: Pixels) -> Pixels:
    return np.maximum(ellipse(u, down + 0.035, 0.145, 0.145), -0.035 - down)


def _surprised(u: Pixels, down: Pixels) -> Pixels:
    return ellipse(u, down - 0.015, 0.055, 0.075)


def _cat(u: Pixels, down: Pixels) -> Pixels:
    side = np.abs(u) - 0.068
    return np.maximum(np.abs(circle(side, down + 0.035, 0.07)) - 0.017, -0.04 - down)


def _sad(u: Pixels, down: Pixels) -> Pixels:
    return np.maximum(np.abs(circle(u, down - 0.14, 0.14)) - 0.018, down - 0.07)
