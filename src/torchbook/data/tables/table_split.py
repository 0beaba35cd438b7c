"""Which rows of a table train, validate and test: by chance, class by class, or in time; and what is said about it."""

from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor

from torchbook.data.dataset import split_indices
from torchbook.data.splits import SPLITS, complete, given_splits
from torchbook.data.tables.columns import Column
from torchbook.data.tables.encoding import Plan
from torchbook.data.tables.target import as_classes, unanswered
from torchbook.data.tables.windows import time_split
from torchbook.errors import TorchbookError

_SMALL = 10


def usable_rows(goal: Plan, column: Column, every: Tensor, time: Column | None, notes: list[str]) -> np.ndarray:
    """The rows that have a target, by its labels `every`, and, where rows have a time, a time.

    The others are counted in `notes`, with the words for "no value" that stand there.

    Raises:
        TorchbookError: the time column holds neither dates nor numbers.
    """
    kept = every.numpy() >= 0 if goal["task"] == "classification" else ~column.missing
    if not kept.all():
        words = {word: rows for word, rows in unanswered(goal, column).items() if word not in goal["classes"]}
        where = f" ({as_classes(column.name, words)})" if words else ""
        notes.append(f"{_rows(~kept)} left out, without a target {column.name!r}{where}.")
    if time is not None:
        if time.kind != "date" and not time.is_number:
            what = f"{time.kind}: {time.reason}"
            raise TorchbookError(f"the time column {time.name!r} must hold dates or numbers, but it is {what}")
        timeless = np.isnan(time.values) & kept
        if timeless.any():
            notes.append(f"{_rows(timeless)} left out, without a time {time.name!r}.")
        kept &= ~timeless
    return np.flatnonzero(kept)


def split_rows(
    rows: np.ndarray,
    labels: Tensor,
    times: np.ndarray | None,
    *,
    by: str = "",
    given: Sequence[str] | None = None,
    seed: int,
    notes: list[str],
) -> list[np.ndarray]:
    """The rows (indices) of train, valid and test: those that are `given` by name for each row of the table, those of
    the latest `times` (of all rows) as the test, or drawn by `seed`. `by` says what times are.

    Raises:
        TorchbookError: there are too few times.
    """
    if given is not None:
        every = labels.numpy() if labels.ndim == 1 else None
        chosen, drawn = complete(given_splits(given, rows), every, seed=seed, what="rows")
        sizes = ", ".join(f"{len(part)} {name}" for name, part in chosen.items())
        notes += [f"Split by the column {by!r}: {sizes}.", *drawn]
        return [chosen[name] for name in SPLITS]
    if times is not None:
        parts = [rows[part] for part in time_split(times[rows])]
        sizes = (
            f"the first {len(parts[0])} rows train, the next {len(parts[1])} validate, the last {len(parts[2])} test"
        )
        notes.append(f"Split by the {by}: {sizes}.")
        return parts
    if len(rows) < _SMALL:
        notes.append(f"{len(rows)} rows are too few to split: the model is evaluated on the rows that it learns from.")
        return [rows] * 3
    classes = labels[rows] if labels.ndim == 1 else None
    drawn_, how = split_indices(len(rows), seed=seed, labels=classes), "" if classes is None else ", class by class"
    if min(map(len, drawn_)) == 0:
        # Classes of one or two rows only: class by class, all of them would train.
        drawn_, how = split_indices(len(rows), seed=seed), ", but not class by class, for the classes are too small"
    sizes = ", ".join(f"{len(part)} {name}" for part, name in zip(drawn_, SPLITS))
    notes.append(f"Split at random with seed {seed}{how}: {sizes}.")
    if classes is not None and len(unlearned := set(classes.tolist()) - set(classes[drawn_[0]].tolist())):
        notes.append(f"{len(unlearned)} of {len(classes.unique())} classes have no row to learn from.")
    return [rows[part.numpy()] for part in drawn_]


def row_times(
    columns: Mapping[str, Column], time: Column | None, group: Column | None, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The time of each row of a table, by its place in the file (of its group) where it has none, and the number of its
    group.

    Raises:
        TorchbookError: two of the `rows`, which are to follow each other, have the same time.
    """
    count = len(next(iter(columns.values())).cells)
    groups = np.zeros(count, np.int64) if group is None else np.unique(group.cells, return_inverse=True)[1]
    if time is None:
        order = np.argsort(groups, kind="stable")
        starts = np.searchsorted(groups[order], np.arange(groups.max() + 1))
        times = np.empty(count)
        times[order] = np.arange(count) - starts[groups[order]]
        return times, groups
    if _same_twice(time.values[rows], groups[rows]):
        candidates = (column for column in columns.values() if column not in (time, group))
        apart = (
            column.name
            for column in candidates
            if column.kind != "continuous" and not column.constant
            and not _same_twice(time.values[rows], np.unique(column.cells, return_inverse=True)[1][rows])
        )  # fmt: skip
        hint = f": say group_column={name}, which tells the series apart" if (name := next(apart, "")) else ""
        told = "several rows have the same time" if group is None else f"rows of one {group.name!r} have the same time"
        raise TorchbookError(f"a window needs one row at a time, but {told}{hint}")
    return time.values, groups


def _same_twice(times: np.ndarray, groups: np.ndarray) -> bool:
    return len(np.unique(np.stack([times, groups.astype(np.float64)]), axis=1)[0]) < len(times)


def _rows(chosen: np.ndarray) -> str:
    count = int(chosen.sum())
    return "1 row is" if count == 1 else f"{count} rows are"
