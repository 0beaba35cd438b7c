"""Draws a diagram of a document as one SVG that scales, in the colours of the text around it.

Without a style sheet it is drawn in lines; the page fills its boxes by its own variables, for light and for dark.
"""

import math
import textwrap
from html import escape

from torchbook.course.texts.document_diagram import Diagram

_WIDTH, _GAP, _ROW = 156.0, 46.0, 34.0  # of a box, between two columns, between two rows
_LINE, _SMALL, _PADDING = 21.0, 17.0, 13.0
_LETTERS, _SMALL_LETTERS = 16, 21  # that have room in a line
_IN_A_ROW = 4  # boxes of a single chain; a longer one is folded

Box = tuple[float, float, float]  # the middle of a box, and its height


def drawn(diagram: Diagram) -> str:
    """Returns the diagram as SVG with its words."""
    heights = [_height(name, note) for name, note in diagram.boxes]
    middles = _circle(heights) if diagram.is_circle else _rows(diagram, max(heights))
    left = min(x for x, _ in middles) - _WIDTH / 2 - 3
    right = max(x for x, _ in middles) + _WIDTH / 2 + 3
    top = min(y - height / 2 for (_, y), height in zip(middles, heights)) - 3
    bottom = max(y + height / 2 for (_, y), height in zip(middles, heights)) + 3
    boxes = [(x, y, height) for (x, y), height in zip(middles, heights)]
    arrows = "".join(_arrow(boxes[start], boxes[end]) for start, end in diagram.arrows)
    texts = "".join(_box(box, *text) for box, text in zip(boxes, diagram.boxes))
    size = f"{left:g} {top:g} {right - left:g} {bottom - top:g}"
    return (
        f'<svg class="diagram" xmlns="http://www.w3.org/2000/svg" viewBox="{size}" width="{right - left:g}" role="img" '
        f'aria-label="{escape(diagram.words)}" fill="none" stroke="currentColor" font-family="inherit">'
        f"{arrows}{texts}</svg>"
    )


def _lines(name: str, note: str) -> tuple[list[str], list[str]]:
    return textwrap.wrap(name, _LETTERS), textwrap.wrap(note, _SMALL_LETTERS)


def _height(name: str, note: str) -> float:
    large, small = _lines(name, note)
    return 2 * _PADDING + _LINE * len(large) + _SMALL * len(small)


def _rows(diagram: Diagram, height: float) -> list[tuple[float, float]]:
    """The middles of boxes from left to right, each as high as those that lead to it. A single long chain is folded,
    every other row from right to left."""
    columns, count = diagram.columns, len(diagram.boxes)
    if sorted(columns) == list(range(count)) and count > _IN_A_ROW:
        width = math.ceil(count / math.ceil(count / _IN_A_ROW))
        folded = [divmod(column, width) for column in columns]
        places = [(row, width - 1 - at if row % 2 else at) for row, at in folded]
        return [(at * (_WIDTH + _GAP), row * (height + _GAP)) for row, at in places]
    rows = [0.0] * count
    for column in range(max(columns) + 1):
        inside = [place for place in range(count) if columns[place] == column]
        before = {place: [rows[start] for start, end in diagram.arrows if end == place] for place in inside}
        wanted = {place: sum(above) / len(above) if above else 0.0 for place, above in before.items()}
        inside.sort(key=lambda place: wanted[place])
        begin = sum(wanted.values()) / len(inside) - (len(inside) - 1) / 2
        for at, place in enumerate(inside):
            rows[place] = begin + at
    return [(column * (_WIDTH + _GAP), row * (height + _ROW)) for column, row in zip(columns, rows)]


def _circle(heights: list[float]) -> list[tuple[float, float]]:
    """The middles of boxes on an ellipse, clockwise from the top."""
    count = len(heights)
    turns = [2 * math.pi * place / count for place in range(count)]
    across = max(_WIDTH + _GAP, count * (_WIDTH + _GAP / 2) / 4.6)
    down = max(max(heights) + _GAP / 2, count * (max(heights) + _ROW) / 4.6)
    return [(across * math.sin(turn), -down * math.cos(turn)) for turn in turns]


def _box(box: Box, name: str, note: str) -> str:
    x, y, height = box
    large, small = _lines(name, note)
    line = y - height / 2 + _PADDING - 5
    texts = []
    for words, step, size, kind in ((large, _LINE, 17, "name"), (small, _SMALL, 13.5, "note")):
        for text in words:
            line += step
            texts.append(f'<text class="{kind}" x="{x:.1f}" y="{line:.1f}" font-size="{size}">{escape(text)}</text>')
    rectangle = (
        f'<rect x="{x - _WIDTH / 2:.1f}" y="{y - height / 2:.1f}" width="{_WIDTH:g}" height="{height:.1f}" rx="9" '
        'stroke-width="1.5"/>'
    )
    return f'{rectangle}<g text-anchor="middle" fill="currentColor" stroke="none">{"".join(texts)}</g>'


def _arrow(start: Box, end: Box) -> str:
    """A straight arrow from the edge of one box to the edge of another."""
    begin, tip = _edge(start, end, 3.0), _edge(end, start, 5.0)
    turn = math.atan2(tip[1] - begin[1], tip[0] - begin[0])
    wings = [(tip[0] - 9 * math.cos(turn + side), tip[1] - 9 * math.sin(turn + side)) for side in (0.45, -0.45)]
    head = " L".join(f"{x:.1f},{y:.1f}" for x, y in (wings[0], tip, wings[1]))
    path = f"M{begin[0]:.1f},{begin[1]:.1f} L{tip[0]:.1f},{tip[1]:.1f} M{head}"
    return f'<path class="arrow" d="{path}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>'


def _edge(box: Box, other: Box, distance: float) -> tuple[float, float]:
    """The point where the line between the middles of two boxes leaves the first, at a distance from its edge."""
    x, y, height = box
    across, down = other[0] - x, other[1] - y
    if not across and not down:
        return x, y
    share = min(
        (_WIDTH / 2 + distance) / abs(across) if across else math.inf,
        (height / 2 + distance) / abs(down) if down else math.inf,
    )
    return x + share * across, y + share * down
