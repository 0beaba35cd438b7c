"""A recorded training: what was kept of each step, to be looked at afterwards."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from torch import Tensor

from torchbook.errors import TorchbookError
from torchbook.training.loop import Diverged
from torchbook.training.report import Report

# So many steps are kept one by one from the beginning; of the others ever fewer, so that `MOST` are kept in all.
CLOSELY, MOST = 100, 400


class Recording:
    """The steps of a training. What was kept of a step has names: numbers (`loss`, `weight`), curves (floats of one
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
        """Keeps one step; without `step` they are counted from 0. What a later step lacks is a gap (not a number).

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
        at = (step for step, value in zip(self.steps, self.values(self.losses[0])) if not math.isfinite(value))
        return next(at, None) if self.losses else None

    def values(self, name: str) -> list[float]:
        """One number, step by step."""
        return [float(frame[name]) for frame in self.frames]

    def thinned(self) -> "Recording":
        """At most `MOST` of the steps: all at the beginning, where most happens, then ever fewer."""
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
        """What a page needs to show it, without text for each number: columns of bytes."""
        kept = self.thinned()
        numbers, curves, pictures = {}, {}, {}
        for name, first in (kept.frames[0] if kept.frames else {}).items():
            column = np.stack([frame[name] for frame in kept.frames])
            if first.dtype == np.uint8:
                pictures[name] = {"shape": list(first.shape), "data": column.tobytes()}
            elif first.ndim == 0:
                numbers[name] = column.astype("<f8").tobytes()
            else:
                with np.errstate(over="ignore"):
                    curves[name] = {"length": len(first), "data": column.astype("<f4").tobytes()}
        return {
            "steps": kept.steps,
            "losses": list(self.losses),
            "diverged": self.diverged,
            "numbers": numbers,
            "curves": curves,
            "pictures": pictures,
        }


def record(
    reports: Iterable[Report | Mapping[str, Any]], look: Callable[[], Mapping[str, Any]] | None = None
) -> Recording:
    """Runs a training to its end and keeps its reports; `look` says after each what else is to be kept.

        record(train(task, batches, epochs=20), lambda: {"line": model(grid).squeeze(1)})

    A training that diverges is recorded up to there. The loss of a report was measured before its updates, what `look`
    sees is after them; a `loss` from `look` replaces that of the report.
    """
    recording = Recording()
    try:
        for report in reports:
            told = {"step": report.step, **report.measures} if isinstance(report, Report) else dict(report)
            recording.add(**told | dict(look() if look else {}))
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
