"""A plot with axes as SVG, for static pages: scales, ticks, lines and clipping."""

import math
import zlib
from collections.abc import Sequence
from html import escape

Number = int | float
Place = tuple[Number, Number]

LEFT, RIGHT = 46, 16


class Axes:
    """Axes at a position in a larger drawing. `view` is (left, right, bottom, top) in the units of the data.
    Drawings are clipped at the edge; `svg` returns the whole."""

    def __init__(
        self,
        x: Number,
        y: Number,
        width: Number,
        height: Number,
        *,
        view: Sequence[Number],
        across: str = "",
        up: str = "",
        logarithmic: bool = False,
    ) -> None:
        self.view, self.across, self.up, self.logarithmic = view, across, up, logarithmic
        self.top, self.bottom = y + (22 if up else 8), y + height - (36 if across else 22)
        self.left, self.right = x + LEFT, x + width - RIGHT
        self.foot = y + height - 5
        self.inside: list[str] = []
        self.above: list[str] = []

    def at(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Converts data to pixels; values far outside are clamped vertically."""
        left, right, bottom, top = self.view
        across = (x - left) / ((right - left) or 1)
        if self.logarithmic:
            y, bottom, top = (math.log10(max(value, 1e-300)) for value in (y, bottom, top))
        up = (y - bottom) / ((top - bottom) or 1)
        pixel = self.bottom - up * (self.bottom - self.top)
        return self.left + across * (self.right - self.left), max(-1e4, min(1e4, pixel))

    def line(self, xs: Sequence[Number], ys: Sequence[Number], style: str) -> None:
        """Draws a line through points, broken where a number is missing."""
        path, pen = "", "M"
        for x, y in zip(xs, ys):
            if not (math.isfinite(x) and math.isfinite(y)):
                pen = "M"
                continue
            a, b = self.at(x, y)
            path, pen = f"{path}{pen}{a:.1f} {b:.1f}", "L"
        if path:
            self.inside.append(f'<path d="{path}" fill="none" style="{style}"/>')

    def region(self, rings: Sequence[Sequence[Sequence[Number]]], style: str) -> None:
        """Draws an area within rings of corners."""
        path = "".join(
            "M" + "L".join("{:.1f} {:.1f}".format(*self.at(x, y)) for x, y in corners) + "Z" for corners in rings
        )
        self.inside.append(f'<path d="{path}" fill-rule="evenodd" style="{style}"/>')

    def image(self, address: str) -> None:
        """Draws a picture over the whole area."""
        box = (self.left, self.top, self.right - self.left, self.bottom - self.top)
        self.inside.append(image(address, *box, stretched=True))

    def dot(self, x: Number, y: Number, radius: Number, style: str, *, square: bool = False) -> None:
        """Draws a point, round or as a `square` within that; one at the edge is drawn whole."""
        if math.isfinite(x) and math.isfinite(y):
            a, b = self.at(x, y)
            place = self.above if self.holds(x, y) else self.inside
            if square:
                side = 2 * (radius - 1)
                shape = f'rect x="{a - side / 2:.1f}" y="{b - side / 2:.1f}" width="{side:g}" height="{side:g}"'
            else:
                shape = f'circle cx="{a:.1f}" cy="{b:.1f}" r="{radius:g}"'
            place.append(f'<{shape} style="{style}"/>')

    def cross(self, x: Number, y: Number) -> None:
        """Draws a cross at a place."""
        a, b = self.at(x, y)
        style = "stroke:var(--tb-ink);stroke-width:2"
        self.inside.append(f'<path d="M{a - 7:.1f} {b:.1f}h14M{a:.1f} {b - 7:.1f}v14" style="{style}"/>')

    def note(self, text: str, colour: str = "var(--tb-ink)") -> None:
        """Writes a note over the drawing."""
        self.above.append(
            text_element(text, (self.left + self.right) / 2, self.top + 20, middle=True, bold=True, colour=colour)
        )

    def holds(self, x: Number, y: Number) -> bool:
        """Returns True if a place is in view."""
        left, right, bottom, top = self.view
        return left <= x <= right and bottom <= y <= top

    def svg(self) -> str:
        """Returns the axes with everything that was drawn."""
        wide, high = self.right - self.left, self.bottom - self.top
        box = f'x="{self.left:g}" y="{self.top:g}" width="{wide:g}" height="{high:g}"'
        # The same drawing has the same name wherever it is made, for a stored state is compared.
        name = f"tb-inside-{zlib.crc32(repr((box, self.inside)).encode()):08x}"
        parts = [f'<clipPath id="{name}"><rect {box}/></clipPath>', *self._ticks()]
        parts.append(f'<g clip-path="url(#{name})">{"".join(self.inside)}</g>')
        parts.append(f'<rect {box} fill="none" style="stroke:var(--tb-line)"/>')
        quiet = "var(--tb-quiet)"
        if self.across:
            parts.append(text_element(self.across, (self.left + self.right) / 2, self.foot, middle=True, colour=quiet))
        if self.up:
            parts.append(text_element(self.up, self.left, self.top - 8, colour=quiet))
        return "".join([*parts, *self.above])

    def drawing(self, width: Number, height: Number, alternative: str) -> str:
        """Returns the axes as a whole SVG."""
        return drawing(width, height, alternative, self.svg())

    def _ticks(self) -> list[str]:
        left, right, bottom, top = self.view
        line, parts = 'style="stroke:var(--tb-line);stroke-opacity:.55"', []
        columns = ticks(left, right, max(2, (self.right - self.left) / 70))
        for tick, label in zip(columns, tick_labels(columns)):
            x = self.at(tick, bottom)[0]
            parts.append(f'<path d="M{x:.1f} {self.top:g}V{self.bottom:g}" {line}/>')
            parts.append(text_element(label, x, self.bottom + 15, middle=True, colour="var(--tb-quiet)", size=11))
        rows = ticks(bottom, top, max(2, (self.bottom - self.top) / 40), logarithmic=self.logarithmic)
        for tick, label in zip(rows, tick_labels(rows)):
            y = self.at(left, tick)[1]
            parts.append(f'<path d="M{self.left:g} {y:.1f}H{self.right:g}" {line}/>')
            parts.append(text_element(label, self.left - 6, y + 4, end=True, colour="var(--tb-quiet)", size=11))
        return parts


def drawing(width: Number, height: Number, alternative: str, *parts: str) -> str:
    """Returns the parts as a whole SVG of a size in pixels, with its description in words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(alternative)}">{"".join(parts)}</svg>'
    )


