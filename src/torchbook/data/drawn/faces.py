"""Cartoon faces with large eyes: nine named factors, each drawn by itself, so that any pair can be told apart."""

import numpy as np
from jaxtyping import Int64, UInt8

from .canvas import Canvas, circle, ellipse, joined, line, palette, rgb, spread, step, turned
from .dice import Dice
from .features import ACCESSORIES, EYE_SHAPES, MOUTHS, paint_accessory, paint_cheeks, paint_eyes, paint_mouth
from .hair import FRINGES, STYLES, paint_back, paint_front
from .scenery import BACKGROUNDS, paint_background

_HAIR = {
    "black": "3d3a4c",
    "brown": "8b5a3c",
    "blond": "f7d774",
    "red": "d9482f",
    "pink": "ff9cc4",
    "blue": "4f7fe0",
    "green": "58b56a",
    "silver": "d5dbe8",
}
_EYES = {"brown": "a5622e", "blue": "2f8df5", "green": "2fb457", "red": "e5353f", "violet": "a04be0", "amber": "f7b21c"}
_SKIN = {"pale": "ffeee4", "light": "ffdcc2", "tan": "e3ab7f", "brown": "a86c48"}
_CLOTHES = ("f4f4f8", "3b4a7a", "c94f5d", "4c9a8f", "f0b449", "7d5aa6")
_WORN = ("e5484d", "f5c542", "3fa7d6", "8e5bd0", "35b07a", "ff8fb8")

FACTORS = {
    "hair_colour": tuple(_HAIR),
    "hair_style": STYLES,
    "fringe": FRINGES,
    "eye_colour": tuple(_EYES),
    "eye_shape": EYE_SHAPES,
    "skin": tuple(_SKIN),
    "mouth": MOUTHS,
    "accessory": ACCESSORIES,
    "background": BACKGROUNDS,
}


def draw_faces(
    seed: int, indices: Int64[np.ndarray, "n"], size: int
) -> tuple[UInt8[np.ndarray, "n 3 size size"], Int64[np.ndarray, "n factors"]]:
    """The faces of these indices, `size` pixels wide, and for each the number of its kind in every one of `FACTORS`."""
    dice = Dice(seed, indices)
    labels = np.stack([dice.choice(len(kinds)) for kinds in FACTORS.values()], axis=1)
    kind = dict(zip(FACTORS, labels.T))
    hair = palette(tuple(_HAIR.values()), kind["hair_colour"]) * dice.uniform(0.92, 1.06)[:, None]
    skin = palette(tuple(_SKIN.values()), kind["skin"]) * dice.uniform(0.97, 1.02)[:, None]
    eyes = palette(tuple(_EYES.values()), kind["eye_colour"]) * dice.uniform(0.92, 1.04)[:, None]
    canvas = Canvas(len(indices), size)
    paint_background(canvas, kind["background"], dice, size)
    larger = spread(dice.uniform(1.0, 1.12))
    right, down = spread(dice.uniform(-0.06, 0.06)), spread(dice.uniform(0.02, 0.1))
    u, v = turned((canvas.x - right) * larger, (canvas.y - down) * larger, spread(dice.normal(0, 0.07)))
    paint_back(canvas, kind["hair_style"], u, v, hair)
    _paint_body(canvas, u, v, skin, palette(_CLOTHES, dice.choice(len(_CLOTHES))))
    face = _paint_head(canvas, u, v, skin)
    paint_cheeks(canvas, u, v, dice.uniform(0.25, 0.6))
    # The features move a little together: a look to the side.
    looking = u - spread(dice.uniform(-0.035, 0.035)), v - spread(dice.uniform(-0.015, 0.025))
    paint_eyes(canvas, kind["eye_shape"], *looking, eyes, hair)
    paint_mouth(canvas, kind["mouth"], *looking, skin)
    paint_front(canvas, kind["hair_style"], kind["fringe"], u, v, hair, skin, face, dice)
    worn = palette(_WORN, dice.choice(len(_WORN)))
    paint_accessory(canvas, kind["accessory"], u, v, worn, hair)
    return canvas.stored(), labels


def _paint_body(canvas: Canvas, u: np.ndarray, v: np.ndarray, skin: np.ndarray, clothes: np.ndarray) -> None:
    """Shoulders in a plain garment and the neck, in the shadow of the chin."""
    shoulders = ellipse(u, v - 1.16, 0.68, 0.46)
    canvas.paint_outlined(shoulders, clothes)
    neck = line(u, v, (0, 0.5), (0, 0.86), 0.15, 0.17)
    canvas.paint_outlined(neck, skin * rgb(0.9, 0.78, 0.76))


def _paint_head(canvas: Canvas, u: np.ndarray, v: np.ndarray, skin: np.ndarray) -> np.ndarray:
    """Ears and a face that narrows to the chin; returns its distance."""
    ears = ellipse(np.abs(u) - 0.57, v - 0.15, 0.085, 0.12)
    canvas.paint_outlined(ears, skin * rgb(0.97, 0.86, 0.84))
    jaw = line(u, v, (0, 0.1), (0, 0.53), 0.5, 0.1)
    face = joined(circle(u, v + 0.02, 0.575), jaw, 0.12)
    canvas.paint_outlined(face, skin)
    # The side away from the light.
    canvas.blend(canvas.cover(face) * step(u + v * 0.3, 0.3, 0.62) * 0.3, skin * rgb(0.85, 0.62, 0.66))
    return face
