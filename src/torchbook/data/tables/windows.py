"""Rows that follow each other in time: a split that never looks ahead, and windows of rows as sequences."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from torchbook.errors import TorchbookError


def time_split(
    times: np.ndarray, *, fractions: tuple[float, float] = (0.15, 0.15)
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Indices `(train, valid, test)` in the order of `times` (`[rows]`, no NaN): the earliest train, the latest test.

    Rows of the same moment stay in one split. `fractions` are those of valid and test.

    Raises:
        TorchbookError: there are fewer than three different moments.
    """
    order = np.argsort(times, kind="stable")
    moments = times[order]
    starts = np.flatnonzero(np.r_[True, moments[1:] != moments[:-1]])
    if len(starts) < 3:
        raise TorchbookError(f"a split in time needs three different times or more, got {len(starts)}")
    wanted = [round(len(times) * (1 - sum(fractions))), round(len(times) * (1 - fractions[1]))]
    # The beginning of a moment that is nearest to the wanted border, with a moment left for each split.
    first = int(np.clip(np.abs(starts - wanted[0]).argmin(), 1, len(starts) - 2))
    second = int(np.clip(np.abs(starts - wanted[1]).argmin(), first + 1, len(starts) - 1))
    train, valid, test = np.split(order, [starts[first], starts[second]])
    return train, valid, test


def windows(rows: Float[Tensor, "rows features"], length: int) -> Float[Tensor, "count features length"]:
    """Every run of `length` neighbouring rows as a sequence; `count` is `rows - length + 1`, or 0.

    The memory is that of `rows`: neighbouring windows share it.
    """
    if len(rows) < length:
        return rows.new_empty(0, rows.shape[1], length)
    return rows.unfold(0, length, 1)


def forecasts(
    rows: Float[Tensor, "rows features"], labels: Tensor, length: int, parts: Sequence[np.ndarray] | None = None
) -> tuple[Float[Tensor, "count features length"], Tensor]:
    """Windows of `length` rows with the label of the row after each: what came before, and what it is to tell.

    No window leaves one of the `parts`, which are indices of rows that follow each other; without them all rows do.

    Raises:
        TorchbookError: there are not enough rows for one window and its label.
    """
    parts = [np.arange(len(rows))] if parts is None else parts
    longest = max(map(len, parts), default=0)
    if length < 1 or longest <= length:
        raise TorchbookError(
            f"a window must be of 1 to {longest - 1} rows here (a split has {longest} that follow each other without a "
            f"gap), got {length}"
        )
    long = [part for part in parts if len(part) > length]
    inputs = [windows(rows[part[:-1]], length) for part in long]
    return torch.cat(inputs).contiguous(), torch.cat([labels[part[length:]] for part in long])


def stretches(times: np.ndarray, groups: np.ndarray, step: float | None) -> list[np.ndarray]:
    """Indices of rows of one group that follow each other in time, for each such stretch.

    A stretch ends where the next time is more than one and a half `step` later; without a `step` nowhere.
    """
    order = np.lexsort((times, groups))
    cut = groups[order][1:] != groups[order][:-1]
    if step is not None:
        cut |= np.diff(times[order]) > 1.5 * step
    return np.split(order, np.flatnonzero(cut) + 1) if len(order) else []


def usual_step(times: np.ndarray, groups: np.ndarray) -> float | None:
    """The longest distance of neighbouring times of a group that comes often, so that weekends are no gaps; None where
    there is no distance at all."""
    order = np.lexsort((times, groups))
    steps = np.diff(times[order])[groups[order][1:] == groups[order][:-1]]
    if not len(steps) or np.median(steps) <= 0:
        return None
    lengths, counts = np.unique(steps.round(6), return_counts=True)
    return float(max(np.median(steps), *lengths[counts >= max(2.0, 0.1 * len(steps))], 0.0))


def uneven(times: np.ndarray, groups: np.ndarray, *, across: bool) -> str | None:
    """A sentence where neighbouring times of a group lie further apart than usual; `across` says that windows go on."""
    step = usual_step(times, groups)
    gaps = len(stretches(times, groups, step)) - len(np.unique(groups)) if step else 0
    if not gaps:
        return None
    how = "windows go on across them" if across else "no window crosses one (across_gaps=True lets them)"
    return f"Times are mostly {step:g} apart, but {gaps} times there is a gap; {how}."
