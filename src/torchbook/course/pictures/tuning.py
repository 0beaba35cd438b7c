"""`Tuning`: a map of how many steps each pair of two knobs takes, and the paths of the pair that is chosen."""

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

import traitlets
from torch import Tensor

from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.recording import Recording
from torchbook.course.pictures.scenes import Contour, Numbers, as_list, range_with_margin
from torchbook.course.pictures.still_axes import Axes, corners_of
from torchbook.course.pictures.valley import Valley
from torchbook.errors import TorchbookError

SHARES = (0.1, 0.2, 0.4, 1.0)  # of the longest path: where the colours of the map change


class Tuning(Valley, parts=("axes.js", "moving.js", "playing.js", "scenes.js", "valley_paths.js")):
    """A `Valley` whose paths follow from a step size and a momentum, with a map in the place of the losses.

        Tuning(contour, walk, steps=needed, rates=rates, momenta=momenta, rate=1.0, momentum=0.5, place="valley")

    `steps` is `[momenta, rates]`, how many steps each pair of `momenta` and `rates` (both ascending and evenly spaced)
    takes until it has arrived, infinite where it diverges and NaN where it is still under way at the end. The reader
    chooses a pair there or by two sliders; `tuning.rate`, `tuning.momentum` and `tuning.takes` follow, and `walk`, a
    function of both, is called for the paths.

    Raises:
        TorchbookError: there is no path or more than four, or `steps` has another shape.
    """

    answers = True
    chart = traitlets.Dict().tag(sync=True)
    column = traitlets.Int(0).tag(sync=True)
    row = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        contour: Contour,
        walk: Callable[[float, float], Mapping[str, Recording]],
        *,
        steps: Tensor,
        rates: Numbers,
        momenta: Numbers,
        rate: float | int,
        momentum: float | int,
        place: str = "",
    ):
        self.walk = walk
        across, up = as_list(rates), as_list(momenta)
        if tuple(steps.shape) != (len(up), len(across)):
            raise TorchbookError(
                f"steps must be [{len(up)}, {len(across)}], one for each pair, got {list(steps.shape)}"
            )
        cells = [[-2 if math.isnan(n) else -1 if math.isinf(n) else int(n) for n in line] for line in steps.tolist()]
        view = [end for values in (across, up) for end in range_with_margin(values, 0.5 / (len(values) - 1))]
        chart = {"rates": across, "momenta": up, "steps": cells, "shares": list(SHARES), "view": view}
        column, row = _nearest(across, rate), _nearest(up, momentum)
        paths = walk(across[column], up[row])
        super().__init__(contour, paths, place=place, chart=chart, column=column, row=row)

    @property
    def rate(self) -> float:
        """The step size that was chosen in the map."""
        return self.chart["rates"][self.column]

    @property
    def momentum(self) -> float:
        """The momentum that was chosen in the map."""
        return self.chart["momenta"][self.row]

    @property
    def takes(self) -> str:
        """What becomes of the pair that was chosen, in words: `arrives after 35 steps`."""
        count = self.chart["steps"][self.row][self.column]
        return {-2: "has not arrived yet at the end", -1: "diverges"}.get(count, f"arrives after {count} steps")

    @traitlets.observe("column", "row")
    def _follow(self, _: Any = None) -> None:
        self.take(self.walk(self.rate, self.momentum))

    def _chosen(self) -> str:
        return f" Step size {brief(self.rate)} with momentum {brief(self.momentum)} {self.takes}."

    def _beside(self, box: tuple[float, float, float, float]) -> str:
        rates, momenta, steps = (self.chart[name] for name in ("rates", "momenta", "steps"))
        wide, high = (rates[1] - rates[0]) / 2, (momenta[1] - momenta[0]) / 2
        most = max(map(max, steps))
        area = Axes(*box, view=self.chart["view"], across="step size", up="momentum")
        pairs = [(x, y, count) for y, line in zip(momenta, steps) for x, count in zip(rates, line)]
        for level, (least, share) in enumerate(itertools.pairwise([0.0, *SHARES])):
            inside = [(x, y) for x, y, count in pairs if least * most < count <= share * most]
            cells = [corners_of((x - wide, x + wide, y - high, y + high)) for x, y in inside]
            area.region(cells, f"fill:var(--tb-blue);fill-opacity:{0.9 - 0.25 * level:.2f}")
        for x, y in ((x, y) for x, y, count in pairs if count == -1):
            area.line([x - wide / 2, x + wide / 2], [y - high / 2, y + high / 2], "stroke:var(--tb-quiet)")
        area.dot(self.rate, self.momentum, 7, "fill:var(--tb-paper);stroke:var(--tb-orange);stroke-width:3")
        return area.svg()


def _nearest(values: list[float], wanted: float) -> int:
    return min(range(len(values)), key=lambda index: abs(values[index] - wanted))
