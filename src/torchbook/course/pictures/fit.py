"""`Fit`: points that the reader sets, and the curve that a network lays through them, epoch by epoch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import traitlets
from torch import Tensor

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.recording import Recording
from torchbook.course.pictures.scenes import Numbers, as_list
from torchbook.course.pictures.stepper_still import losses
from torchbook.course.pictures.still_axes import Axes, drawing
from torchbook.errors import TorchbookError

WIDE, HIGH, PLACES = 1000, 380, 121


class Fit(Picture, parts=("axes.js", "moving.js", "playing.js", "scenes.js")):
    """Points that the reader sets, moves and takes away, and a training with them that a later cell shows. `held` says
    for each whether it is kept aside to validate; of those that the reader adds it is every third.

        recording.add(step=epoch, training_loss=loss, validation_loss=other, curve=model(fit.grid)[:, 0])
        fit.show(recording)

    Raises:
        TorchbookError: not two points to learn from and one to validate with, or x, y and held differ in length.
    """

    points: Any = traitlets.List().tag(sync=True)
    view: Any = traitlets.List().tag(sync=True)
    run = traitlets.Dict().tag(sync=True)

    def __init__(self, points: tuple[Numbers, Numbers], *, held: Numbers, view: Sequence[float | int], place: str = ""):
        x, y, aside = (as_list(values) for values in (*points, held))
        if not len(x) == len(y) == len(aside) or not any(aside) or len(aside) - sum(map(bool, aside)) < 2:
            raise TorchbookError(f"expected x, y and held of two points to learn from and one more, got {x, y, aside}")
        super().__init__(points=[x, y, [int(each) for each in aside]], view=list(view), place=place)

    @property
    def grid(self) -> Tensor:
        """Where the curve is drawn, from left to right: `[121, 1]`."""
        return torch.linspace(self.view[0], self.view[1], PLACES)[:, None]

    @property
    def training(self) -> tuple[Tensor, Tensor]:
        """The points to learn from: x and y, both `[n, 1]`."""
        return self._rows(0)

    @property
    def validation(self) -> tuple[Tensor, Tensor]:
        """The points that are kept aside: x and y, both `[n, 1]`."""
        return self._rows(1)

    def show(self, recording: Recording) -> None:
        """Shows a training; the reader stays at the same epoch, or at its end."""
        ends = (f"{name.replace('_', ' ')} {recording.values(name)[-1]:.3g}" for name in recording.losses)
        self.alternative = f"{len(self.points[0])} points and the curve of a network. At its end: {', '.join(ends)}."
        self.run = recording.packed()

    def still(self) -> str:
        """Draws the points with the curve of the last epoch, and both losses, as SVG."""
        half = (WIDE - 20) / 2
        plane = Axes(0, 0, half, HIGH, view=self.view, across="x", up="y")
        curve = np.frombuffer(self.run["curves"]["curve"]["data"], "<f4")[-PLACES:].tolist()
        plane.line(self.grid[:, 0].tolist(), curve, "stroke:var(--tb-blue);stroke-width:2.5")
        for x, y, held in zip(*self.points):
            colour = "var(--tb-orange)" if held else "var(--tb-ink)"
            plane.dot(x, y, 7, f"fill:{colour};stroke:var(--tb-paper);stroke-width:1.5", square=bool(held))
        box, end = (half + 20, 0.0, half, float(HIGH)), self.run["steps"][-1]
        chart = losses([{"name": "", **self.run}], box, "epoch", end, even=True)
        return drawing(WIDE, HIGH, self.alternative, plane.svg(), chart)

    def _rows(self, held: int) -> tuple[Tensor, Tensor]:
        rows = torch.tensor([[x, y] for x, y, aside in zip(*self.points) if aside == held])
        return rows[:, :1], rows[:, 1:]
