"""Which column is to be predicted, and whether it is a class or a quantity; each with the reason in words."""

import difflib
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from torchbook.data.cells import is_missing
from torchbook.data.columns import Column
from torchbook.data.encoding import Plan, keys
from torchbook.errors import TorchbookError

# Names that people give to what they want to know, the surest first.
NAMES = (
    "target",
    "label",
    "labels",
    "class",
    "outcome",
    "response",
    "admit",
    "admitted",
    "survived",
    "species",
    "diagnosis",
    "y",
)


def find_column(names: Sequence[str], wanted: str, *, what: str = "column", where: str = "the table") -> str:
    """The name among `names` that is meant by `wanted`: as written, in other letters' case, or by number in "column 3".

    Raises:
        TorchbookError: there is none; the message has the nearest name.
    """
    if wanted in names:
        return wanted
    folded = {name.casefold(): name for name in names}
    for key in (wanted.strip().casefold(), f"column {wanted}"):
        if key in folded:
            return folded[key]
    near = difflib.get_close_matches(wanted.casefold(), folded, n=1, cutoff=0.5)
    some = ", ".join(map(repr, names[:8])) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    hint = f"did you mean {folded[near[0]]!r}?" if near else f"there are {some}"
    raise TorchbookError(f"there is no {what} {wanted!r} in {where}; {hint}")


def choose_target(names: Sequence[str]) -> tuple[str, str]:
    """The column to predict where nobody said, and why."""
    folded = {name.casefold(): name for name in names}
    for name in NAMES:
        if name in folded and (name != "y" or folded[name] in (names[0], names[-1])):
            return folded[name], f"it is called {folded[name]!r}"
    return names[-1], "it is the last column"


def recognise_target(column: Column, *, said: bool) -> Plan:
    """Whether the target is a class or a quantity: `task`, `why`, `classes`; `said` is whether a person gave its kind.

    Raises:
        TorchbookError: there is nothing to learn: one value only, a date, or another text in every row.
    """
    name, found = (
        column.name,
        {"name": column.name, "form": column.form, "numeric": column.is_number, "kind": column.kind},
    )
    if column.constant or column.missing.all():
        raise TorchbookError(
            f"the target {name!r} has one value in every row, so there is nothing to learn; choose another column"
        )
    if column.kind == "date" or (column.kind == "identifier" and not column.is_number):
        raise TorchbookError(f"the target {name!r} cannot be predicted: {column.reason}; choose another column")
    words = not column.is_number
    steps = np.unique(column.values[~np.isnan(column.values)]).tolist() if not words else []
    counted = column.kind == "ordinal" and steps in (list(range(len(steps))), list(range(1, len(steps) + 1)))
    if words or column.kind == "categorical" or (counted and not said):
        every = keys(found, column.cells, column.values)
        missing = column.missing
        counts: dict[str, int] = {}
        for key, cell, gone in zip(every, column.cells, missing):
            if not gone and not is_missing(cell):
                counts[key] = counts.get(key, 0) + 1
        classes = _ordered(column, counts)
        if len(classes) < 2:
            raise TorchbookError(
                f"the target {name!r} has one value in every row, so there is nothing to learn; choose another column"
            )
        why = "as you said" if said else "whole numbers that count classes without a gap" if counted else column.reason
        return found | {"task": "classification", "why": f"{why}: one of {len(classes)} classes", "classes": classes}
    gap = ", which do not count from 0 or 1 as classes do" if column.kind == "ordinal" and not said else ""
    return found | {"task": "regression", "why": f"{column.reason}{gap}: a quantity", "classes": []}


def labels(goal: Plan, column: Column) -> Tensor:
    """The labels of all rows: int64 `[rows]` (-1 where there is none) or float32 `[rows, 1]`, as `goal` says."""
    if goal["task"] == "regression":
        return torch.from_numpy(np.nan_to_num(column.values).astype(np.float32))[:, None]
    place = {name: i for i, name in enumerate(goal["classes"])}
    return torch.tensor([place.get(key, -1) for key in keys(goal, column.cells, column.values)])


def _ordered(column: Column, counts: dict[str, int]) -> list[str]:
    if isinstance(column.form, list):
        return [step for step in column.form if step in counts]
    if column.is_number:
        return sorted(counts, key=lambda key: (not _is_float(key), float(key) if _is_float(key) else 0.0, key))
    return sorted(counts)


def _is_float(key: str) -> bool:
    try:
        float(key)
    except ValueError:
        return False
    return True
