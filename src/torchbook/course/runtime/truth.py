"""What a guess is compared with: the number or the curve that a document computes."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy
from torch import Tensor

from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.still_axes import Axes
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.output import in_prose, without_styles
from torchbook.course.texts.document_parts import TrueCurve, TrueNumber

WIDE, HIGH = 660, 300  # pixels of a still
MOST = 1_000  # points of a curve
_FAR = 1e30  # stands for an infinite height: it leaves every drawing


def true_number(part: TrueNumber, value: Any) -> Fragment:
    """Returns the number as text, and in the state as what a reader would have to give, a percentage as such.

    Raises:
        ValueError: it is no finite number.
    """
    number = _plain(value)
    while isinstance(number, list) and len(number) == 1:  # a tensor with a single number
        number = number[0]
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise ValueError(f"a guess is compared with a finite number, got {value!r}")
    if part.value.format:
        text = in_prose(number, part.value)
    elif isinstance(number, int):
        text = f"{number:,}".replace("-", "−")
    else:
        text = brief(number)
        text = f"{number:.3g}".replace("-", "−") if "$" in text else text
    # The guess is compared with what is shown, which is the same on every machine.
    shown = text.rstrip("%").replace(",", "").replace("_", "").replace("−", "-")
    try:
        return Fragment(values=(text,), state={"number": float(shown)})
    except ValueError:
        raise ValueError(f"the format {part.value.format!r} writes {text!r}, which is no number") from None


def true_curve(part: TrueCurve, value: Any) -> Fragment:
    """Returns the drawing of the curve, its words, and in the state its places `x` and heights `y`.

    Raises:
        ValueError: it is none, or none that can be drawn.
    """
    xs, ys = _points(value)
    if not 2 <= len(ys) <= MOST or len(xs) != len(ys):
        raise ValueError(f"a curve has from 2 to {MOST:,} points, got {len(xs)} places and {len(ys)} heights")
    if any(not math.isfinite(x) for x in xs) or any(a >= b for a, b in itertools.pairwise(xs)):
        raise ValueError("the places of a curve rise from left to right")
    across, up = part.across, part.up
    axes = Axes(*(0, 0, WIDE, HIGH), view=(across.low, across.high, up.low, up.high), across=across.name, up=up.name)
    axes.line(xs, ys, "stroke:var(--tb-green);stroke-width:3;stroke-linejoin:round")
    words = _in_words(part, xs, ys)
    drawing = f'<figure class="tb-picture">{without_styles(axes.drawing(WIDE, HIGH, words))}</figure>'
    # What is not a number has no place in JSON, and what is infinite leaves the drawing.
    heights = [None if math.isnan(y) else max(-_FAR, min(_FAR, y)) for y in ys]
    return Fragment(drawing=drawing, alternative=words, state={"x": xs, "y": heights})


def _points(value: Any) -> tuple[list[float], list[float]]:
    """Returns the places and heights of a value: one list of heights, or two lists."""
    value = _plain(value)
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise ValueError(f"a curve is a list of heights, or two lists, got {type(value).__name__}")
    both = [_plain(each) for each in value]
    if len(both) == 2 and all(isinstance(each, Sequence) for each in both):
        xs, ys = both
    else:
        xs, ys = list(range(len(both))), both
    try:
        return [_rounded(x, 6) for x in xs], [_rounded(y, 4) for y in ys]
    except TypeError:
        raise ValueError("a curve is a list of numbers, or two of them: the places, and the heights") from None


def _plain(value: Any) -> Any:
    """Returns a tensor or an array as a number or nested lists, anything else as it is."""
    if isinstance(value, Tensor):
        value = value.detach()
    return value.tolist() if isinstance(value, Tensor | numpy.ndarray | numpy.generic) else value


def _rounded(value: Any, digits: int) -> float:
    """Returns a number with no more digits than can be seen in a drawing: they are the same on every machine."""
    number = float(_plain(value))
    return float(f"{number:.{digits}g}") if math.isfinite(number) else number


def _in_words(part: TrueCurve, xs: Sequence[float], ys: Sequence[float]) -> str:
    """Returns where a curve begins and ends, and its lowest and highest place in between."""
    points = [(x, y) for x, y in zip(xs, ys) if not math.isnan(y)]
    if not points:
        return f"{part.up.name} against {part.across.name}: not a number anywhere."
    first, last = points[0], points[-1]
    lowest, highest = (extreme(points, key=lambda point: point[1]) for extreme in (min, max))
    turns = [
        f"{name} {_brief(y)} at {_brief(x)}"
        for name, (x, y) in (("lowest", lowest), ("highest", highest))
        if y not in (first[1], last[1])
    ]
    words = f"from {_brief(first[1])} at {_brief(first[0])} to {_brief(last[1])} at {_brief(last[0])}"
    return f"{part.up.name} against {part.across.name}: {', '.join([words, *turns])}."


def _brief(number: float) -> str:
    text = f"{number:.3g}" if math.isfinite(number) else "infinity" if number > 0 else "minus infinity"
    if "e" in text and abs(number) < 1e15 and abs(number) >= 1:
        text = f"{number:,.0f}"
    return text.replace("-", "−")
