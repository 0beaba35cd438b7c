"""`Valley`: the paths of several optimizers over one loss, and a map of how many steps each pair of two knobs takes."""

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import traitlets
from torch import Tensor

from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.recording import Recording
from torchbook.course.pictures.scenes import Contour, Numbers, as_list, range_with_margin
from torchbook.course.pictures.stepper_still import COLOURS, contour, losses
from torchbook.course.pictures.still_axes import Axes, corners_of, drawing, text_element
from torchbook.errors import TorchbookError

WIDE, HIGH, ROW = 1000, 400, 20
MARKS = "●■▲◆"  # of the paths, so that their colour is not alone
SHARES = (0.1, 0.2, 0.4, 1.0)  # of the longest path: where the colours of the map change


class Valley(Picture, parts=("axes.js", "moving.js", "playing.js", "scenes.js")):
    """Up to four paths from above, over one `contour`, and their losses.

        Valley(contour, {"plain": recording, "Adam": another}, place="race")

    With `steps` the losses give way to a map: `steps` is `[momenta, rates]`, how many steps each pair of `momenta` and
    `rates` (both ascending and evenly spaced) takes until it has arrived, infinite where it diverges and NaN where it
    is still under way at the end. The reader chooses a pair there or by two sliders; `valley.rate`, `valley.momentum`
    and `valley.takes` follow, and `runs`, then a function of rate and momentum, is called for the paths.

    Raises:
        TorchbookError: there is no path or more than four, or `steps` has another shape.
    """

    answers = True
    scene = traitlets.Dict().tag(sync=True)
    runs = traitlets.List(traitlets.Dict()).tag(sync=True)
    chart = traitlets.Dict().tag(sync=True)
    column = traitlets.Int(0).tag(sync=True)
    row = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        contour: Contour,
        runs: Mapping[str, Recording] | Callable[[float, float], Mapping[str, Recording]],
        *,
        steps: Tensor | None = None,
        rates: Numbers = (),
        momenta: Numbers = (),
        rate: float | int = 0.0,
        momentum: float | int = 0.0,
        place: str = "",
    ):
        self.walk = runs if callable(runs) else lambda rate, momentum: runs
        chart: dict[str, Any] = {}
        if steps is not None:
            across, up = as_list(rates), as_list(momenta)
            if tuple(steps.shape) != (len(up), len(across)):
                raise TorchbookError(
                    f"steps must be [{len(up)}, {len(across)}], one for each pair, got {list(steps.shape)}"
                )
            cells = [
                [-2 if math.isnan(n) else -1 if math.isinf(n) else int(n) for n in line] for line in steps.tolist()
            ]
            view = [end for values in (across, up) for end in range_with_margin(values, 0.5 / (len(values) - 1))]
            chart = {"rates": across, "momenta": up, "steps": cells, "shares": list(SHARES), "view": view}
        super().__init__(
            scene=contour.packed(),
            chart=chart,
            column=_nearest(chart["rates"], rate) if chart else 0,
            row=_nearest(chart["momenta"], momentum) if chart else 0,
            place=place,
        )
        self._follow()

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
        recordings = self.walk(self.rate, self.momentum) if self.chart else self.walk(0.0, 0.0)
        if not 1 <= len(recordings) <= len(MARKS):
            raise TorchbookError(f"a Valley has one to {len(MARKS)} paths, got {len(recordings)}")
        self.runs = [{"name": name, **recording.packed()} for name, recording in recordings.items()]
        ends = (f"{name}: loss {brief(run.values(run.losses[0])[-1])} at the end" for name, run in recordings.items())
        chosen = (
            f" Step size {brief(self.rate)} with momentum {brief(self.momentum)} {self.takes}." if self.chart else ""
        )
        self.alternative = f"Paths over a loss, seen from above. {'; '.join(ends)}.{chosen}"

    def still(self) -> str:
        """Draws the paths, and the map or the losses, as SVG."""
        half = (WIDE - 20) / 2
        area = Axes(0, 0, half, HIGH, view=self.scene["view"], across=self.scene["across"], up=self.scene["up"])
        contour(area, self.scene, "var(--tb-quiet)")
        names = []
        for number, (run, colour) in enumerate(zip(self.runs, COLOURS)):
            xs, ys = (np.frombuffer(run["numbers"][name], "<f8").tolist() for name in self.scene["path"])
            area.line(xs, ys, f"stroke:{colour};stroke-width:2;stroke-linejoin:round")
            area.dot(xs[-1], ys[-1], 6, f"fill:{colour};stroke:var(--tb-paper)", square=number % 2 == 1)
            name = f"{MARKS[number]} {run['name']}"
            names.append(text_element(name, 46 + 230 * number, HIGH + 16, bold=True, colour=colour, size=14))
        box = (half + 20, 0.0, half, float(HIGH))
        beside = self._map(box) if self.chart else losses(self.runs, box, "step", 0)
        return drawing(WIDE, HIGH + ROW, self.alternative, *names, area.svg(), beside)

    def _map(self, box: tuple[float, float, float, float]) -> str:
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