def rectangle(x: Number, y: Number, width: Number, height: Number, style: str, *, round: Number = 0) -> str:
    """Returns an SVG rectangle, `round` at its corners."""
    corners = f' rx="{round:g}"' if round else ""
    box = f'x="{_short(x)}" y="{_short(y)}" width="{_short(width)}" height="{_short(height)}"'
    return f'<rect {box}{corners} style="{style}"/>'


def image(
    address: str, x: Number, y: Number, width: Number, height: Number, *, stretched: bool = False, sharp: bool = False
) -> str:
    """Returns an SVG image in a rectangle: in its own proportions or `stretched`, smooth or with `sharp` pixels."""
    proportions = ' preserveAspectRatio="none"' if stretched else ""
    pixels = ' style="image-rendering:pixelated"' if sharp else ""
    return f'<image x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{proportions}{pixels} href="{address}"/>'


def corners_of(box: Sequence[Number]) -> list[Place]:
    """Returns the corners of a box (left, right, bottom, top) in the units of the data, for `Axes.region`."""
    left, right, bottom, top = box
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


def half_plane(weights: Sequence[Number], view: Sequence[Number]) -> tuple[list[Place], list[Place]]:
    """Returns the corners of the part of a view (left, right, bottom, top) where `w1 x + w2 y + b` is at least 0, and
    the two ends of the line where it is 0; both are empty where there is no such place."""
    w1, w2, b = weights
    corners = corners_of(view)
    side, ends = [], []
    for (x, y), (next_x, next_y) in zip(corners, [*corners[1:], corners[0]]):
        here, there = w1 * x + w2 * y + b, w1 * next_x + w2 * next_y + b
        side += [(x, y)] * (here >= 0)
        if (here >= 0) != (there >= 0):
            share = here / (here - there)
            ends.append((x + share * (next_x - x), y + share * (next_y - y)))
            side.append(ends[-1])
    return side, ends


def text_element(
    text: str,
    x: Number,
    y: Number,
    *,
    middle: bool = False,
    end: bool = False,
    bold: bool = False,
    colour: str = "var(--tb-ink)",
    size: int = 12,
) -> str:
    """Returns an SVG text element at a place."""
    anchor = "middle" if middle else "end" if end else "start"
    edge = ";paint-order:stroke;stroke:var(--tb-paper);stroke-width:4px" if bold else ""
    style = f"fill:{colour};font:{600 if bold else 400} {size}px system-ui,sans-serif{edge}"
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{style}">{escape(text)}</text>'


def ticks(low: Number, high: Number, count: Number, *, logarithmic: bool = False) -> list[Number]:
    """Returns about `count` round numbers from `low` to `high`; powers of ten on a logarithmic axis."""
    if logarithmic:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        powers = [10.0**power for power in range(first, last + 1, max(1, math.ceil((last - first + 1) / count)))]
        return powers if len(powers) > 1 else [tick for tick in ticks(low, high, 3) if tick > 0]
    rough = (high - low) / count or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    return [multiple * step for multiple in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def tick_labels(values: Sequence[Number], digits: int = 3) -> list[str]:
    """Returns the labels of ticks: three digits, or as many more as tell them apart."""
    labels = [_tick_label(value, digits) for value in values]
    return labels if len(set(labels)) == len(labels) or digits == 12 else tick_labels(values, digits + 1)


def _tick_label(value: Number, digits: int) -> str:
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{float(f'{value:.{digits}g}'):.12f}".rstrip("0").rstrip(".").replace("-", "−")
    number, power = f"{value:.{digits - 1}e}".split("e")
    return f"{number.rstrip('0').rstrip('.')}e{int(power)}".replace("-", "−")


def _short(value: Number) -> str:
    return f"{value:.1f}".removesuffix(".0")
