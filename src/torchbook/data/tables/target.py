"""Which column is to be predicted, and whether it is a class or a quantity; each with the reason in words."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from torchbook.command_answer import nearest
from torchbook.data.phrasing import counted
from torchbook.data.tables.columns import Column
from torchbook.data.tables.encoding import EMPTY, Plan, keys
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
    some = ", ".join(map(repr, names[:8])) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    hint = nearest(wanted, names, otherwise=f"there are {some}")
    raise TorchbookError(f"there is no {what} {wanted!r} in {where}; {hint}")


def choose_target(names: Sequence[str]) -> tuple[str, str]:
    """The column to predict where nobody said, and why."""
    folded = {name.casefold(): name for name in names}
    for name in NAMES:
        if name in folded and (name != "y" or folded[name] in (names[0], names[-1])):
            return folded[name], f"it is called {folded[name]!r}"
    return names[-1], "it is the last column"


def recognise_target(column: Column, *, given: bool) -> Plan:
    """Decides whether the target is a class or a quantity: `task`, `why`, `classes`; `given` says that a person did.

    Raises:
        TorchbookError: there is nothing to learn: one value only, a date, or another text in every row.
    """
    name, goal = (
        column.name,
        {"name": column.name, "form": column.form, "numeric": column.is_number, "kind": column.kind},
    )
    words = not column.is_number
    if not words and (column.constant or column.missing.all()):
        raise TorchbookError(_nothing_to_learn(name))
    if column.kind == "date" or (column.kind == "identifier" and words):
        raise TorchbookError(f"the target {name!r} cannot be predicted: {column.reason}; choose another column")
    steps = np.unique(column.values[~np.isnan(column.values)]).tolist() if not words else []
    counting = steps in (list(range(len(steps))), list(range(1, len(steps) + 1)))
    counting &= column.kind == "ordinal" or (column.kind == "continuous" and _evenly(column))
    if words or column.kind == "categorical" or (counting and not given):
        every = keys(goal, column.cells, column.values)
        counts = Counter(key for key, gone in zip(every, column.missing) if not gone)
        without = unanswered(goal, column)
        all_given = given and column.kind == "categorical"
        meant = {word: rows for word, rows in without.items() if all_given or _is_class(word, rows, counts)}
        classes = _ordered(column, counts | meant)
        if len(classes) < 2:
            raise TorchbookError(_nothing_to_learn(name, without))
        why = (
            "as you said" if given else "whole numbers that count classes without a gap" if counting else column.reason
        )
        if meant and not given:
            why = f"text with {len(classes)} different values, {' and '.join(map(repr, meant))} among them"
        return goal | {"task": "classification", "why": f"{why}: one of {len(classes)} classes", "classes": classes}
    gap = ", which do not count from 0 or 1 as classes do" if column.kind == "ordinal" and not given else ""
    return goal | {"task": "regression", "why": f"{column.reason}{gap}: a quantity", "classes": []}


def labels(goal: Plan, column: Column) -> Tensor:
    """The labels of all rows: int64 `[rows]` (-1 where there is none) or float32 `[rows, 1]`, as `goal` says."""
    if goal["task"] == "regression":
        return torch.from_numpy(np.nan_to_num(column.values).astype(np.float32))[:, None]
    place = {name: i for i, name in enumerate(goal["classes"])}
    every = zip(keys(goal, column.cells, column.values), column.cells)
    return torch.tensor([place.get(cell if key == EMPTY else key, -1) for key, cell in every])


def unanswered(goal: Plan, column: Column) -> Counter[str]:
    """The words for "no value" in a target of words, such as NA and none, and in how many rows each stands."""
    if goal["numeric"]:
        return Counter()
    every = zip(keys(goal, column.cells, column.values), column.cells)
    return Counter(cell for key, cell in every if key == EMPTY and cell)


def as_classes(name: str, words: dict[str, int]) -> str:
    """Returns where words for "no value" stand in the target `name`, and what makes classes of them."""
    listed = ", ".join(f"{word!r} in {counted(rows, 'row')}" for word, rows in words.items())
    return f"{listed}; say kinds={{{name!r}: 'categorical'}} if that is a class"


def _evenly(column: Column) -> bool:
    """Tells whether more whole numbers than steps of a scale have come often and about equally often, as classes do."""
    _, counts = np.unique(column.values[~np.isnan(column.values)], return_counts=True)
    return len(counts) > 1 and bool(counts.min() >= 5 and 25 * counts.min() >= counts.max())


def _is_class(word: str, rows: int, counts: dict[str, int]) -> bool:
    """Tells whether a word for "no value" is an answer: a "none" no rarer than others are, or a "-" beside "+"."""
    often = rows >= min(counts.values(), default=0)
    return (word.lower() in ("none", "nil") and often) or (word == "-" and "+" in counts)


def _nothing_to_learn(name: str, without: dict[str, int] | None = None) -> str:
    besides = f" (besides {as_classes(name, without)})" if without else ""
    return (
        f"the target {name!r} has one value in every row{besides}, so there is nothing to learn; choose another column"
    )


def _ordered(column: Column, counts: dict[str, int]) -> list[str]:
    if isinstance(column.form, list):
        return sorted(counts.keys() - set(column.form)) + [step for step in column.form if step in counts]
    if column.is_number:
        return sorted(counts, key=lambda key: (not _is_float(key), float(key) if _is_float(key) else 0.0, key))
    return sorted(counts)


def _is_float(key: str) -> bool:
    try:
        float(key)
    except ValueError:
        return False
    return True
