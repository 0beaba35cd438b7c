"""Strokes of a pen as text, as the address of a page carries them, and one ready-made drawing of each digit."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from torchbook.data.drawn.dice import Dice
from torchbook.data.drawn.forms import DIGITS, FORMS, follow

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MOUSE = 32  # The pressure, 0 to 63, of what has none.

# (x, y, pressure): x to the right and y down, 0 to 4095, pressure 0 to 63
Point = tuple[int, int, int]


def encode(strokes: Sequence[Sequence[tuple[float, float]]]) -> str:
    """Encodes strokes of points (x, y) in 0..1, y down, for the address of a page: five letters a point, a dot between
    strokes."""
    return ".".join("".join(_letters(x, y) for x, y in stroke) for stroke in strokes)


def _letters(x: float, y: float) -> str:
    across, down = (round(min(1.0, max(0.0, value)) * 4095) for value in (x, y))
    return "".join(LETTERS[value & 63] for value in (across >> 6, across, down >> 6, down, MOUSE))


def decode(text: str) -> list[list[Point]]:
    """Decodes the strokes in a text that `encode` or a page wrote; returns none if it is not such a text."""
    if not re.fullmatch(r"([\w-]{5})+(\.([\w-]{5})+)*", text, flags=re.ASCII):
        return []
    strokes = []
    for stroke in text.split("."):
        v = [LETTERS.index(letter) for letter in stroke]
        strokes.append([(64 * v[i] + v[i + 1], 64 * v[i + 2] + v[i + 3], v[i + 4]) for i in range(0, len(v), 5)])
    return strokes


@cache
def ready_made() -> dict[str, str]:
    """Returns one drawing for each digit, encoded: the commonest form of each in the data set `handwriting`."""
    commonest = [
        max((n for n, form in enumerate(FORMS) if str(form[0]) == d), key=lambda n: FORMS[n][1]) for d in DIGITS
    ]
    hands = Dice(0, np.arange(len(DIGITS)))
    points, lifted = follow(np.array(commonest), hands, np.full(len(DIGITS), 0.03, dtype=np.float32))
    drawings = {}
    for digit, way, lifts in zip(DIGITS, points * 0.7 + 0.5, lifted):
        strokes = np.split(way, np.flatnonzero(lifts[1:]) + 1)
        drawings[digit] = encode([[(x, y) for x, y in stroke.tolist()] for stroke in strokes])
    return drawings
