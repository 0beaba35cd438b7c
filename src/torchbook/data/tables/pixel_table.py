"""Pictures whose pixels are the columns of a table, as in Kaggle's digits, or numbers in one cell, as in FER2013."""

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from torchbook.data.augment.resample import moves
from torchbook.data.dataset import Card, Dataset, Split, channel_statistics
from torchbook.data.phrasing import counted
from torchbook.data.splits import SPLITS, balance, complete, given_splits, split_column, without_stand_ins
from torchbook.data.tables.columns import recognise
from torchbook.data.tables.delimited import Sheet
from torchbook.data.tables.target import NAMES, choose_target, find_column, labels, recognise_target
from torchbook.errors import TorchbookError

# A picture has at least so many pixels.
_LEAST = 16
_PIXEL = re.compile(r"(pixel|px|pix|p|x|feature|col|column)?[ _.-]?\d+|\d+x\d+|r\d+c\d+", re.I)


def pixel_columns(sheet: Sheet) -> list[str]:
    """The columns that are the pixels of a square picture (grey, or three colours in turn); none where there are not.

    They hold whole numbers of 0 to 255 (or all of them parts of 1) and are numbered, or are all columns but the label;
    or one column holds that many numbers in each cell.
    """
    first = {name: column[0] for name, column in zip(sheet.names, sheet.columns)}
    for name, cell in first.items():
        numbers = cell.split()
        if len(numbers) >= _LEAST and _shape(len(numbers)) and all(map(str.isdecimal, numbers)):
            return [name]
    if len(first) <= _LEAST:
        return []
    candidates = [name for name, cell in first.items() if _is_pixel(cell)]
    numbered = [name for name in candidates if _PIXEL.fullmatch(name) and name.lower() not in NAMES]
    for chosen in (numbered, candidates[1:], candidates[:-1], candidates):
        if len(chosen) >= _LEAST and _shape(len(chosen)) and 0 < len(first) - len(chosen) <= max(3, len(first) // 20):
            values = _values(sheet, chosen[:: max(1, len(chosen) // 20)])
            if values is not None and (values.max() > 1 or (values != values.round()).any()):
                return chosen
    return []


def pixels(sheet: Sheet, columns: Sequence[str]) -> np.ndarray:
    """The pictures in these columns as uint8 `[rows, channels, height, width]`.

    Raises:
        TorchbookError: a cell is no number of 0 to 255.
    """
    if len(columns) == 1:
        cells = sheet.columns[sheet.names.index(columns[0])]
        rows = [cell.split() for cell in cells]
        odd = next((i for i, row in enumerate(rows) if len(row) != len(rows[0])), None)
        if odd is not None:
            raise TorchbookError(
                f"line {sheet.lines[odd]}: {len(rows[odd])} pixels in {columns[0]!r}, expected {len(rows[0])}"
            )
        values: np.ndarray | None = np.array(rows, dtype=np.float32)
    else:
        values = _values(sheet, columns)
    if values is None or values.min() < 0 or values.max() > 255:
        raise TorchbookError(f"the pixels in {columns[0]!r} and the others must be numbers of 0 to 255")
    values = values * 255 if values.max() <= 1 else values
    shape = _shape(values.shape[1])
    assert shape is not None
    return np.ascontiguousarray(values.round().astype(np.uint8).reshape(len(values), *shape))


def load_pixels(
    path: Path,
    sheet: Sheet,
    columns: Sequence[str],
    *,
    target: str | None,
    kinds: dict[str, str] | None,
    notes: Sequence[str],
    seed: int,
) -> Dataset:
    """The pictures of a table as a data set; the arguments are those of `load_table`."""
    cells = dict(zip(sheet.names, sheet.columns))
    rest = [name for name in sheet.names if name not in columns]
    given = split_column({name: cells[name] for name in rest})
    rest = [name for name in rest if not given or name != given[0]]
    if target is not None:
        target, why = find_column(sheet.names, target, what="target"), "as you said"
    elif rest:
        target, why = choose_target(rest)
    images = pixels(sheet, columns)
    told = [f"{counted(images[0].size, 'pixel')} of each row are pictures of {images.shape[3]} x {images.shape[2]}."]
    task, classes, every = "generation", (), None
    rows = np.arange(len(images))
    if target is not None:
        column = recognise(target, cells[target], wanted=(kinds or {}).get(target))
        goal = recognise_target(column, given=target in (kinds or {}))
        task, classes, every = goal["task"], tuple(goal["classes"]), labels(goal, column)
        rows = np.flatnonzero(every.numpy() >= 0 if task == "classification" else ~column.missing)
        told.append(f"Predicts {target!r} ({why}), {task}: {goal['why']}.")
    splits = given_splits(given[1], rows) if given else {"train": rows}
    if given:
        told.append(f"Split by the column {given[0]!r}.")
    of_class = every.numpy() if every is not None and task == "classification" else None
    chosen, drawn = complete(splits, of_class, seed=seed)
    train, valid, test = (
        Split(torch.from_numpy(images[chosen[split]]), None if every is None else every[chosen[split]])
        for split in SPLITS
    )
    own = without_stand_ins(chosen)
    lacking = [] if of_class is None else balance(classes, {split: of_class[part] for split, part in own.items()})
    mean, std = channel_statistics(train.inputs)
    answer: Any = task
    card = Card(
        name=path.stem,
        title=f"{path.name}: {counted(len(rows), 'image')} in the columns of a table",
        kind="images",
        task=answer,
        classes=classes,
        targets=(target,) if target is not None and task == "regression" else (),
        mean=mean,
        std=std,
        augment=moves(*images.shape[2:]),
        source=str(path),
        notes=(*notes, *told, *drawn, *lacking),
        extra={"pixels": list(columns)},
    )
    return Dataset(train, valid, test, card)


def _is_pixel(cell: str) -> bool:
    try:
        return 0 <= float(cell) <= 255
    except ValueError:
        return False


def _values(sheet: Sheet, columns: Sequence[str]) -> np.ndarray | None:
    """Whole numbers of 0 to 255, or parts of 1, float32 `[rows, columns]`; None where they are none."""
    place = {name: i for i, name in enumerate(sheet.names)}
    try:
        values = np.array([sheet.columns[place[name]] for name in columns], dtype=np.float32).T
    except ValueError:
        return None
    whole = (values == values.round()).all()
    return values if values.min() >= 0 and values.max() <= (255 if whole else 1) else None


def _shape(count: int) -> tuple[int, int, int] | None:
    """Channels, height and width of a square picture of so many numbers, colours last to vary; None if it is none."""
    for channels in (1, 3):
        side = math.isqrt(count // channels)
        if side >= 4 and channels * side * side == count:
            return channels, side, side
    return None
