"""New rows for a model that learned from a table: read and encoded by what the table's card says, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from torchbook.data.tables.cell_values import is_missing, number
from torchbook.data.tables.delimited import read_delimited
from torchbook.data.tables.encoding import Plan, encode, join, keys, read, typical
from torchbook.data.tables.target import find_column
from torchbook.data.tables.windows import stretches, windows
from torchbook.errors import TorchbookError


def needed_columns(extra: dict[str, Any]) -> list[str]:
    """The names of the columns without which `encode_rows` has no output, in the order of the table."""
    of_features = [planned["name"] for planned in extra["columns"] if planned["features"]]
    order = extra["window"] and extra["time_column"]
    return list(dict.fromkeys([*of_features, *filter(None, (order, extra.get("group_column")))]))


def encode_rows(extra: dict[str, Any], path: Path, *, notes: list[list[str]] | None = None) -> Tensor:
    """The rows of the file `path` as a model of the table is fed them, before normalisation; one output for each row.

    `extra` is the `extra` of the table's card. Columns are found by name, in any order and among others; the target can
    be missing. Without names the file must have the same columns in the same order. A category never seen, or a value
    that is missing, become what training made of such; `notes` is given a list of sentences about that for each output.

    The result is float32 `[rows, features]`, or `[windows, features, window]` for sequences, where the last window of a
    series tells what follows its last row; no window crosses a gap unless those of training did.

    Raises:
        TorchbookError: a column is missing (with the nearest name), or the file cannot be read as a table.
    """
    needed = [planned for planned in extra["columns"] if planned["features"]]
    names, columns, lines = _named(path, extra)
    window, time = extra["window"], extra["time_column"]
    group = extra.get("group_column")
    cells_of = {name: columns[names.index(find_column(names, name, where=path.name))] for name in needed_columns(extra)}
    values = join([encode(planned, cells_of[planned["name"]]) for planned in needed])
    remarks: list[list[str]] = [[] for _ in lines]
    for planned in needed:
        for row, sentence in _strange(planned, cells_of[planned["name"]]):
            remarks[row].append(f"line {lines[row]}: {planned['name']!r} {sentence}")
    if window:
        times = np.arange(len(lines), dtype=np.float64)
        if time:
            times = _times(next(plan for plan in extra["columns"] if plan["name"] == time), cells_of[time], lines)
        groups = np.unique(cells_of[group], return_inverse=True)[1] if group else np.zeros(len(lines), np.int64)
        parts = stretches(times, groups, extra.get("step") if time else None)
        parts = [part for part in parts if len(part) >= window]
        if not parts:
            without = " without a gap" if extra.get("step") else ""
            raise TorchbookError(
                f"{path.name} has {len(values)} rows, but the model looks at {window} in a row{without}"
            )
        values = torch.cat([windows(values[part], window) for part in parts]).contiguous()
        looked_at = [part[start : start + window] for part in parts for start in range(len(part) - window + 1)]
        remarks = [[word for row in chosen for word in remarks[row]] for chosen in looked_at]
    if notes is not None:
        notes += remarks
    return values


def _named(path: Path, extra: dict[str, Any]) -> tuple[list[str], list[list[str]], list[int]]:
    expected_names = [name.casefold() for name in extra["names"]]

    def holds_names(first: list[str]) -> bool:
        matches = [cell for cell in (" ".join(cell.split()).casefold() for cell in first) if cell in expected_names]
        # Where columns are called 0, 1, 2, a number may be a value: it is a name only if all are, each in its turn.
        in_turn = len(matches) == len(first) and sorted(set(matches), key=expected_names.index) == matches
        return in_turn or any(number(cell) is None for cell in matches)

    sheet = read_delimited(path, header=holds_names)
    if sheet.left_out:
        raise TorchbookError(f"line {sheet.left_out[0]} of {path.name} has more cells than there are columns")
    if sheet.header:
        return sheet.names, sheet.columns, sheet.lines
    without = [name for name in extra["names"] if name != extra["target"]["name"]]
    for names in (extra["names"], without):
        if len(sheet.names) == len(names):
            return names, sheet.columns, sheet.lines
    expected = f"{len(without)} ({', '.join(without[:5])}{', ...' if len(without) > 5 else ''})"
    raise TorchbookError(f"{path.name} has {len(sheet.names)} columns without known names, expected {expected}")


def _times(planned: Plan, cells: list[str], lines: list[int]) -> np.ndarray:
    times = read(planned, cells)
    if np.isnan(times).any():
        at = int(np.isnan(times).argmax())
        raise TorchbookError(f"line {lines[at]} has no time {planned['name']!r} that can be read, got {cells[at]!r}")
    return times


def _strange(planned: Plan, cells: list[str]) -> Iterator[tuple[int, str]]:
    """Each row with something in this column that training did not know, and what became of it."""
    if planned["kind"] == "categorical":
        categories = set(planned["categories"])
        for row, key in enumerate(keys(planned, cells)):
            if key not in categories:
                yield row, f"is {key!r}, which the model does not know (never or once in training)"
        return
    for row in np.flatnonzero(np.isnan(read(planned, cells))).tolist():
        what = "is empty" if is_missing(cells[row]) else f"is {cells[row]!r}, not {_expected(planned)}"
        yield row, f"{what}; the training mean {typical(planned)} stands there" if planned["scaled"] else what


def _expected(planned: Plan) -> str:
    if planned["kind"] == "date":
        return f"a date like {planned['form']}"
    return "a number" if planned["numeric"] else f"one of {', '.join(planned['form'])}"
