"""A table of text (CSV) as a data set: every column recognised by its kind, encoded, and split."""

from pathlib import Path
from typing import Any

import numpy as np

from torchbook.data.dataset import Card, Dataset, Split
from torchbook.data.splits import split_column
from torchbook.data.tables.cell_values import decimal_mark
from torchbook.data.tables.columns import Column, recognise
from torchbook.data.tables.delimited import SEPARATORS, Sheet, read_delimited
from torchbook.data.tables.encoding import Plan, embeddings, encode, join, plan, statistics, time_plan, typical
from torchbook.data.tables.pixel_table import load_pixels, pixel_columns
from torchbook.data.tables.table_split import row_times, split_rows, usable_rows
from torchbook.data.tables.target import choose_target, find_column, labels, recognise_target
from torchbook.data.tables.windows import forecasts, stretches, uneven, usual_step
from torchbook.errors import TorchbookError


def load_table(
    path: Path,
    *,
    target: str | None = None,
    kinds: dict[str, str] | None = None,
    time_column: str | None = None,
    window: int | None = None,
    group_column: str | None = None,
    across_gaps: bool = False,
    header: bool | None = None,
    pixels: bool = False,
    seed: int = 0,
) -> Dataset:
    """The table in the file `path`, every column as numbers; what was understood is in the card, with the reasons.

    `target` is the column to predict: by default one that is called so, or the last. `kinds` overrides what a column is
    taken for (`{"rank": "categorical"}`; a column of kind `"identifier"` is left out, `"ordinal: S < M < L"` gives an
    order); for the target, `"categorical"` asks for classes, also of words such as NA, and `"continuous"` for a
    quantity. Rows without a target are left out; "none" is a class where it is no rarer than others, and "-" beside
    "+". With `time_column` the latest rows are the test split and nothing is shuffled across; otherwise `seed` draws
    the split, class by class.
    With `window` an example is that many neighbouring rows, the target's own past among them, as `[features, window]`,
    and its label is the target of the row that follows. Rows of one value of `group_column` (a shop, a sensor) are a
    series of their own, and no window crosses a gap in time unless it may go on `across_gaps`. A column that says train
    and test is the split. `header` says whether the first row holds names. With
    `pixels`, columns that are the pixels of pictures become a data set of pictures.

    The card's `extra["columns"]` has what was decided for each column, `extra["embeddings"]` which features are indices
    (`[feature, indices, numbers each]`); `encode_rows` makes new rows from it alone.

    Raises:
        TorchbookError: the file cannot be read, a column that is named is not there, or there is nothing to learn.
    """
    sheet = read_delimited(path, header=header)
    notes = _read_as(sheet)
    if of_pixels := pixel_columns(sheet):
        if pixels:
            return load_pixels(path, sheet, of_pixels, target=target, kinds=kinds, notes=notes, seed=seed)
        notes.append(
            f"{of_pixels[0]!r} and the like are pixels: recipes of pictures take them so (torchbook train cnn)."
        )
    given = split_column(dict(zip(sheet.names, sheet.columns))) if time_column is None and window is None else None
    wanted = {find_column(sheet.names, name): kind for name, kind in (kinds or {}).items()}
    if group_column is not None:
        group_column = find_column(sheet.names, group_column, what="group column")
        wanted.setdefault(group_column, "categorical")
    if target is None:
        target, why = choose_target([name for name in sheet.names if not given or name != given[0]])
    else:
        target, why = find_column(sheet.names, target, what="target"), "as you said"
    time_column = None if time_column is None else find_column(sheet.names, time_column, what="time column")
    if target == time_column and window is None:
        raise TorchbookError(f"the column {target!r} cannot be both the target and the time")
    columns = {column.name: column for column in recognised(sheet, wanted)}
    given = None if given and given[0] == target else given
    if given:
        del columns[given[0]]
    goal = recognise_target(columns[target], given=target in wanted)
    notes.append(f"Predicts {target!r} ({why}), {goal['task']}: {goal['why']}.")

    notes += _odd(columns[target], sheet) if window is None else []
    time = None if time_column is None else columns[time_column]
    every = labels(goal, columns[target])
    rows = usable_rows(goal, columns[target], every, time, notes)
    times, groups = None if time is None else time.values, np.zeros(len(sheet), np.int64)
    if window is not None:
        group = None if group_column is None else columns[group_column]
        times, groups = row_times(columns, time, group, rows)
    by = given[0] if given else "order of the file" if time is None else f"time {time.name!r}"
    splits = split_rows(rows, every, times, by=by, given=given and given[1], seed=seed, notes=notes)
    _keep_one(columns, [name for name in columns if name not in (target, time_column)])
    plans = _plans(columns, target, time_column, splits[0], with_past=window is not None)
    if not any(planned["features"] for planned in plans):
        reasons = "; ".join(f"{planned['name']!r} {planned['reason']}" for planned in plans[:5]) or "there is no other"
        reasons += "; a window would learn from the target's own past" if time else ""
        raise TorchbookError(f"{path.name} has no column to learn from besides the target {target!r}: {reasons}")
    notes += [note for planned in plans for note in _notes_on(planned, columns[planned["name"]], sheet)]

    values = join(
        [encode(planned, columns[planned["name"]].cells, columns[planned["name"]].values) for planned in plans]
    )
    mean, std = statistics(plans, values[splits[0]])
    parts = [(values[chosen], every[chosen]) for chosen in splits]
    step = None
    if window is not None and times is not None:
        step = None if across_gaps else usual_step(times[rows], groups[rows])
        parts = [
            forecasts(*part, window, stretches(times[chosen], groups[chosen], step))
            for part, chosen in zip(parts, splits)
        ]
        first = len(rows) - sum(len(part[1]) for part in parts)
        series = f" of one {group_column!r}" if group_column else ""
        notes.append(
            f"An example is {window} rows{series} that follow each other; the first rows of a split and those after a "
            f"gap ({first}) are no labels."
        )
        if gap := uneven(times[rows], groups[rows], across=across_gaps):
            notes.append(gap)
    extra: dict[str, Any] = {"columns": plans, "target": goal, "embeddings": embeddings(plans)}
    extra |= {"names": sheet.names, "header": sheet.header, "time_column": time_column, "window": window}
    extra |= {"group_column": group_column, "step": step}
    card = Card(
        name=path.name,
        title=f"{path.stem}: {len(sheet)} rows, {len(sheet.names)} columns",
        kind="table" if window is None else "sequences",
        task=goal["task"],
        classes=tuple(goal["classes"]),
        features=tuple(name for planned in plans for name in planned["features"]),
        targets=(target,) if goal["task"] == "regression" else (),
        mean=mean,
        std=std,
        source=str(path),
        notes=tuple(notes),
        extra=extra,
    )
    train, valid, test = (Split(*part) for part in parts)
    return Dataset(train, valid, test, card)


