"""Horses and zebras in open country: two domains without pairs, of the same poses and places but of different coats."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Int64, UInt8

from .animal import POSES, Animal
from .canvas import Canvas, Colours, each, ellipse, noise, palette, rgb, spread, step
from .dice import Dice
from .landscape import paint_blades, paint_landscape

FACTORS = {"pose": POSES, "facing": ("left", "right")}

# The coat of a horse, its mane and tail, and its lower legs.
_COATS = (
    ("8a4f2a", "2b1d18", "2e201a"),
    ("a8562a", "8f4420", "a0522a"),
    ("2f2a2c", "1d1a1c", "252123"),
    ("c9c4be", "8f8b88", "8a8684"),
    ("d6a24e", "f4e6c4", "e2c084"),
    ("5e3a26", "e3cfa6", "553423"),
)
_BLACK = rgb(0.11, 0.1, 0.11)
_WHITE = rgb(0.96, 0.95, 0.92)
_HOOF = rgb(0.2, 0.17, 0.16)


def draw_horses(
    seed: int, indices: Int64[np.ndarray, "n"], size: int
) -> tuple[UInt8[np.ndarray, "n 3 size size"], Int64[np.ndarray, "n factors"]]:
    """The horses of these indices, `size` pixels wide, and for each its pose and where it faces."""
    return _drawn(seed, indices, size, _horse_coat)


def draw_zebras(
    seed: int, indices: Int64[np.ndarray, "n"], size: int
) -> tuple[UInt8[np.ndarray, "n 3 size size"], Int64[np.ndarray, "n factors"]]:
    """The zebras of these indices; none stands where the horse of the same index does."""
    return _drawn(seed ^ 0x5EB7A, indices, size, _zebra_coat)


def _drawn(
    seed: int, indices: np.ndarray, size: int, coat: Callable[[Animal, Canvas, Dice, int], None]
) -> tuple[np.ndarray, np.ndarray]:
    dice = Dice(seed, indices)
    canvas = Canvas(len(indices), size)
    pose, facing = dice.choice(len(POSES)), dice.choice(2)
    horizon = paint_landscape(canvas, dice, size)
    large = spread(dice.uniform(0.95, 1.2)) + each(pose, 0, 0, 0, 0.06)
    ground = spread(np.maximum(dice.uniform(0.62, 0.86), horizon + 0.4))
    right = each(facing, -1, 1)
    x = (canvas.x * right + spread(dice.uniform(0.02, 0.16))) * large
    y = (canvas.y - ground) * large + 0.6
    shadow = ellipse(x - 0.02, y - 0.6, 0.62, 0.07)
    canvas.blend(canvas.cover(shadow, 4) * 0.45, _BLACK)
    coat(Animal(x, y, pose, dice), canvas, dice, size)
    paint_blades(canvas, dice)
    return canvas.stored(), np.stack([pose, facing], axis=1)


def _horse_coat(animal: Animal, canvas: Canvas, dice: Dice, size: int) -> None:
    """One of six colours, dark or light mane and tail, sometimes white socks, a blaze or large white patches."""
    kind = dice.choice((4, 3, 2, 2, 2, 1.5))
    shade = dice.uniform(0.88, 1.12)[:, None]
    coat, mane, lower = (palette(tuple(row[i] for row in _COATS), kind) * shade for i in range(3))
    socks, patched, blaze = (spread(dice.chance(p)) for p in (0.3, 0.15, 0.4))
    canvas.paint_outlined(animal.tail, mane, line=0.012)
    for leg, knee, hoof in zip(animal.legs[:2], animal.knees, animal.hooves):
        canvas.paint_outlined(leg, coat * 0.62, line=0.015)
        canvas.paint(leg, lower * 0.7, step(animal.y, knee - 0.08, knee + 0.06))
        canvas.paint(hoof, _HOOF * 0.8)
    canvas.paint_outlined(animal.outside, coat, line=0.018)
    patches = step(noise(dice, 4, size), 0.5, 0.56) * patched
    canvas.paint(animal.outside, _WHITE, patches)
    for leg, knee, hoof in zip(animal.legs[2:], animal.knees[2:], animal.hooves[2:]):
        low = step(animal.y, knee - 0.08, knee + 0.06)
        canvas.paint(leg, lower, low)
        canvas.paint(leg, _WHITE, step(animal.y, knee + 0.08, knee + 0.12) * socks)
        canvas.paint(hoof, _HOOF)
    _light(animal, canvas, coat)
    stripe = np.maximum(animal.head + 0.05, np.abs(animal.along_head - 0.45) - 0.3)
    canvas.paint(stripe, _WHITE, blaze * 0.9)
    canvas.paint_outlined(animal.mane, mane, line=0.01)
    canvas.paint(animal.eye, _BLACK)


def _zebra_coat(animal: Animal, canvas: Canvas, dice: Dice, size: int) -> None:
    """White with black stripes: upright on the body, lying on the rump and the legs, across the neck and the head."""
    white = _WHITE * dice.uniform(0.9, 1.02)[:, None] * rgb(1, 0.985, 0.95)
    number = spread(dice.uniform(0.85, 1.15))
    bent = (noise(dice, 5, size) - 0.5) * 1.6
    canvas.paint(animal.tail - 0.012, _BLACK)
    canvas.paint(animal.tail, white * 0.9)
    canvas.paint(animal.tail, _BLACK, step(animal.y, 0.05, 0.12))
    stocking = step(np.sin(animal.y * 58 * number + bent), -0.05, 0.15)
    for leg, hoof in zip(animal.legs[:2], animal.hooves):
        canvas.paint(leg - 0.015, _BLACK)
        canvas.paint(leg, white * 0.72)
        canvas.paint(leg, _BLACK, stocking)
        canvas.paint(hoof, _BLACK)
    canvas.paint(animal.outside - 0.018, _BLACK)
    canvas.paint(animal.outside, white)
    back = step(animal.x, -0.05, -0.4)
    way = animal.x * (1 - back) * 44 + back * (animal.y * 30 - animal.x * 16)
    upright = step(np.sin(way * number + bent * 2), -0.05, 0.2) * step(animal.y, 0.19, 0.1)
    canvas.paint(animal.body, _BLACK, upright)
    neck = np.maximum(animal.neck, 0.12 - animal.along_neck)
    canvas.paint(neck, white)
    canvas.paint(neck, _BLACK, step(np.sin(animal.along_neck * 24 * number + bent), -0.05, 0.2))
    for leg, hoof in zip(animal.legs[2:], animal.hooves[2:]):
        below = np.maximum(leg, 0.16 - animal.y)
        canvas.paint(below, white)
        canvas.paint(below, _BLACK, stocking)
        canvas.paint(hoof, _BLACK)
    canvas.paint(animal.head, white)
    canvas.paint(animal.head, _BLACK, step(np.sin(animal.along_head * 22 + bent), 0.0, 0.3))
    canvas.paint(animal.head, _BLACK, step(animal.along_head, 0.8, 0.95))
    _light(animal, canvas, white)
    canvas.paint(animal.mane + 0.015, white)
    canvas.paint(animal.mane + 0.015, _BLACK, step(np.sin(animal.along_neck * 24 * number + bent), -0.05, 0.2))
    canvas.paint(np.abs(animal.mane + 0.01) - 0.012, _BLACK)
    canvas.paint(animal.ears, _BLACK, step(animal.ears, -0.01, -0.02))
    canvas.paint(animal.eye, _BLACK)


def _light(animal: Animal, canvas: Canvas, coat: Colours) -> None:
    """Sun from above: brighter along the back, darker below."""
    inside = canvas.cover(animal.outside + 0.01)
    canvas.blend(inside * step(animal.y, 0.02, -0.22) * 0.22, coat + (1 - coat) * 0.7)
    canvas.blend(inside * step(animal.y, 0.02, 0.2) * 0.4, coat * 0.4)
