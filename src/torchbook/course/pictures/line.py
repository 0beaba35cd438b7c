"""`Line`: points, and a line that is laid through them by hand, with its errors and its loss."""

import statistics
from collections.abc import Sequence
from typing import Any

import traitlets

from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.scenes import Numbers, as_list, range_with_margin
from torchbook.course.pictures.still_axes import Axes, corners_of
from torchbook.errors import TorchbookError

WIDE, HIGH = 680, 400


class Line(Picture, parts=("axes.js", "moving.js")):
    """A line `slope * x + intercept` over points, which the reader drags: at its ends to turn it, anywhere else to lift
    it. Its errors and its loss, the mean squared error, follow.

    It is a source of values. In a document a hidden cell makes it, `::: picture` shows it, and what uses it runs again
    whenever the line has been moved:

        line = Line((celsius, fahrenheit), slope=0.0, intercept=50.0, across="°C", up="°F")     # in a hidden cell
        ::: picture line
        Your line has a loss of {{ line.loss }}, with a slope of {{ line.slope }}.

    A stage cell that trains from `line.slope` and `line.intercept` begins where the reader has put the line. `best` is
    the loss to beat, if the picture is to say it. `view` is (left, right, bottom, top). With `squares` each error is
    drawn as the square that the loss adds up; with `loose` the points can be dragged too, and the line with the
    smallest loss follows them, dashed.

    Raises:
        TorchbookError: there are no points, or not as many x as y.
    """

    points: Any = traitlets.List().tag(sync=True)
    slope = traitlets.Float(0.0).tag(sync=True)
    intercept = traitlets.Float(0.0).tag(sync=True)
    across = traitlets.Unicode("").tag(sync=True)
    up = traitlets.Unicode("").tag(sync=True)
    view: Any = traitlets.List().tag(sync=True)
    best = traitlets.Float(None, allow_none=True).tag(sync=True)
    squares = traitlets.Bool(False).tag(sync=True)
    loose = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        points: tuple[Numbers, Numbers],
        *,
        slope: float | int = 0.0,
        intercept: float | int = 0.0,
        across: str = "x",
        up: str = "y",
        view: Sequence[float | int] | None = None,
        best: float | None = None,
        squares: bool = False,
        loose: bool = False,
        place: str = "",
    ):
        x, y = map(as_list, points)
        if not x or len(x) != len(y):
            raise TorchbookError(f"a line is laid through points: expected as many y as x, got {len(x)} and {len(y)}")
        super().__init__(
            points=[x, y],
            slope=float(slope),
            intercept=float(intercept),
            across=across,
            up=up,
            view=list(view) if view else [*range_with_margin(x), *range_with_margin(y)],
            best=best,
            squares=squares,
            loose=loose,
            place=place,
        )

    @property
    def loss(self) -> float:
        """The mean squared error of the line as it lies now."""
        errors = [self.slope * x + self.intercept - y for x, y in zip(*self.points)]
        return sum(error**2 for error in errors) / len(errors)

    @traitlets.observe("slope", "intercept", "points")
    def _update_alternative(self, _: Any) -> None:
        if self.points:
            self.alternative = (
                f"{len(self.points[0])} points and a line with slope {brief(self.slope)} and intercept "
                f"{brief(self.intercept)}. Its loss, the mean squared error, is {brief(self.loss)}."
            )

    def still(self) -> str:
        """Draws the points and the line with its errors as SVG."""
        area = Axes(0, 0, WIDE, HIGH, view=self.view, across=self.across, up=self.up)
        per_pixel = (self.view[1] - self.view[0]) / (area.right - area.left)
        for x, y in zip(*self.points):
            on_line = self.slope * x + self.intercept
            if self.squares:
                far = x + per_pixel * abs(area.at(x, y)[1] - area.at(x, on_line)[1])
                area.region([corners_of((x, far, y, on_line))], "fill:var(--tb-blue);fill-opacity:.12")
            area.line([x, x], [y, on_line], "stroke:var(--tb-blue);stroke-width:1.5;stroke-opacity:.45")
        ends = [self.view[0], self.view[1]]
        if self.loose and len(set(self.points[0])) > 1:
            slope, intercept = statistics.linear_regression(*self.points)
            area.line(ends, [slope * x + intercept for x in ends], "stroke:var(--tb-quiet);stroke-dasharray:6 5")
        area.line(ends, [self.slope * x + self.intercept for x in ends], "stroke:var(--tb-blue);stroke-width:2.5")
        for x, y in zip(*self.points):
            area.dot(x, y, 4, "fill:var(--tb-ink);stroke:var(--tb-paper);stroke-width:1.5")
        return area.drawing(WIDE, HIGH, self.alternative)
