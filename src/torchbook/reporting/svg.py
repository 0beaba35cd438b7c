"""Small drawings as SVG text: sharp at any size, and light or dark with the page they stand in."""

import math
from collections.abc import Mapping, Sequence
from html import escape

# Colours that stay apart for most people with a colour vision deficiency (Okabe and Ito).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
WIDTH, HEIGHT = 420, 230
LEFT, RIGHT, TOP, BOTTOM = 52, 84, 14, 34


def lines(
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    x: str,
    y: str,
    label: str,
    colours: Mapping[str, str] | None = None,
) -> str:
    """Curves with their names at their ends: `series` maps a name to its x and y values, `colours` to a colour of
    CSS; what has none takes the next of the usual ones.
    """
    frame = _Frame([v for xs, _ in series.values() for v in xs], [v for _, ys in series.values() for v in ys], x, y)
    parts: list[str] = []
    taken: list[float] = []
    for (name, (xs, ys)), colour in zip(series.items(), COLOURS * 9):
        colour = (colours or {}).get(name, colour)
        places = [frame.place(a, b) for a, b in zip(xs, ys)]
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{_path(places)}"/>')
        end_x, end_y = places[-1]
        aside = 1 if end_y < HEIGHT / 2 else -1  # towards the middle: below the axis are its numbers
        while any(abs(end_y - other) < 13 for other in taken):
            end_y += aside
        taken.append(end_y)
        parts.append(
            f'<text x="{end_x + 5:.1f}" y="{end_y + 4:.1f}" fill="{colour}" font-size="12">{escape(name)}</text>'
        )
    return frame.drawing(parts, label)


def scatter(
    points: Sequence[tuple[float, float]], line: Sequence[tuple[float, float]], *, x: str, y: str, label: str
) -> str:
    """Points, and a line through them."""
    frame = _Frame([p[0] for p in [*points, *line]], [p[1] for p in [*points, *line]], x, y)
    ends = _path([frame.place(*point) for point in line])
    parts = [f'<polyline fill="none" stroke="{COLOURS[1]}" stroke-width="2" points="{ends}"/>']
    for point in points:
        a, b = frame.place(*point)
        parts.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{COLOURS[0]}"/>')
    return frame.drawing(parts, label)


def _path(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in places)


class _Frame:
    """Axes with round numbers."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float], x: str, y: str):
        self.x, self.y = x, y
        self.xs, self.ys = (min(xs), max(xs)), (min(ys), max(ys))
        if self.xs[0] == self.xs[1]:
            self.xs = (self.xs[0] - 1, self.xs[1] + 1)
        if self.ys[0] == self.ys[1]:
            self.ys = (self.ys[0] - 1, self.ys[1] + 1)

    def place(self, a: float, b: float) -> tuple[float, float]:
        across = (a - self.xs[0]) / (self.xs[1] - self.xs[0])
        up = (b - self.ys[0]) / (self.ys[1] - self.ys[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    def drawing(self, parts: Sequence[str], label: str) -> str:
        grid = []
        for value in _ticks(*self.ys):
            _, b = self.place(self.xs[0], value)
            grid.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{b:.1f}" y2="{b:.1f}"/>')
            grid.append(f'<text x="{LEFT - 6}" y="{b + 4:.1f}" text-anchor="end">{value:g}</text>')
        for value in _ticks(*self.xs):
            a, _ = self.place(value, self.ys[0])
            grid.append(f'<text x="{a:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{value:g}</text>')
        middle = (WIDTH - RIGHT + LEFT) / 2
        grid.append(f'<text x="{middle}" y="{HEIGHT - 3}" text-anchor="middle">{escape(self.x)}</text>')
        grid.append(
            f'<text transform="translate(12 {TOP + 84}) rotate(-90)" text-anchor="middle">{escape(self.y)}</text>'
        )
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
            f'<g class="axes" font-size="11">{"".join(grid)}</g>{"".join(parts)}</svg>'
        )


def _ticks(low: float, high: float) -> list[float]:
    """Three to seven round numbers (1, 2 or 5 times a power of ten apart) from low to high."""
    power = 10.0 ** math.floor(math.log10((high - low) / 3))
    step = next(power * times for times in (5, 2, 1) if (high - low) / (power * times) >= 3)
    first = math.ceil(low / step - 1e-9)
    return [round(step * number, 10) for number in range(first, math.floor(high / step + 1e-9) + 1)]
