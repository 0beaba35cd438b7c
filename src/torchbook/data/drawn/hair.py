"""Hair of a cartoon head: what falls behind it, the fringe before it, and light on both.

Coordinates `u`, `v` are those of the head: the skull is a disc of about 0.6 around the origin, the chin is at v = 0.63.
"""

import numpy as np
from jaxtyping import Int64

from .canvas import Canvas, Colours, Pixels, box, chosen, circle, each, ellipse, joined, light, line, rgb, spread, step
from .dice import Dice

STYLES = ("bob", "long", "twin tails", "ponytail", "buns", "spiky", "wavy")
FRINGES = ("straight", "pointed", "parted", "swept")


def paint_back(canvas: Canvas, style: Int64[np.ndarray, "n"], u: Pixels, v: Pixels, colour: Colours) -> None:
    """The hair behind the face."""
    distance = chosen(style, (_bob, _long, _twin_tails, _ponytail, _buns, _spiky, _wavy), u, v)
    canvas.paint_outlined(distance, colour * 0.86)
    # Darker where the head is close, and in strands.
    canvas.blend(canvas.cover(distance) * step(circle(u, v, 0.0), 0.95, 0.45) * 0.45, colour * 0.5)
    strands = step(np.sin(u * 34), 0.75, 1.0) * 0.3
    canvas.blend(canvas.cover(distance + 0.03) * strands, colour * 0.55)


def paint_front(
    canvas: Canvas,
    style: Int64[np.ndarray, "n"],
    fringe: Int64[np.ndarray, "n"],
    u: Pixels,
    v: Pixels,
    colour: Colours,
    skin: Colours,
    face: Pixels,
    dice: Dice,
) -> None:
    """The fringe and the locks beside the face, with their shadow on it; `face` is the face's distance."""
    skull = ellipse(u, v + 0.13, 0.665, 0.68)
    low = spread(dice.uniform(-0.14, -0.06))
    edge = chosen(fringe, (_straight, _pointed, _parted, _swept), u) + low
    front = np.maximum(skull, (v - edge) * 0.7)
    tip = spread(dice.uniform(0.52, 0.6)), each(style, 0.42, 0.6, 0.3, 0.3, 0.26, 0.12, 0.55)
    lock = line(np.abs(u), v, (0.57, -0.2), tip, 0.11, 0.025)
    front = joined(front, lock, 0.05)
    lowered = np.roll(front, max(1, round(0.06 / float(canvas.pixel))), axis=1)
    shadow = canvas.cover(np.maximum(lowered, face))
    canvas.blend(shadow * 0.4, skin * rgb(0.8, 0.55, 0.6))
    canvas.paint_outlined(front, colour)
    inside = canvas.cover(front + 0.01)
    # Light from the upper left, a band of gloss around the crown, thin dark strands towards the parting.
    canvas.blend(inside * step(u * 0.5 + v, 0.05, -0.75) * 0.35, light(colour))
    gloss = np.abs(circle(u, v - 0.5, 0.97) + np.sin(u * 30) * 0.02) - 0.035
    canvas.blend(inside * step(gloss, 0.03, -0.02) * step(np.abs(u), 0.5, 0.3) * 0.6, light(colour))
    across = np.sin(np.arctan2(u, v + 1.05) * 17)
    strands = step(across, 0.6, 1.0) * step(v, -0.65, -0.1)
    canvas.blend(inside * strands * 0.4, colour * 0.62)


def _cap(u: Pixels, v: Pixels) -> Pixels:
    return ellipse(u, v + 0.1, 0.7, 0.72)


def _bob(u: Pixels, v: Pixels) -> Pixels:
    return box(u, v + 0.1, 0.72, 0.7, 0.5)


def _long(u: Pixels, v: Pixels) -> Pixels:
    return box(u, v - 0.4, 0.74, 1.2, 0.62)


def _twin_tails(u: Pixels, v: Pixels) -> Pixels:
    side = np.abs(u)
    upper = line(side, v, (0.66, -0.46), (0.86, 0.0), 0.12, 0.19)
    lower = line(side, v, (0.86, 0.0), (0.82, 0.8), 0.19, 0.02)
    return np.minimum(_cap(u, v), joined(upper, lower, 0.08))


def _ponytail(u: Pixels, v: Pixels) -> Pixels:
    upper = line(u, v, (0.3, -0.74), (0.74, -0.5), 0.14, 0.22)
    lower = line(u, v, (0.74, -0.5), (0.86, 0.66), 0.22, 0.02)
    return np.minimum(_cap(u, v), joined(upper, lower, 0.12))


def _buns(u: Pixels, v: Pixels) -> Pixels:
    return np.minimum(_cap(u, v), circle(np.abs(u) - 0.5, v + 0.7, 0.25))


def _spiky(u: Pixels, v: Pixels) -> Pixels:
    angle = np.arctan2(u, -v - 0.1)
    spikes = np.abs((angle * (15 / (2 * np.pi))) % 1 - 0.5)
    return (circle(u, v + 0.1, 0.68) - spikes * 0.42 + 0.02) * 0.75


def _wavy(u: Pixels, v: Pixels) -> Pixels:
    waves = np.sin(v * 11) * step(v, -0.45, -0.1)
    return (_long(u, v) - waves * 0.07) * 0.85


def _straight(u: Pixels) -> Pixels:
    return 0.04 - np.abs(np.sin(u * 10)) ** 12 * 0.06


def _pointed(u: Pixels) -> Pixels:
    return 0.11 - np.abs((u * 3.1 + 0.5) % 1 - 0.5) * 0.5


def _parted(u: Pixels) -> Pixels:
    return np.sqrt(np.abs(u)) * 0.75 - 0.42


def _swept(u: Pixels) -> Pixels:
    return u * 0.42 - np.abs(u * 2.3 % 1 - 0.5) * 0.3
