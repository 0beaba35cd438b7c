"""A batch of pictures to paint on, and the signed distances of what is painted.

A shape is its signed distance: for each point how far it is to the edge, negative inside. Paint covers a pixel by as
much of it as lies inside, so edges are smooth at any size. Coordinates go from -1 to 1, x to the right and y down;
numbers that belong to a picture are `[n]` and reach the pixels through `spread`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy

import numpy as np
from jaxtyping import Bool, Float32, Int64, UInt8

from .dice import Dice, Real

Pixels = Float32[np.ndarray, "#n #h #w"]
Number = Pixels | Real
# Red, green and blue from 0 to 1, for each picture or for all.
Colours = Float32[np.ndarray, "#n 3"]


class Canvas:
    """`n` colour pictures of one size, painted from back to front.

    `x` and `y` are the coordinates of the pixels' middles, `[1, 1, size]` and `[1, size, 1]`, `pixel` is one's width.
    """

    def __init__(self, count: int, size: int):
        middle = (np.arange(size, dtype=np.float32) + 0.5) * (2 / size) - 1
        self.x, self.y = middle[None, None, :], middle[None, :, None]
        self.pixel = 2 / size
        self.values = np.zeros((count, 3, size, size), dtype=np.float32)

    def cover(self, distance: Pixels, softness: Real = 1) -> Pixels:
        """Returns how much of each pixel is inside, 0 to 1; the edge is `softness` pixels wide."""
        return (0.5 - distance * (1 / (softness * self.pixel))).clip(0, 1)

    def paint(self, distance: Pixels, colour: Colours, opacity: Number = 1) -> None:
        """Covers what is inside with a colour, each part of it from 0 to 1."""
        self.blend(self.cover(distance) * opacity, colour)

    def paint_outlined(self, distance: Pixels, colour: Colours, opacity: Number = 1, *, line: Real = 0.025) -> None:
        """The same with a dark line around it, of this width."""
        self.paint(distance - line, outline(colour), opacity)
        self.paint(distance, colour, opacity)

    def blend(self, amount: Pixels, colour: Colours | Float32[np.ndarray, "#n 3 #h #w"]) -> None:
        """Moves each pixel by `amount`, 0 to 1, towards a colour or towards another picture."""
        target = colour.reshape(*colour.shape, 1, 1) if colour.ndim == 2 else colour
        self.values += (target - self.values) * amount[:, None]

    @contextmanager
    def only(self, rows: Bool[np.ndarray, "n"]) -> Iterator["Canvas"]:
        """A canvas of some of the pictures; what is painted on it is on theirs afterwards."""
        part = copy(self)
        part.values = self.values[rows]
        yield part
        self.values[rows] = part.values

    def stored(self) -> UInt8[np.ndarray, "n 3 size size"]:
        """The pictures as bytes."""
        return (self.values.clip(0, 1) * 255 + 0.5).astype(np.uint8)


def spread(values: Float32[np.ndarray, "n"] | Bool[np.ndarray, "n"]) -> Float32[np.ndarray, "n 1 1"]:
    """One number for each picture, ready to meet its pixels; true is 1."""
    return values.astype(np.float32, copy=False)[:, None, None]


def each(kind: Int64[np.ndarray, "n"], *values: Real) -> Float32[np.ndarray, "n 1 1"]:
    """For each picture the value that belongs to its kind."""
    return spread(np.array(values, dtype=np.float32)[kind])


def circle(x: Pixels, y: Pixels, radius: Number) -> Pixels:
    """A disc around the origin."""
    return np.sqrt(x * x + y * y) - radius


def ellipse(x: Pixels, y: Pixels, width: Number, height: Number) -> Pixels:
    """An ellipse around the origin with these half axes; the distance is exact at the edge and nearly so beside it."""
    u, v = x / width, y / height
    length = np.sqrt(u * u + v * v)
    u, v = u / width, v / height
    return length * (length - 1) / (np.sqrt(u * u + v * v) + 1e-6)


def box(x: Pixels, y: Pixels, width: Number, height: Number, rounding: Real = 0.0) -> Pixels:
    """A rectangle around the origin with these half sides."""
    u, v = np.abs(x) - width + rounding, np.abs(y) - height + rounding
    outside = np.sqrt(np.maximum(u, 0) ** 2 + np.maximum(v, 0) ** 2)
    return outside + np.minimum(np.maximum(u, v), 0) - rounding


def line(
    x: Pixels, y: Pixels, start: tuple[Number, Number], end: tuple[Number, Number], width: Number, width_end: Number
) -> Pixels:
    """A stroke with round ends that goes from one half width to another."""
    (ax, ay), (bx, by) = start, end
    ux, uy = bx - ax, by - ay
    dx, dy = x - ax, y - ay
    t = ((dx * ux + dy * uy) / (ux * ux + uy * uy + 1e-9)).clip(0, 1)
    return np.sqrt((dx - t * ux) ** 2 + (dy - t * uy) ** 2) - (width + t * (width_end - width))


def polygon(x: Pixels, y: Pixels, corners: tuple[tuple[Real, Real], ...]) -> Pixels:
    """A polygon of any kind, by the distance to its sides and how often they are crossed (Quilez)."""
    nearest = np.full(np.broadcast_shapes(x.shape, y.shape), np.inf, dtype=np.float32)
    sign = np.ones_like(nearest)
    for (ax, ay), (bx, by) in zip(corners, corners[-1:] + corners[:-1]):
        ux, uy = (bx - ax), (by - ay)
        dx, dy = x - ax, y - ay
        t = ((dx * ux + dy * uy) * (1 / (ux * ux + uy * uy))).clip(0, 1)
        nearest = np.minimum(nearest, (dx - t * ux) ** 2 + (dy - t * uy) ** 2)
        above, below, left = y >= ay, y < by, ux * dy > uy * dx
        sign = np.where((above & below & left) | ~(above | below | left), -sign, sign)
    return sign * np.sqrt(nearest)


def turned(x: Pixels, y: Pixels, angle: Number) -> tuple[Pixels, Pixels]:
    """The coordinates seen by a shape that is turned by `angle`, in radians."""
    angle = np.asarray(angle, dtype=np.float32)
    cos, sin = np.cos(angle), np.sin(angle)
    return x * cos + y * sin, y * cos - x * sin


def chosen(kind: Int64[np.ndarray, "n"], shapes: Sequence[Callable[..., Pixels]], *places: Pixels) -> Pixels:
    """The distances of the shape of each picture's own kind; `places` are what the shapes are functions of."""
    distance = np.empty((len(kind), *np.broadcast_shapes(*(place.shape[1:] for place in places))), dtype=np.float32)
    for number, shape in enumerate(shapes):
        rows = kind == number
        distance[rows] = shape(*(place[rows] for place in places))
    return distance