def _plans(
    columns: dict[str, Column], target: str, time_column: str | None, train: np.ndarray, *, with_past: bool
) -> list[Plan]:
    plans = []
    for name, column in columns.items():
        if name == target:
            if with_past:
                plans.append(plan(column, train) | {"role": "past of the target"})
        elif name == time_column:
            plans.append(time_plan(column, train) | {"role": "time"})
        else:
            own = plan(column, train)
            plans.append(own | {"role": "left out" if own["encoding"] == "left out" else "input"})
    return plans


def _read_as(sheet: Sheet) -> list[str]:
    header = "names in the first row" if sheet.header else "no names in the first row"
    cells = f"Cells are separated by {SEPARATORS[sheet.separator]}" if len(sheet.names) > 1 else "There is one column"
    return [f"{cells}; {header}.", *sheet.notes]


def recognised(sheet: Sheet, wanted: dict[str, str]) -> list[Column]:
    """Every column of a table with what it is; `wanted` says it for some."""
    marks = [decimal_mark(column) for column in sheet.columns]
    votes = marks.count(",") - marks.count(".")
    # Where no column tells, a comma that does not separate cells is more likely a decimal comma than one of thousands.
    every = "," if votes > 0 else "." if votes < 0 or sheet.separator == "," else ""
    columns = []
    for name, cells in zip(sheet.names, sheet.columns):
        decimal = every or ("," if any("," in cell for cell in cells) else ".")
        columns.append(recognise(name, cells, decimal=decimal, wanted=wanted.get(name)))
    return columns


def _keep_one(columns: dict[str, Column], inputs: list[str]) -> None:
    """A count of the rows is an identifier, but where it is all there is (y over 0, 1, 2, ...) it is the input."""
    if all(columns[name].kind == "identifier" or columns[name].constant for name in inputs):
        for name in inputs:
            column = columns[name]
            if column.kind == "identifier" and column.is_number and column.reason != "as you said":
                reason = f"{column.reason}, but there is no other column to learn from"
                columns[name] = Column(name, "continuous", reason, column.cells, column.values, column.odd, column.form)


def _notes_on(planned: Plan, column: Column, sheet: Sheet) -> list[str]:
    notes = []
    if planned["encoding"] == "left out" and planned["role"] != "time":
        notes.append(f"{column.name!r} is left out: {planned['reason']}.")
    notes += _odd(column, sheet)
    if planned["missing"] and planned["encoding"] not in ("left out", "cycles"):
        treated = (
            f"the training mean {typical(planned)} stands there, and '{column.name} is missing' says where"
            if "fill" in planned
            else "empty is a category of its own"
        )
        notes.append(f"{planned['missing']} of {len(sheet)} cells of {column.name!r} are empty: {treated}.")
    return notes


def _odd(column: Column, sheet: Sheet) -> list[str]:
    if not column.odd:
        return []
    examples = ", ".join(f"{column.cells[i]!r} in line {sheet.lines[i]}" for i in column.odd[:3])
    cells = f"{len(column.odd)} cell{'s' * (len(column.odd) != 1)} of {column.name!r}"
    return [f"{cells} read as no {_what(column)} and count as empty: {examples}."]


def _what(column: Column) -> str:
    return "date" if column.kind == "date" else "number" if column.is_number else "step of the scale"
