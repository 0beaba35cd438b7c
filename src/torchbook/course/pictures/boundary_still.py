"""A `Boundary` as SVG, for static pages."""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

import torch

from torchbook.course.pictures.boundary_model import REACH, shares
from torchbook.course.pictures.still_axes import half_plane

SIDE = 420
BLUE, ORANGE = (0, 114, 178), (196, 85, 0)


def still(
    frame: dict[str, Any],
    points: Sequence[Sequence[float | int]],
    alternative: str,
    *,
    bends: bool = False,
    cells: int = 40,
) -> str:
    """Draws the plane in `cells` x `cells` squares coloured by the probability, with the points `[x, y, class]`.

    With `bends` each unit of the first hidden layer draws the line where its weighted sum is zero.
    """
    nearest = (torch.arange(cells) * 2 + 1) * frame["fine"] // (2 * cells)  # the nearest cells of the frame
    probabilities = shares(frame)[nearest][:, nearest]
    size = SIDE / cells
    parts = []
    for row, line in enumerate(probabilities.tolist()):
        column = 0
        for colour, alike in groupby(map(_blend, line)):
            count = len(list(alike))
            parts.append(
                f'<rect x="{column * size:g}" y="{row * size:g}" width="{count * size:g}" height="{size:g}" '
                f'fill="{colour}"/>'
            )
            column += count
    if bends and len(frame["widths"]) > 2:
        parts += [_line(across, up, bias) for (across, up), bias in zip(frame["weights"][0], frame["biases"][0])]
    for x, y, label in points:
        a, b = (x + REACH) / (2 * REACH) * SIDE, (REACH - y) / (2 * REACH) * SIDE
        parts.append(_triangle(a, b) if label else f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" {_fill(BLUE)}/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" '
        f'role="img" aria-label="{escape(alternative)}" shape-rendering="crispEdges">{"".join(parts)}</svg>'
    )


def _line(across: float, up: float, bias: float) -> str:
    """Draws the places `(x, y)` where `across * x + up * y + bias` is 0."""
    _, ends = half_plane((across, up, bias), (-REACH, REACH, -REACH, REACH))
    if not ends:
        return ""
    (a, b), (c, d) = (((x + REACH) / (2 * REACH) * SIDE, (REACH - y) / (2 * REACH) * SIDE) for x, y in ends)
    path = f'x1="{a:.1f}" y1="{b:.1f}" x2="{c:.1f}" y2="{d:.1f}"'
    return f'<line {path} stroke="#57606a" stroke-dasharray="5 4" shape-rendering="auto"/>'


def _triangle(a: float, b: float) -> str:
    corners = f"{a:.1f},{b - 4.5:.1f} {a + 4.2:.1f},{b + 3.2:.1f} {a - 4.2:.1f},{b + 3.2:.1f}"
    return f'<polygon points="{corners}" {_fill(ORANGE)}/>'


def _fill(colour: tuple[int, int, int]) -> str:
    return f'fill="rgb{colour}" stroke="white" stroke-width="1" shape-rendering="auto"'


def _blend(share: float) -> str:
    """Returns the colour of a probability, one of 33 from light blue through white to light orange."""
    strength = round(16 * abs(2 * share - 1)) / 16 * 0.45
    colour = ORANGE if share > 0.5 else BLUE
    return "#" + "".join(f"{round(255 - (255 - part) * strength):02x}" for part in colour)
