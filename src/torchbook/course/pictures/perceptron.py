"""`Perceptron`: two classes of points, and a line that moves towards each point that it gets wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets
from torch import Tensor

from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.scenes import Numbers, as_list, range_with_margin
from torchbook.course.pictures.still_axes import Axes, corners_of, half_plane
from torchbook.errors import TorchbookError

LONGEST = 300  # corrections that are looked ahead, where the rule neither ends nor comes back


class Perceptron(Picture, parts=("axes.js", "moving.js", "playing.js")):
    """Points of two classes, 1 and 0, and a perceptron that answers 1 where `w1 x1 + w2 x2 + b` is at least 0.

    The reader clicks a wrong point, and `rate` times it is added to the weights or taken away (Rosenblatt, 1958). What
    they leave is corrected by the rule, which looks at the points in order. A scrubber goes through all corrections.

        Perceptron({"two crowds": (points, labels)}, start=(1, -1, 0), rate=0.2, place="crowds")
        Perceptron({"AND": (corners, [0, 0, 0, 1]), "OR": (corners, [0, 1, 1, 1])}, place="gates")

    `points` are `[n, 2]`, `start` is (w1, w2, b). `rows` are the points that are corrected one after the other and
    `states` the weights before and after each; `state` and `wrong` are those at the `step` where the reader is.
    `cycle` is (first step, length) where the rule comes back to where it has been, else None.

    Raises:
        TorchbookError: there are no points, not as many labels as points, or a label is neither 0 nor 1.
    """

    sets = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    start = traitlets.List(traitlets.Float()).tag(sync=True)
    rate = traitlets.Float(1.0).tag(sync=True)
    view: Any = traitlets.List().tag(sync=True)
    clicks = traitlets.List(traitlets.Int()).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        sets: Mapping[str, tuple[Sequence[Sequence[float | int]] | Tensor, Numbers]],
        *,
        start: Sequence[float | int] = (0, 0, 0),
        rate: float | int = 1.0,
        place: str = "",
    ):
        packed = {
            name: [*(list(map(float, column)) for column in zip(*points)), as_list(labels)]
            for name, (points, labels) in sets.items()
        }
        for name, (x, *_, labels) in packed.items():
            if len(x) != len(labels) or not set(labels) <= {0, 1}:
                raise TorchbookError(f"{name}: expected a label, 0 or 1, for each of {len(x)} points, got {labels}")
        columns = [[value for points in packed.values() for value in points[axis]] for axis in (0, 1)]
        view = [end for values in columns for end in range_with_margin(values, 0.2)]
        numbers = {"start": list(map(float, start)), "rate": float(rate), "view": view}
        super().__init__(sets=packed, chosen=next(iter(packed)), place=place, **numbers)

    @traitlets.observe("sets", "chosen", "start", "rate", "clicks", "step")
    def _walk(self, _: Any = None) -> None:
        """Follows the reader's clicks, and then the rule: to its end, or twice more through its cycle."""
        self.points = list(zip(*self.sets[self.chosen])) if self.chosen else []
        self.rows: list[int] = []
        self.states, self.cycle, end = [self.start], None, LONGEST
        keys: list[tuple[float, ...]] = []
        while (wrong := self._wrong(self.states[-1])) and len(self.rows) < end:
            done, following = len(self.rows), self.rows[-1] + 1 if self.rows else 0
            clicked = self.clicks[done] if done < len(self.clicks) else -1
            row = clicked if clicked in wrong else min(wrong, key=lambda row: (row - following) % len(self.points))
            key = (following % len(self.points), *(round(number, 6) for number in self.states[-1]))
            if self.cycle is None and key in keys[len(self.clicks) :]:  # clicks do not come back
                first = keys.index(key, len(self.clicks))
                self.cycle, end = (first, done - first), 3 * done - 2 * first
            keys.append(key)
            x, y, label = self.points[row]
            way = self.rate * (2 * label - 1)
            self.rows.append(row)
            self.states.append([number + way * move for number, move in zip(self.states[-1], (x, y, 1))])
        self.state = self.states[min(self.step, len(self.rows))]
        self.wrong = len(self._wrong(self.state))
        w1, w2, b = map(brief, self.state)
        self.alternative = (
            f"{self.chosen}: {len(self.points)} points of two classes, {self.wrong} of them on the wrong side, after "
            f"{self.step} corrections. The weights are {w1} and {w2}, the bias is {b}."
        )

    def _wrong(self, state: Sequence[float]) -> list[int]:
        w1, w2, b = state or (0, 0, 0)
        return [row for row, (x, y, label) in enumerate(self.points) if (w1 * x + w2 * y + b >= -1e-9) != label]

    def still(self) -> str:
        """Draws the points, the two sides and the line as SVG."""
        area = Axes(0, 0, 680, 420, view=self.view, across="x₁", up="x₂")
        area.region([corners_of(self.view)], "fill:var(--tb-orange-soft)")
        side, _ = half_plane(self.state, self.view)
        if side:
            area.region([side], "fill:var(--tb-blue-soft);stroke:var(--tb-ink);stroke-width:2")
        wrong = self._wrong(self.state)
        for row, (x, y, label) in enumerate(self.points):
            if row in wrong:
                area.dot(x, y, 13, "fill:none;stroke:var(--tb-ink);stroke-width:2")
            colour = "var(--tb-blue)" if label else "var(--tb-orange)"
            area.dot(x, y, 7, f"fill:{colour};stroke:var(--tb-paper);stroke-width:1.5", square=not label)
        return area.drawing(680, 420, self.alternative)
