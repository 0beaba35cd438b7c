"""`Valley`: the paths of several optimizers over one loss, and their losses."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets

from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.recording import Recording
from torchbook.course.pictures.scenes import Contour
from torchbook.course.pictures.stepper_still import COLOURS, contour, losses
from torchbook.course.pictures.still_axes import Axes, drawing, text_element
from torchbook.errors import TorchbookError

WIDE, HIGH, ROW = 1000, 400, 20
MARKS = "●■▲◆"  # of the paths, so that their colour is not alone


class Valley(Picture, parts=("axes.js", "playing.js", "scenes.js", "valley_paths.js")):
    """Up to four paths from above, over one `contour`, and their losses.

        Valley(contour, {"plain": recording, "Adam": another}, place="race")

    Raises:
        TorchbookError: there is no path or more than four.
    """

    scene = traitlets.Dict().tag(sync=True)
    runs = traitlets.List(traitlets.Dict()).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(self, contour: Contour, runs: Mapping[str, Recording], *, place: str = "", **state: Any):
        super().__init__(scene=contour.packed(), place=place, **state)
        self.take(runs)

    def take(self, runs: Mapping[str, Recording]) -> None:
        """Shows other paths."""
        if not 1 <= len(runs) <= len(MARKS):
            raise TorchbookError(f"a Valley has one to {len(MARKS)} paths, got {len(runs)}")
        self.runs = [{"name": name, **recording.packed()} for name, recording in runs.items()]
        ends = (f"{name}: loss {brief(run.values(run.losses[0])[-1])} at the end" for name, run in runs.items())
        self.alternative = f"Paths over a loss, seen from above. {'; '.join(ends)}.{self._chosen()}"

    def _chosen(self) -> str:
        """Returns what else there is to say in words."""
        return ""

    def still(self) -> str:
        """Draws the paths, and what stands beside them, as SVG."""
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
        return drawing(WIDE, HIGH + ROW, self.alternative, *names, area.svg(), self._beside(box))

    def _beside(self, box: tuple[float, float, float, float]) -> str:
        """Draws what stands beside the paths in a box (x, y, width, height)."""
        return losses(self.runs, box, "step", 0)
