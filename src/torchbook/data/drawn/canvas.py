"""A batch of pictures to paint on, and the signed distances of what is painted.

A shape is its signed distance: for each point how far it is to the edge, negative inside. Paint covers a pixel by as
much of it as lies inside, so edges are smooth at any size. Coordinates go from -1 to 1, x to the right and y down;
numbers that belong to a picture are `[n]` and reach the pixels through `spread`.
"""

import numpy as np
from jaxtyping import Float32, Int64, UInt8

from .dice import Dice

Pixels = Float32[np.ndarray, "#n #h #w"]


class Canvas:
    """`n` colour pictures of one size, painted from back to front.

    `x` and `y` are the coordinates of the pixels' middles, `[1, 1, size]` and `[1, size, 1]`, `pixel` is one's width.
    """

    def __init__(self, count: int, size: int):
        middle = (np.arange(size, dtype=np.float32) + np.float32(0.5)) * np.float32(2 / size) - np.float32(1)
        self.x, self.y = middle[None, None, :], middle[None, :, None]
        self.pixel = np.float32(2 / size)
        self.values = np.zeros((count, 3, size, size), dtype=np.float32)

    def cover(self, distance: Pixels, softness: float = 1.0) -> Pixels:
        """How much of each pixel is inside, 0 to 1; the edge is `softness` pixels wide."""
        return (np.float32(0.5) - distance * np.float32(1 / (softness * self.pixel))).clip(0, 1)

    def paint(self, distance: Pixels, colour: Float32[np.ndarray, "#n 3"], opacity: Pixels | float = 1.0) -> None:
        """Covers what is inside with a colour, each part of it from 0 to 1."""
        self.blend(self.cover(distance) * opacity, colour)

    def blend(self, amount: Pixels, colour: Float32[np.ndarray, "#n 3"] | Float32[np.ndarray, "#n 3 #h #w"]) -> None:
        """Moves each pixel by `amount`, 0 to 1, towards a colour or towards another picture."""
        target = colour.reshape(*colour.shape, 1, 1) if colour.ndim == 2 else colour
        self.values += (target - self.values) * amount[:, None]

    def stored(self) -> UInt8[np.ndarray, "n 3 size size"]:
        """The pictures as bytes."""
        return (self.values.clip(0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def spread(values: Float32[np.ndarray, "n"]) -> Float32[np.ndarray, "n 1 1"]:
    """One number for each picture, ready to meet its pixels."""
    return values[:, None, None]


def circle(x: Pixels, y: Pixels, radius: Pixels | float) -> Pixels:
    """A disc around the origin."""
    return np.sqrt(x * x + y * y) - np.float32(radius)


def ellipse(x: Pixels, y: Pixels, width: Pixels | float, height: Pixels | float) -> Pixels:
    """An ellipse around the origin with these half axes; the distance is exact at the edge and nearly so beside it."""
    u, v = x / np.float32(width), y / np.float32(height)
    length = np.sqrt(u * u + v * v)
    u, v = u / np.float32(width), v / np.float32(height)
    return length * (length - np.float32(1)) / (np.sqrt(u * u + v * v) + np.float32(1e-6))


def box(x: Pixels, y: Pixels, width: Pixels | float, height: Pixels | float, rounding: float = 0.0) -> Pixels:
    """A rectangle around the origin with these half sides."""
    u, v = np.abs(x) - np.float32(width) + np.float32(rounding), np.abs(y) - np.float32(height) + np.float32(rounding)
    outside = np.sqrt(np.maximum(u, 0) ** 2 + np.maximum(v, 0) ** 2)
    return outside + np.minimum(np.maximum(u, v), 0) - np.float32(rounding)


def line(
    x: Pixels, y: Pixels, start: tuple[Pixels, Pixels], end: tuple[Pixels, Pixels], width: Pixels, width_end: Pixels
) -> Pixels:
    """A stroke with round ends that goes from one half width to another."""
    (ax, ay), (bx, by) = start, end
    ux, uy = bx - ax, by - ay
    dx, dy = x - ax, y - ay
    t = ((dx * ux + dy * uy) / (ux * ux + uy * uy + np.float32(1e-9))).clip(0, 1)
    return np.sqrt((dx - t * ux) ** 2 + (dy - t * uy) ** 2) - (width + t * (width_end - width))


def polygon(x: Pixels, y: Pixels, corners: tuple[tuple[float, float], ...]) -> Pixels:
    """A polygon of any kind, by the distance to its sides and how often they are crossed (Quilez)."""
    nearest = np.full(np.broadcast_shapes(x.shape, y.shape), np.inf, dtype=np.float32)
    sign = np.ones_like(nearest)
    for (ax, ay), (bx, by) in zip(corners, corners[-1:] + corners[:-1]):
        ux, uy = np.float32(bx - ax), np.float32(by - ay)
        dx, dy = x - np.float32(ax), y - np.float32(ay)
        t = ((dx * ux + dy * uy) * (1 / (ux * ux + uy * uy))).clip(0, 1)
        nearest = np.minimum(nearest, (dx - t * ux) ** 2 + (dy - t * uy) ** 2)
        above, below, left = y >= np.float32(ay), y < np.float32(by), ux * dy > uy * dx
        sign = np.where((above & below & left) | ~(above | below | left), -sign, sign)
    return sign * np.sqrt(nearest)


def turned(x: Pixels, y: Pixels, angle: Pixels) -> tuple[Pixels, Pixels]:
    """The coordinates seen by a shape that is turned by `angle`, in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    return x * cos + y * sin, y * cos - x * sin


def joined(first: Pixels, second: Pixels, smoothness: float) -> Pixels:
    """Two shapes as one, the seam rounded over about `smoothness`."""
    overlap = np.maximum(np.float32(smoothness) - np.abs(first - second), 0)
    return np.minimum(first, second) - overlap * overlap * np.float32(0.25 / smoothness)


def step(values: Pixels, low: float | Pixels, high: float | Pixels) -> Pixels:
    """0 below `low`, 1 above `high` and smooth between; falling where `high` is the smaller one."""
    t = ((values - np.float32(low)) / (np.float32(high) - np.float32(low))).clip(0, 1)
    return t * t * (3 - 2 * t)


def noise(dice: Dice, cells: int, size: int) -> Float32[np.ndarray, "n size size"]:
    """Soft hills between 0 and 1: random numbers at the corners of `cells` x `cells` cells, smooth between."""
    corners = dice.uniform(0, 1, (cells + 1, cells + 1))
    place = np.arange(size, dtype=np.float32) * np.float32(cells / size)
    before = place.astype(np.int64)
    t = place - before
    t = t * t * (3 - 2 * t)
    rows = corners[:, before] * (1 - t)[:, None] + corners[:, before + 1] * t[:, None]
    return rows[:, :, before] * (1 - t) + rows[:, :, before + 1] * t


def palette(colours: tuple[str, ...], chosen: Int64[np.ndarray, "n"]) -> Float32[np.ndarray, "n 3"]:
    """The chosen ones of some colours that are written as `"ffcc00"`."""
    table = np.array([[int(colour[i : i + 2], 16) for i in (0, 2, 4)] for colour in colours], dtype=np.float32)
    return table[chosen] / np.float32(255)
