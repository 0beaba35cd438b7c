"""Which rows of a table train, validate and test: by chance, class by class, or in time; and what is said about it."""

import numpy as np
from torch import Tensor

from torchbook.data.dataset import split_indices
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
    rows: np.ndarray, labels: Tensor, time: Column | None, *, in_order: bool, seed: int, notes: list[str]
) -> list[np.ndarray]:
    """The rows (indices) of train, valid and test. With a time, or `in_order` as they stand, the latest test.

    Raises:
        TorchbookError: rows that are to follow each other have the same time, or there are too few times.
    """
    if time is not None or in_order:
        times = rows.astype(np.float64) if time is None else time.values[rows]
        if in_order and len(np.unique(times)) < len(times):
            raise TorchbookError("a window needs one row at a time, but several rows have the same time")
        parts = [rows[part] for part in time_split(times)]
        by = "order of the file" if time is None else f"time {time.name!r}"
        sizes = (
            f"the first {len(parts[0])} rows train, the next {len(parts[1])} validate, the last {len(parts[2])} test"
        )
        notes.append(f"Split by the {by}: {sizes}.")
        return parts
    if len(rows) < _SMALL:
        notes.append(f"{len(rows)} rows are too few to split: the model is evaluated on the rows that it learns from.")
        return [rows] * 3
    classes = labels[rows] if labels.ndim == 1 else None
    chosen, how = split_indices(len(rows), seed=seed, labels=classes), "" if classes is None else ", class by class"
    if min(map(len, chosen)) == 0:
        # Classes of one or two rows only: class by class, all of them would train.
        chosen, how = split_indices(len(rows), seed=seed), ", but not class by class, for the classes are too small"
    sizes = ", ".join(f"{len(part)} {name}" for part, name in zip(chosen, ("train", "valid", "test")))
    notes.append(f"Split at random with seed {seed}{how}: {sizes}.")
    if classes is not None and len(unlearned := set(classes.tolist()) - set(classes[chosen[0]].tolist())):
        notes.append(f"{len(unlearned)} of {len(classes.unique())} classes have no row to learn from.")
    return [rows[part.numpy()] for part in chosen]


def _rows(chosen: np.ndarray) -> str:
    count = int(chosen.sum())
    return "1 row is" if count == 1 else f"{count} rows are"