def joined(first: Pixels, second: Pixels, smoothness: Real) -> Pixels:
    """Two shapes as one, the seam rounded over about `smoothness`."""
    overlap = np.maximum(smoothness - np.abs(first - second), 0)
    return np.minimum(first, second) - overlap * overlap * (0.25 / smoothness)


def step(values: Pixels, low: Number, high: Number) -> Pixels:
    """0 below `low`, 1 above `high` and smooth between; falling where `high` is the smaller one."""
    t = ((values - low) / (high - low)).clip(0, 1)
    return t * t * (3 - 2 * t)


def noise(dice: Dice, cells: int, size: int) -> Float32[np.ndarray, "n size size"]:
    """Soft hills between 0 and 1: random numbers at the corners of `cells` x `cells` cells, smooth between."""
    corners = dice.uniform(0, 1, (cells + 1, cells + 1))
    place = np.arange(size, dtype=np.float32) * (cells / size)
    before = place.astype(np.int64)
    t = place - np.floor(place)
    t = t * t * (3 - 2 * t)
    rows = corners[:, before] * (1 - t)[:, None] + corners[:, before + 1] * t[:, None]
    return rows[:, :, before] * (1 - t) + rows[:, :, before + 1] * t


def rgb(red: Real, green: Real, blue: Real) -> Colours:
    """One colour for all pictures, each part of it from 0 to 1."""
    return np.array([[red, green, blue]], dtype=np.float32)


def outline(colour: Colours) -> Colours:
    """The dark line around something of a colour: the same hue, nearly black."""
    return colour * 0.32 + rgb(0.04, 0.01, 0.05)


def light(colour: Colours) -> Colours:
    """A colour where light falls on it."""
    return colour + (1 - colour) * 0.6


def palette(colours: tuple[str, ...], chosen: Int64[np.ndarray, "n"]) -> Float32[np.ndarray, "n 3"]:
    """The chosen ones of some colours that are written as `"ffcc00"`."""
    table = np.array([[int(colour[i : i + 2], 16) for i in (0, 2, 4)] for colour in colours], dtype=np.float32)
    return table[chosen] / 255
