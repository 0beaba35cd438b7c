"""The scenes that a `Stepper` draws for each recorded step: a plot, a path over contour lines, a field, places
with names, or pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from torchbook.errors import TorchbookError

Numbers = Tensor | np.ndarray | Sequence[float | int]


@dataclass(frozen=True)
class Plot:
    """Points that stay, and a curve or a marker that moves.

    `curve` is the name of a recorded curve and `grid` where its values lie, ascending. `points` are (x, y); with
    `errors` a line leads from each point to the curve. `still` is a curve (x, y) that stays. `marker` are the names of
    two recorded numbers, (x, y), and `tangent` is the name of the slope there, for a line through the marker. `across`
    and `up` are what the axes show, `view` is (left, right, bottom, top).

    The ball of gradient descent on its loss curve, with its tangent:

        recording.add(loss=loss, w=w, slope=slope)
        Plot(still=(weights, losses), marker=("w", "loss"), tangent="slope")
    """

    curve: str = ""
    grid: Numbers = ()
    points: tuple[Numbers, Numbers] = ((), ())
    errors: bool = False
    still: tuple[Numbers, Numbers] = ((), ())
    marker: tuple[str, str] | tuple[()] = ()
    tangent: str = ""
    across: str = ""
    up: str = ""
    view: tuple[float, float, float, float] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names that must have been recorded."""
        return (*filter(None, (self.curve, self.tangent)), *self.marker)

    def packed(self) -> dict[str, Any]:
        """Returns the scene for a page that draws it, ready to send."""
        plotted = {
            "points": [as_list(values) for values in self.points],
            "still": [as_list(values) for values in self.still],
        }
        return {
            "kind": "plot",
            "curve": self.curve,
            "grid": as_list(self.grid),
            **plotted,
            "errors": self.errors,
            "marker": list(self.marker),
            "tangent": self.tangent,
            "across": self.across,
            "up": self.up,
            "view": list(self.view) if self.view else self._view(plotted),
        }

    def _view(self, plotted: dict[str, list[list[float]]]) -> list[float]:
        if self.tangent and not self.marker:
            raise TorchbookError(f"the tangent {self.tangent} needs a marker, which it leads through")
        x = [*plotted["points"][0], *plotted["still"][0]] or as_list(self.grid)
        y = [*plotted["points"][1], *plotted["still"][1]]
        if not x or not y:
            raise TorchbookError(
                "a Plot without points and without a curve that stays needs a view: left, right, bottom, top"
            )
        return [*range_with_margin(x), *range_with_margin(y)]


@dataclass(frozen=True)
class Contour:
    """The loss over two parameters, as lines of equal height, and the path that a training took there.

    `heights` is `[len(y), len(x)]`, one loss for each pair; `path` are the names of the two recorded numbers, (x, y).
    `lowest` is a place to mark. The lines are close where the loss is small: they are evenly spaced in its logarithm.
    """

    heights: Numbers
    x: Numbers
    y: Numbers
    path: tuple[str, str]
    across: str = ""
    up: str = ""
    lowest: tuple[float, float] | None = None
    lines: int = 12

    @property
    def names(self) -> tuple[str, ...]:
        """The names that must have been recorded."""
        return self.path

    def packed(self) -> dict[str, Any]:
        """Returns the scene for a page that draws it, ready to send."""
        heights, x, y = (np.asarray(values, dtype=np.float64) for values in (self.heights, self.x, self.y))
        if heights.shape != (len(y), len(x)):
            raise TorchbookError(f"heights must be [{len(y)}, {len(x)}], one for each pair, got {list(heights.shape)}")
        return {
            "kind": "contour",
            "levels": _levels(heights, x, y, self.lines),
            "path": list(self.path),
            "across": self.across,
            "up": self.up,
            "lowest": list(self.lowest) if self.lowest else None,
            "view": [float(x[0]), float(x[-1]), float(y[0]), float(y[-1])],
        }


@dataclass(frozen=True)
class Pictures:
    """Recorded pictures, `columns` of them in a row, each with its label where there are `labels`."""

    name: str
    columns: int = 8
    labels: Sequence[str] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names that must have been recorded."""
        return (self.name,)

    def packed(self) -> dict[str, Any]:
        """Returns the scene for a page that draws it, ready to send."""
        return {"kind": "pictures", "name": self.name, "columns": self.columns, "labels": list(self.labels)}


@dataclass(frozen=True)
class Field:
    """The score of a network at each place of a plane, coloured by its sign, and points of two classes.

    `scores` is the name of a recorded curve of `side * side` values between -1 and 1, row by row from the bottom of
    the plane, evenly spaced from edge to edge of `view` (left, right, bottom, top); `side` follows from its length.
    `points` are (x, y) and `labels` their classes, +1 or -1.
    """

    scores: str
    points: tuple[Numbers, Numbers]
    labels: Numbers
    view: tuple[float, float, float, float]
    across: str = ""
    up: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that must have been recorded."""
        return (self.scores,)

    def packed(self) -> dict[str, Any]:
        """Returns the scene for a page that draws it, ready to send."""
        return {
            "kind": "field",
            "scores": self.scores,
            "points": [as_list(values) for values in self.points],
            "labels": as_list(self.labels),
            "across": self.across,
            "up": self.up,
            "view": list(self.view),
        }


@dataclass(frozen=True)
class Named:
    """Places with names that move over a plane, such as the rows of an embedding while they are learned.

    `x` and `y` are the names of two recorded curves that have a value for each of `labels`. `view` is (left, right,
    bottom, top). `path` are indices of labels, through which a thin line is drawn.
    """

    x: str
    y: str
    labels: Sequence[str]
    view: tuple[float, float, float, float]
    path: Sequence[int] = ()
    across: str = ""
    up: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that must have been recorded."""
        return (self.x, self.y)

    def packed(self) -> dict[str, Any]:
        """Returns the scene for a page that draws it, ready to send."""
        return {
            "kind": "named",
            "x": self.x,
            "y": self.y,
            "labels": list(self.labels),
            "path": list(self.path),
            "across": self.across,
            "up": self.up,
            "view": list(self.view),
        }


Scene = Plot | Contour | Field | Pictures | Named


def as_list(values: Numbers) -> list[float]:
    """Returns numbers as a list of floats."""
    return [float(value) for value in (values.tolist() if isinstance(values, Tensor | np.ndarray) else values)]


def range_with_margin(values: list[float], share: float = 0.08) -> tuple[float, float]:
    """Returns the range of the values with a margin on both sides, a share of the range."""
    low, high = min(values), max(values)
    margin = share * (high - low) or 1.0
    return low - margin, high + margin


def _levels(heights: np.ndarray, x: np.ndarray, y: np.ndarray, count: int) -> list[dict[str, Any]]:
    """Returns the regions below each level as rings of corners, from the highest level down."""
    from contourpy import FillType, contour_generator

    low, high = float(heights.min()), float(heights.max())
    base = max(low, 1e-6 * high, 1e-12)
    generator = contour_generator(x, y, heights, fill_type=FillType.OuterOffset)
    levels = []
    for level in np.geomspace(base * 1.04, high, count)[::-1]:
        rings, corners = [], []
        for points, offsets in zip(*generator.filled(low - 1, level)):
            rings += np.diff(offsets).tolist()
            corners.append(points)
        data = np.concatenate(corners).astype("<f4").tobytes() if corners else b""
        levels.append({"level": float(level), "rings": rings, "data": data})
    return levels
