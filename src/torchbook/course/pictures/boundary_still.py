"""A `Boundary` as SVG, for static pages."""

from collections.abc import Sequence
from html import escape
from typing import Any

import torch

from torchbook.course.pictures.boundary_model import REACH, shares

SIDE = 420
BLUE, ORANGE = (0, 114, 178), (196, 85, 0)


def still(frame: dict[str, Any], points: Sequence[Sequence[float | int]], alternative: str, *, cells: int = 40) -> str:
    """Draws the plane in `cells` x `cells` squares coloured by the probability, with the points `[x, y, class]`."""
    nearest = (torch.arange(cells) * 2 + 1) * frame["fine"] // (2 * cells)  # the nearest cells of the frame
    probabilities = shares(frame)[nearest][:, nearest]
    size = SIDE / cells
    parts = []
    for row, line in enumerate(probabilities.tolist()):
        for column, share in enumerate(line):
            parts.append(
                f'<rect x="{column * size:g}" y="{row * size:g}" width="{size:g}" height="{size:g}" '
                f'fill="{_blend(share)}"/>'
            )
    for x, y, label in points:
        a, b = (x + REACH) / (2 * REACH) * SIDE, (REACH - y) / (2 * REACH) * SIDE
        parts.append(_triangle(a, b) if label else f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" {_fill(BLUE)}/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" '
        f'role="img" aria-label="{escape(alternative)}" shape-rendering="crispEdges">{"".join(parts)}</svg>'
    )


def _triangle(a: float, b: float) -> str:
    corners = f"{a:.1f},{b - 4.5:.1f} {a + 4.2:.1f},{b + 3.2:.1f} {a - 4.2:.1f},{b + 3.2:.1f}"
    return f'<polygon points="{corners}" {_fill(ORANGE)}/>'


def _fill(colour: tuple[int, int, int]) -> str:
    return f'fill="rgb{colour}" stroke="white" stroke-width="1" shape-rendering="auto"'


def _blend(share: float) -> str:
    """Returns the colour of a probability, from light blue through white to light orange."""
    strength = abs(2 * share - 1) * 0.45
    colour = ORANGE if share > 0.5 else BLUE
    return "#" + "".join(f"{round(255 - (255 - part) * strength):02x}" for part in colour)
