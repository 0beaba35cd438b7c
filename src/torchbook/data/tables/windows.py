"""Rows that follow each other in time: a split that never looks ahead, and windows of rows as sequences."""

import numpy as np
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
    rows: Float[Tensor, "rows features"], labels: Tensor, length: int
) -> tuple[Float[Tensor, "count features length"], Tensor]:
    """Windows of `length` rows with the label of the row after each: what came before, and what it is to tell.

    Raises:
        TorchbookError: there are not enough rows for one window and its label.
    """
    if length < 1 or len(rows) <= length:
        raise TorchbookError(
            f"a window must be of 1 to {len(rows) - 1} rows here (a split has {len(rows)}), got {length}"
        )
    return windows(rows[:-1], length).contiguous(), labels[length:]


def uneven(times: np.ndarray) -> str | None:
    """A sentence where neighbouring times (sorted) lie at different distances, for a window takes them as equal."""
    steps = np.diff(times)
    usual = float(np.median(steps)) if len(steps) else 0.0
    gaps = int((steps > 1.5 * usual).sum())
    if not gaps or not usual:
        return None
    return (
        f"Times are mostly {usual:g} apart, but {gaps} times more (at most {steps.max():g}); windows take neighbours."
    )
