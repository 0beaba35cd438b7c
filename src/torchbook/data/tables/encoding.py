"""How a column becomes numbers: the value itself, one-hot, or an index to embed; a plan that can be used again."""

import math
from collections import Counter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from torchbook.data.tables.cell_values import decimal_mark, folded, is_missing, moment, number, without_unit
from torchbook.data.tables.columns import FEW, Column, numbers

# What is known of a column after training: plain values only, so that it can be written as JSON into a card.
Plan = dict[str, Any]

EMPTY = "(empty)"
_CYCLES = {"year": 365.2425, "week": 7.0, "day": 1.0}


def plan(column: Column, train: np.ndarray) -> Plan:
    """Plans how to encode the column, decided from the rows `train` (indices) alone.

    `features` names the columns that come out, `scaled` says whether the first of them is to be standardised.
    """
    decided: Plan = {
        "name": column.name,
        "kind": column.kind,
        "reason": column.reason,
        "missing": int(column.missing.sum()),
    }
    decided |= {"form": column.form, "numeric": column.is_number, "scaled": False, "features": []}
    decided |= {"unit": column.unit, "no_value": column.no_value}
    if column.constant:
        return decided | {"encoding": "left out", "why": "a column of one value tells nothing"}
    if column.kind == "identifier":
        return decided | {"encoding": "left out", "why": "a value that marks one row says nothing about another row"}
    if column.kind == "categorical":
        return decided | _categories(column, train)
    return decided | _values(column, train)


def explained(extra: dict[str, Any]) -> list[str]:
    """A sentence for each column of a table, from the `extra` of its card: what it is and how it is seen, and why."""
    return [
        f"{column['name']!r} is {column['kind']} ({column['reason']}); {column['encoding']}: {column['why']}."
        for column in extra.get("columns", [])
    ]


def time_plan(column: Column, train: np.ndarray) -> Plan:
    """Plans the column that orders the rows: no count of days, for later ones tell a trained model nothing."""
    decided = plan(column, train)
    if column.kind == "date":
        cycles = ", ".join(decided["cycles"])
        features = [name for name in decided["features"] if name != column.name]
        why = f"orders the rows; of a date the model sees where it lies in its {cycles}"
        return decided | {"encoding": "cycles", "scaled": False, "features": features, "why": why}
    why = "orders the rows; later times than those of training would tell the model nothing"
    return decided | {"encoding": "left out", "scaled": False, "features": [], "why": why}


def encode(planned: Plan, cells: list[str], values: np.ndarray | None = None) -> np.ndarray:
    """The column's features, float32 `[rows, features]` in raw units, of these `cells` (or of what was read from them).

    A missing value is the training rows' mean, a category never seen is all zeros (one-hot) or index 0 (embedded).
    """
    if planned["encoding"] == "left out":
        return np.empty((len(cells), 0), dtype=np.float32)
    if planned["kind"] == "categorical":
        place = {category: i for i, category in enumerate(planned["categories"])}
        indices = np.array([place.get(key, -1) for key in keys(planned, cells, values)])
        if planned["encoding"] == "embedded":
            return (indices + 1).astype(np.float32)[:, None]
        return (indices[:, None] == np.arange(len(place))).astype(np.float32)
    values = read(planned, cells) if values is None else values
    missing = np.isnan(values)
    columns = []
    if planned["encoding"] in ("standardised", "date"):
        columns.append(np.where(missing, planned["fill"], values) - planned["offset"])
    for cycle in planned.get("cycles", []):
        turn = np.where(missing, 0.0, values) * (2 * math.pi / _CYCLES[cycle])
        columns += [np.where(missing, 0.0, np.sin(turn)), np.where(missing, 0.0, np.cos(turn))]
    if planned["flagged"]:
        columns.append(missing)
    return np.stack(columns, axis=1).astype(np.float32)


def typical(planned: Plan) -> str:
    """Returns what stands in the place of a missing value, as a person reads it."""
    return str(np.datetime64(int(planned["fill"]), "D")) if planned["kind"] == "date" else f"{planned['fill']:g}"


def read(planned: Plan, cells: list[str]) -> np.ndarray:
    """The cells of new rows as numbers: days since 1970 for dates, steps for words with an order, NaN for nothing."""
    form = planned["form"]
    if planned["kind"] == "date":
        read_ = ((moment(cell, form), cell) for cell in cells)
        days = [moment(cell, "%Y-%m-%d") if value is None else value for value, cell in read_]
        return np.array([np.nan if value is None else value for value in days], dtype=np.float64)
    if not isinstance(form, str):
        place = {step: float(i) for i, step in enumerate(form)}
        return np.array([place.get(cell.lower(), np.nan) for cell in cells])
    unit = planned.get("unit", "")
    decimal = decimal_mark(without_unit(cell, unit) for cell in cells) or form
    return numbers(cells, decimal, unit, planned.get("no_value"))


