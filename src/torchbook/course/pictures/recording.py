"""Records a training: numbers, curves and pictures of each step, for a `Stepper`."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from torch import Tensor

from torchbook.errors import TorchbookError
from torchbook.training.loop import Diverged
from torchbook.training.report import Report

# The first `CLOSELY` steps are all kept, of the later ones ever fewer, so that `MOST` are kept in all.
CLOSELY, MOST = 100, 400


class Recording:
    """The steps of a training. The values of a step have names: numbers (`loss`, `weight`), curves (floats of one
    dimension, such as the model's values on a grid) and pictures (uint8: `[height, width]`, `[count, height, width]`
    or `[count, height, width, 3]`).

    A name with `loss` in it is a loss; the first one decides whether the training diverged.

        recording = Recording()
        for step in range(100):
            recording.add(loss=loss, weight=w, line=w * grid + b)
    """

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.frames: list[dict[str, np.ndarray]] = []

    def __len__(self) -> int:
        return len(self.steps)

    def add(self, *, step: int | None = None, **kept: Any) -> None:
        """Adds a step; without `step` they are counted from 0. A name that a later step lacks leaves a gap (NaN).

        Raises:
            TorchbookError: something has a name that the first step did not have, or another shape.
        """
        frame = {name: _array(name, value) for name, value in kept.items()}
        if self.frames:
            first = self.frames[0]
            for name, value in frame.items():
                if name not in first:
                    raise TorchbookError(
                        f"{name} was not in the first step of the recording, which has {', '.join(first)}"
                    )
                if value.shape != first[name].shape:
                    raise TorchbookError(
                        f"{name} has shape {value.shape}, in the first step it had {first[name].shape}"
                    )
            frame = {name: frame[name] if name in frame else _gap(value) for name, value in first.items()}
        self.steps.append((self.steps[-1] + 1 if self.steps else 0) if step is None else int(step))
        self.frames.append(frame)

    @property
    def losses(self) -> tuple[str, ...]:
        """The names of the losses."""
        first = self.frames[0] if self.frames else {}
        return tuple(name for name, value in first.items() if "loss" in name and value.ndim == 0)

    @property
    def diverged(self) -> int | None:
        """The first step at which the loss was infinite or not a number, None if it never was."""
        steps = (step for step, value in zip(self.steps, self.values(self.losses[0])) if not math.isfinite(value))
        return next(steps, None) if self.losses else None

    def values(self, name: str) -> list[float]:
        """Returns the values of one number, step by step."""
        return [float(frame[name]) for frame in self.frames]

    def thinned(self) -> "Recording":
        """Returns at most `MOST` of the steps: all at the beginning, where most happens, then ever fewer."""
        if len(self) <= MOST:
            return self
        close = np.arange(CLOSELY)
        far = np.geomspace(CLOSELY, len(self) - 1, MOST - CLOSELY).round().astype(int)
        fewer = Recording()
        for index in np.unique(np.concatenate([close, far])):
            fewer.steps.append(self.steps[index])
            fewer.frames.append(self.frames[index])
        return fewer

    def packed(self) -> dict[str, Any]:
        """Returns the recording for a page, as columns of bytes instead of text for each number."""
        thinned = self.thinned()
        numbers, curves, pictures = {}, {}, {}
        for name, first in (thinned.frames[0] if thinned.frames else {}).items():
            column = np.stack([frame[name] for frame in thinned.frames])
            if first.dtype == np.uint8:
                pictures[name] = {"shape": list(first.shape), "data": column.tobytes()}
            elif first.ndim == 0:
                numbers[name] = column.astype("<f8").tobytes()
            else:
                with np.errstate(over="ignore"):
                    curves[name] = {"length": len(first), "data": column.astype("<f4").tobytes()}
        return {
            "steps": thinned.steps,
            "losses": list(self.losses),
            "diverged": self.diverged,
            "numbers": numbers,
            "curves": curves,
            "pictures": pictures,
        }


def record(
    reports: Iterable[Report | Mapping[str, Any]], look: Callable[[], Mapping[str, Any]] | None = None
) -> Recording:
    """Runs a training to its end and records its reports; `look` returns what else to record after each.

        record(train(task, batches, epochs=20), lambda: {"line": model(grid).squeeze(1)})

    A training that diverges is recorded up to there. The loss of a report was measured before its updates; what `look`
    measures is after them. A `loss` from `look` replaces that of the report.
    """
    recording = Recording()
    try:
        for report in reports:
            values = {"step": report.step, **report.measures} if isinstance(report, Report) else dict(report)
            recording.add(**values | dict(look() if look else {}))
    except Diverged:
        if not recording.frames:
            raise
        gone: dict[str, Any] = {recording.losses[0]: math.inf}
        recording.add(**gone)
    return recording


def _array(name: str, value: Any) -> np.ndarray:
    if isinstance(value, Tensor) and value.ndim == 0:  # most of what is kept, and half the time of a short step
        return np.array(value.item(), dtype=np.float64)
    array = value.detach().cpu().numpy() if isinstance(value, Tensor) else np.asarray(value)
    if array.dtype == np.uint8:
        if not 2 <= array.ndim <= 4:
            raise TorchbookError(
                f"{name}: pictures are uint8 [height, width] or [count, height, width] (3 at the end for colours), "
                f"got {list(array.shape)}"
            )
        return array.copy()
    if array.ndim > 1 or array.dtype.kind not in "fiub":
        raise TorchbookError(
            f"{name}: a number, a curve (one dimension) or pictures (uint8) can be recorded, got {array.dtype} "
            f"{list(array.shape)}"
        )
    return array.astype(np.float64)


def _gap(like: np.ndarray) -> np.ndarray:
    return np.zeros_like(like) if like.dtype == np.uint8 else np.full_like(like, math.nan)
