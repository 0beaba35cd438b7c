"""`Stepper`: a recorded training to play, pause and step through, or two trainings side by side."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.recording import Recording, record
from torchbook.course.pictures.scenes import Contour, Field, Histograms, Named, Pictures, Plot, Scene
from torchbook.course.pictures.stepper_still import still
from torchbook.errors import TorchbookError

__all__ = ["Contour", "Field", "Histograms", "Named", "Pictures", "Plot", "Recording", "Stepper", "record"]


class Stepper(Picture, parts=("axes.js", "playing.js", "scenes.js")):
    """The losses and pictures of a recorded training, moving together.

    `runs` is a recording, or several by name: the first is always shown, one of the others beside it when the reader
    asks for it. Each of `scenes` is drawn for every run; a mapping of a run's name to a scene draws another for each.

        Stepper(recording, Plot("line", grid=grid, points=(x, y)), place="descent")
        Stepper({"healthy": healthy, "rate too high": broken}, plot, question="Break it:", place="break")

    `question` stands before the names of the others. `unit` is what is counted: step or epoch. `words` says how a
    recorded name is to be written: `{"slope_w": "∂L/∂w"}`. `step` follows when the reader stops somewhere, and
    `beside`, the name of the run beside the first, when the reader chooses one; setting them moves the picture.
    """

    runs = traitlets.List(traitlets.Dict()).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    question = traitlets.Unicode("Beside it:").tag(sync=True)
    unit = traitlets.Unicode("step").tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    beside = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        runs: Recording | Mapping[str, Recording],
        *scenes: Scene | Mapping[str, Scene],
        place: str = "",
        question: str = "Beside it:",
        unit: str = "step",
        words: Mapping[str, str] | None = None,
        step: int = 0,
        beside: str = "",
    ):
        super().__init__(place=place, question=question, unit=unit, words=dict(words or {}), step=step, beside=beside)
        self.scenes = scenes
        self.show(runs)

    def show(self, runs: Recording | Mapping[str, Recording], *scenes: Scene | Mapping[str, Scene]) -> None:
        """Shows other recordings in the same picture; the reader stays at the same step. Without scenes the old ones.

        Raises:
            TorchbookError: there is no step, no loss, or a scene needs what was not recorded.
        """
        self.scenes = scenes or self.scenes
        by_name = {"": runs} if isinstance(runs, Recording) else dict(runs)
        if not by_name:
            raise TorchbookError("there is no recording to be shown")
        self.runs = [self._packed(name, recording) for name, recording in by_name.items()]
        self.alternative = " ".join(self._describe(name, recording) for name, recording in by_name.items())

    def still(self) -> str:
        """Draws all runs at their end, or at `step`, with their losses."""
        return still(self.runs, self.alternative, unit=self.unit, step=self.step, words=self.words)

    def _packed(self, name: str, recording: Recording) -> dict[str, Any]:
        if not recording.losses:
            raise TorchbookError(f"the recording {name!r} has no loss; expected recording.add(loss=..., ...)")
        scenes = [scene[name] if isinstance(scene, Mapping) else scene for scene in self.scenes]
        for missing in (name for scene in scenes for name in scene.names if name not in recording.frames[0]):
            raise TorchbookError(f"{missing} is to be drawn, but recorded were {', '.join(recording.frames[0])}")
        for scene in scenes:
            if isinstance(scene, Named) and (length := recording.frames[0][scene.x].size) != len(scene.labels):
                raise TorchbookError(
                    f"{scene.x} has {length} values, expected one for each of {len(scene.labels)} labels"
                )
            if isinstance(scene, Histograms):
                bars, marks = (recording.frames[0][name] for name in (scene.bars, scene.marks))
                if bars.dtype != np.uint8 or bars.ndim != 2 or marks.shape != (len(bars),):
                    raise TorchbookError(
                        f"{scene.bars} must be uint8 [rows, bins] and {scene.marks} [rows], got {bars.dtype} "
                        f"{list(bars.shape)} and {list(marks.shape)}"
                    )
            if isinstance(scene, Field) and math.isqrt(length := recording.frames[0][scene.scores].size) ** 2 != length:
                raise TorchbookError(f"{scene.scores} has {length} values, expected as many rows as columns: 4, 9, 16")
        return {"name": name, **recording.packed(), "scenes": [scene.packed() for scene in scenes]}

    def _describe(self, name: str, recording: Recording) -> str:
        loss = recording.losses[0]
        values = recording.values(loss)
        title, unit = f"{name}: " if name else "", self.unit
        began = f"{title}{self.words.get(loss, loss)} {values[0]:.3g} at {unit} {recording.steps[0]}"
        if recording.diverged is not None:
            last = max((value for value in values if math.isfinite(value)), default=math.nan)
            return f"{began}, up to {last:.3g}; it diverged at {unit} {recording.diverged}."
        return f"{began}, {values[-1]:.3g} at {unit} {recording.steps[-1]}."
