"""A four-legged animal seen from the side, in one of four poses; its coat is somebody else's idea."""

import numpy as np
from jaxtyping import Int64

from .canvas import Number, Pixels, circle, each, ellipse, joined, line, spread, turned
from .dice import Dice, Real

POSES = ("standing", "walking", "grazing", "galloping")

Point = tuple[Number, Number]


class Animal:
    """The distances of the parts of an animal that faces right, about two units long, its feet at y = 0.6.

    `legs`, `knees` (their heights) and `hooves` are lists of four, the far pair first; `along_neck` and `along_head`
    grow from 0 to 1 from the near end of these to the other. In the coordinates `x` and `y` the back is level.
    """

    def __init__(self, x: Pixels, y: Pixels, pose: Int64[np.ndarray, "n"], dice: Dice):
        lean = each(pose, 0, 0, 0, 0.03) + each(pose, 0.02, 0.02, 0.02, 0.06) * spread(dice.normal())
        x, y = turned(x, y, lean)
        self.x, self.y = x, y
        self._trunk(dice)
        self._neck_and_head(pose, dice)
        self._tail(pose, dice)
        self._legs(pose, dice)
        parts = [self.body, self.neck, self.head, self.ears, *self.legs[2:]]
        # What is not hidden behind: all but the far legs and the tail.
        self.outside = np.minimum.reduce(np.broadcast_arrays(*parts))

    def _trunk(self, dice: Dice) -> None:
        stout = spread(dice.uniform(0.92, 1.1))
        barrel = line(self.x, self.y, (-0.3, -0.03), (0.28, -0.02), 0.2 * stout, 0.19 * stout)
        rump = ellipse(self.x + 0.34, self.y + 0.06, 0.2, 0.21)
        self.body = joined(barrel, rump, 0.08)

    def _neck_and_head(self, pose: Int64[np.ndarray, "n"], dice: Dice) -> None:
        x, y = self.x, self.y
        rise = each(pose, 0.88, 0.88, -0.75, 0.62) + spread(dice.normal(0, 0.12))
        base = 0.36, -0.08
        poll = _away(base, rise, 0.46)
        self.neck = joined(line(x, y, base, poll, 0.17, 0.085), self.body, 0.1)
        self.along_neck = _along(x, y, base, poll)
        crest = np.sin(rise) * 0.055, np.cos(rise) * 0.055
        behind, top = (base[0] - 2 * crest[0], base[1] - 2 * crest[1]), (poll[0] - crest[0], poll[1] - crest[1])
        self.mane = line(x, y, behind, top, 0.03, 0.07)

        nod = each(pose, -0.65, -0.65, -1.75, -0.4) + spread(dice.normal(0, 0.14))
        muzzle = _away(poll, nod, 0.27)
        nose = circle(x - muzzle[0], y - muzzle[1], 0.058)
        self.head = joined(line(x, y, poll, muzzle, 0.092, 0.052), nose, 0.03)
        self.along_head = _along(x, y, poll, muzzle)
        self.ears = line(x, y, poll, _away(poll, nod + 2.2, 0.17), 0.05, 0.008)
        eye = _away(poll, nod + 0.35, 0.075)
        self.eye = circle(x - eye[0], y - eye[1], 0.02)

    def _tail(self, pose: Int64[np.ndarray, "n"], dice: Dice) -> None:
        swing = each(pose, 0.15, 0.15, 0.15, 1.0) + spread(dice.normal(0, 0.12))
        dock = -0.5, -0.12
        middle = _away(dock, -np.pi / 2 - swing, 0.2)
        end = _away(middle, -np.pi / 2 - swing * 0.5, 0.28)
        upper = line(self.x, self.y, dock, middle, 0.035, 0.06)
        self.tail = joined(upper, line(self.x, self.y, middle, end, 0.065, 0.02), 0.05)

    def _legs(self, pose: Int64[np.ndarray, "n"], dice: Dice) -> None:
        """Each leg is an upper and a lower part that swing as the pose asks; a front knee bends further."""
        reach, stride = each(pose, 0.05, 0.3, 0.07, 0.62), spread(dice.uniform(0, 2 * np.pi))
        self.legs, self.knees, self.hooves = [], [], []
        for hip, thigh, bent, walk, gallop in (
            (0.33, 0.095, 1.5, 0.0, 0.45),
            (-0.36, 0.115, 0.9, 2.6, 3.05),
            (0.3, 0.095, 1.5, 3.1, 0.0),
            (-0.33, 0.115, 0.9, 5.7, 2.6),
        ):
            phase = stride + each(pose, walk, walk, walk, gallop)
            swing = np.sin(phase) * reach - np.pi / 2
            knee = _away((hip, 0.06), swing, 0.27)
            hoof = _away(knee, swing - np.maximum(np.cos(phase), 0) * reach * bent, 0.26)
            upper = line(self.x, self.y, (hip, 0.06), knee, thigh, 0.05)
            self.legs.append(joined(upper, line(self.x, self.y, knee, hoof, 0.047, 0.034), 0.03))
            self.knees.append(knee[1])
            toe = hoof[0] + 0.025, hoof[1] + 0.015
            self.hooves.append(line(self.x, self.y, hoof, toe, 0.04, 0.035))


def _away(start: Point, angle: Pixels, length: Real) -> Point:
    """The point at this distance in this direction, 0 to the right and growing upwards."""
    return start[0] + np.cos(angle) * length, start[1] - np.sin(angle) * length


def _along(x: Pixels, y: Pixels, start: Point, end: Point) -> Pixels:
    """Returns how far between two points a pixel lies: 0 at the first, 1 at the second."""
    ux, uy = end[0] - start[0], end[1] - start[1]
    return ((x - start[0]) * ux + (y - start[1]) * uy) / (ux * ux + uy * uy)