def keys(planned: Plan, cells: list[str], values: np.ndarray | None = None) -> list[str]:
    """The category of each cell: its text (in lower case for words of a scale), and 1 for 1.0 where it is a number.

    Of a column that is planned already a word is the category that differs from it by capitals and blanks only.
    """
    if not planned["numeric"]:
        scale = planned["form"] if isinstance(planned["form"], list) else []
        words = [cell.lower() if scale else cell for cell in cells]
        words = [EMPTY if is_missing(word) and word not in scale else word for word in words]
        categories = planned.get("categories", [])
        spelled = {folded(category): category for category in categories}
        if len(spelled) < len(categories):
            return words
        return [spelled.get(folded(word), word) for word in words]
    values = read(planned, cells) if values is None else values
    no_value = planned.get("no_value")
    return [_key(value, cell, no_value) for value, cell in zip(values.tolist(), cells)]


def _key(value: float, cell: str, no_value: float | None) -> str:
    if math.isnan(value):
        return EMPTY if is_missing(cell) or (no_value is not None and number(cell) == no_value) else cell
    return str(int(value)) if value.is_integer() else repr(value)


def join(columns: list[np.ndarray]) -> Tensor:
    """The encoded columns side by side, float32 `[rows, features]`."""
    return torch.from_numpy(np.ascontiguousarray(np.concatenate(columns, axis=1)))


def statistics(plans: list[Plan], train: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of the features to standardise; 0 and 1 of 0/1 columns, indices and waves."""
    scaled = torch.tensor(
        [planned["scaled"] and i == 0 for planned in plans for i, _ in enumerate(planned["features"])]
    )
    values = train.double()
    mean, std = values.mean(0), values.std(0, correction=0)
    std = torch.where(std > 1e-30, std, 1.0)
    return tuple(torch.where(scaled, mean, 0.0).tolist()), tuple(torch.where(scaled, std, 1.0).tolist())


def embeddings(plans: list[Plan]) -> list[list[int]]:
    """For each embedded column: its feature, how many indices it has (0 is "never seen"), how many numbers for each."""
    sizes, at = [], 0
    for planned in plans:
        if planned["encoding"] == "embedded":
            sizes.append([at, len(planned["categories"]) + 1, planned["dimension"]])
        at += len(planned["features"])
    return sizes


def _values(column: Column, train: np.ndarray) -> Plan:
    values = column.values[train]
    seen = values[~np.isnan(values)]
    fill = float(seen.mean()) if len(seen) else 0.0
    flagged = bool(column.missing.any())
    names = [column.name]
    decided: Plan = {"encoding": "standardised", "scaled": True, "fill": fill, "flagged": flagged, "offset": 0.0}
    decided["why"] = "its size means something, so the value itself is seen"
    if column.kind == "ordinal":
        decided["why"] = "its steps have an order, so the number of the step is seen"
    if column.kind == "date":
        clock = bool((seen % 1 > 1e-6).any())
        decided |= {"encoding": "date", "cycles": ["year", "week"] + ["day"] * clock}
        decided["offset"] = float(np.floor(seen.min())) if len(seen) else 0.0
        decided["why"] = "a moment: days since the first one, and where it lies in its " + ", ".join(decided["cycles"])
        names += [
            f"{column.name} ({wave} of the {cycle})" for cycle in decided["cycles"] for wave in ("sine", "cosine")
        ]
    elif len(seen) and seen.std() < 1e-4 * abs(fill):
        # float32 has seven digits: of 1600000001.5 and 1600000002.5 it would keep none of the difference.
        decided["offset"] = fill
        decided["why"] += f"; stored as the difference from {fill:g}, which float32 could not tell apart otherwise"
    if flagged:
        names.append(f"{column.name} is missing")
    return decided | {"features": names}


def _categories(column: Column, train: np.ndarray) -> Plan:
    every = keys({"form": column.form, "kind": column.kind, "numeric": column.is_number}, column.cells, column.values)
    counts = Counter(every[i] for i in train)
    if len(counts) <= FEW:
        categories = sorted(counts, key=_natural)
        why = f"{len(counts)} categories without an order: a column of 0 and 1 for each"
        return {
            "encoding": "one-hot",
            "why": why,
            "categories": categories,
            "features": [f"{column.name} = {c}" for c in categories],
        }
    categories = sorted((category for category in counts if counts[category] > 1), key=_natural)
    rare = len(counts) - len(categories)
    dimension = min(50, max(2, round(1.6 * (len(categories) + 1) ** 0.56)))
    why = f"{len(counts)} categories would be as many columns of zeros: each has {dimension} learned numbers instead"
    if rare:
        why += f"; those that come once ({rare}) share theirs with any never seen"
    return {
        "encoding": "embedded",
        "why": why,
        "categories": categories,
        "dimension": dimension,
        "features": [column.name],
    }


def _natural(category: str) -> tuple[bool, float, str]:
    """Numbers by their size, then words by the alphabet."""
    try:
        return False, float(category), ""
    except ValueError:
        return True, 0.0, category
