"""What pictures are labelled with: their folders, a table beside them, or the names of their files."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from torchbook.command_answer import nearest
from torchbook.data.images.decode import reader
from torchbook.data.images.layout import role_of
from torchbook.data.phrasing import counted, some
from torchbook.data.splits import split_column
from torchbook.data.tables.cell_values import is_missing
from torchbook.data.tables.columns import recognise
from torchbook.data.tables.delimited import Sheet, read_delimited
from torchbook.data.tables.table_file import ENDINGS, ending
from torchbook.data.tables.target import choose_target, find_column, recognise_target
from torchbook.data.tables.target import labels as numbered
from torchbook.errors import TorchbookError

# A column names the pictures where so much of it is found among them.
_ENOUGH = 0.5
_TAGS = re.compile(r"(.*[ _-])?(tags|labels|attributes|categories|genres|findings)", re.I)
# What cameras and programs call their files says nothing of what is seen.
_CAMERAS = {
    "img",
    "image",
    "images",
    "dsc",
    "dscn",
    "dscf",
    "dji",
    "pict",
    "pic",
    "picture",
    "photo",
    "frame",
    "p",
    "pxl",
}
_CAMERAS |= {"screenshot", "scan", "vid", "video", "file", "sample", "train", "test", "val", "valid", "icon", "slice"}


@dataclass
class Labels:
    """What is known of pictures, row by row.

    `splits` is the split of each picture: "" where it is to be drawn, None where it has no label. `values` are the
    numbers of the `classes` (int64 `[rows]`), 0 and 1 for each of several tags (float32 `[rows, tags]`) or quantities
    (float32 `[rows, targets]`), as `task` says; `lacking` is the reason why a picture has none, `tables` are the
    files that the labels come from.
    """

    task: Literal["classification", "multilabel", "regression", "generation"]
    splits: list[str | None]
    values: np.ndarray
    classes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    lacking: str = "no label"
    tables: tuple[str, ...] = ()


def labels_beside(
    path: Path,
    pictures: Sequence[str],
    others: Sequence[str],
    *,
    labels: str | None = None,
    target: str | None = None,
    kinds: Mapping[str, str] | None = None,
) -> Labels | None:
    """The labels in the table among the `others` of a folder or zip that names its `pictures`; None if there is none.

    Names may be paths or end names, with or without their endings, in any letters' case. `labels` names the table where
    there are several, `target` its column, `kinds` says what a column is. A table for each split (`train.csv`,
    `valid.csv`) is taken as one, and so is a column that says the split.

    Raises:
        TorchbookError: the table or column that is asked for is not there.
    """
    tables = _tables(path, others, labels)
    matches = []
    for name, sheet in tables:
        column, rows = _named(sheet, pictures, role_of(_first_word(name)))
        if column is not None and len(sheet.names) > 1:
            matches.append((name, sheet, column, rows))
    if not matches:
        if labels is not None and tables:
            sheet = tables[0][1]
            raise TorchbookError(
                f"{tables[0][0]}: no column names the pictures, such as {some(pictures, 1)}; it has {some(sheet.names)}"
            )
        return None
    matches.sort(key=lambda match: _likely(match[0]))
    first = matches[0][1].names
    same = [
        match
        for match in matches
        if match[1].names == first and (role_of(_first_word(match[0])) or match is matches[0])
    ]
    sheet, rows, splits = _joined(same)
    read = _read(sheet, same[0][2], rows, splits, len(pictures), target=target, kinds=kinds or {})
    read.tables = tuple(name for name, *_ in same)
    listed = some(read.tables)
    read.notes.insert(0, f"The labels are those of {listed}: the column {same[0][2]!r} names the pictures.")
    return read


def labels_in_names(pictures: Sequence[str], splits: Sequence[str | None]) -> Labels | None:
    """Classes from the names of files, as cat in cat.12.jpg; None where the names do not begin with a few words."""
    words = []
    for name in pictures:
        stem = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
        match = re.fullmatch(r"(.*?[^\W\d_])[\W_]*\(?\d+\)?", stem)
        words.append(match[1] if match else "")
    counts = Counter(words)
    usable = {word for word, count in counts.items() if word and count > 1 and word.lower() not in _CAMERAS}
    if len(usable) < 2 or sum(counts[word] for word in usable) < 0.95 * len(words) or 2 * len(usable) > len(words):
        return None
    classes = tuple(sorted(usable))
    values = np.array([classes.index(word) if word in usable else -1 for word in words])
    example = next(name for name, word in zip(pictures, words) if word == classes[0])
    notes = [f"The class is the word before the number in the name of each file: {classes[0]!r} in {example!r}."]
    chosen = [split if value >= 0 else None for split, value in zip(splits, values.tolist())]
    return Labels("classification", chosen, values, classes, notes=notes)


def _tables(path: Path, others: Sequence[str], wanted: str | None) -> list[tuple[str, Sheet]]:
    names = [name for name in others if ending(name) in ENDINGS and "submission" not in name.lower()]
    if wanted is not None:
        if wanted not in names:
            outside = Path(wanted)
            if not outside.is_file():
                raise TorchbookError(f"{path}: there is no table {wanted!r}; {nearest(wanted, names)}")
            return [(outside.name, read_delimited(outside))]
        names = [wanted]
    read: Callable[[str], bytes] = _opened(path)
    tables = []
    for name in sorted(names, key=_likely)[:20]:
        try:
            tables.append((name, read_delimited(Path(name), raw=read(name))))
        except TorchbookError:
            if wanted is not None:
                raise
    return tables


def _opened(path: Path) -> Callable[[str], bytes]:
    open_ = reader(path)

    def read(name: str) -> bytes:
        with open_(name) as file:
            return file.read()

    return read


def _likely(name: str) -> tuple[bool, bool, str]:
    """Sorts the table to learn from before the others."""
    word = name.lower()
    return "train" not in word, "label" not in word, name


def _first_word(name: str) -> str:
    """The word of a table's name that may be a split: of `train.csv`, `train_labels.csv` or `train/_classes.csv`."""
    folder, _, last = name.replace("\\", "/").rpartition("/")
    stem = last.partition(".")[0]
    return stem if role_of(stem) else folder.rpartition("/")[2]


def _named(sheet: Sheet, pictures: Sequence[str], role: str | None) -> tuple[str | None, np.ndarray]:
    """The column that names the pictures, and the number of the picture of each row (-1 where there is none)."""
    places = _places(pictures)
    best: tuple[int, str | None, np.ndarray] = (0, None, np.empty(0))
    for name, cells in zip(sheet.names, sheet.columns):
        rows = np.array([_place(cell, places, pictures, role) for cell in cells])
        matched = len(set(rows[rows >= 0].tolist()))
        if (
            matched > best[0]
            and (rows >= 0).sum() >= min(_ENOUGH * len(cells), _ENOUGH * len(pictures))
            and matched > 1
        ):
            best = (matched, name, rows)
    return best[1], best[2]


def _places(pictures: Sequence[str]) -> dict[str, list[int]]:
    """The pictures by all that they may be called: the path, its end, both without the ending of the file."""
    places: dict[str, list[int]] = {}
    for number, name in enumerate(pictures):
        whole = name.replace("\\", "/").lower()
        last = whole.rpartition("/")[2]
        stem = last.rpartition(".")[0] or last
        keys = {whole, whole.rpartition(".")[0], last, stem}
        if stem.isdecimal():
            keys.add(str(int(stem)))
        for key in keys:
            places.setdefault(key, []).append(number)
    return places


def _place(cell: str, places: Mapping[str, list[int]], pictures: Sequence[str], role: str | None) -> int:
    key = cell.strip().replace("\\", "/").lower().removeprefix("./")
    last = key.rpartition("/")[2]
    for candidate in (key, last):
        numbers = places.get(candidate, [])
        if len(numbers) > 1:
            # Of two files of one name that in the split's own folder is meant, or that under the path's end.
            numbers = [number for number in numbers if pictures[number].lower().endswith(key)] or numbers
            own = [number for number in numbers if role and role_of(pictures[number].partition("/")[0]) == role]
            numbers = own or numbers
        if len(numbers) == 1:
            return numbers[0]
    return -1


def _joined(
    matches: Sequence[tuple[str, Sheet, str, np.ndarray]],
) -> tuple[Sheet, np.ndarray, list[str]]:
    """The tables of one form as one, with the picture of each row and the split that the table's name says."""
    sheet = matches[0][1]
    columns = [[cell for _, other, *_ in matches for cell in other.columns[i]] for i in range(len(sheet.names))]
    lines = [line for _, other, *_ in matches for line in other.lines]
    roles = [role for name, other, *_ in matches for role in [role_of(_first_word(name)) or ""] * len(other)]
    whole = Sheet(sheet.names, columns, lines, sheet.separator, sheet.header, sheet.notes, sheet.left_out)
    # One table alone labels all pictures, whatever it is called.
    return whole, np.concatenate([rows for *_, rows in matches]), roles if len(matches) > 1 else [""] * len(whole)


def _read(
    sheet: Sheet,
    name_column: str,
    rows: np.ndarray,
    splits: list[str],
    count: int,
    *,
    target: str | None,
    kinds: Mapping[str, str],
) -> Labels:
    cells = dict(zip(sheet.names, sheet.columns))
    known = {find_column(sheet.names, name): kind for name, kind in kinds.items()}
    split = split_column(cells)
    rest = [name for name in sheet.names if name not in (name_column, split and split[0])]
    notes = [*sheet.notes]
    if split:
        splits = split[1]
        notes.append(f"The column {split[0]!r} says which split a picture is of.")
    if target is None and _are_indicators(cells, rest):
        task, classes, values, told = _indicators(cells, rest)
    else:
        if target is None:
            chosen, why = choose_target(rest)
        else:
            chosen, why = find_column(sheet.names, target, what="target"), "as you said"
        why = "there is no other" if len(rest) == 1 and target is None else why
        task, classes, values, told = _of_column(chosen, cells[chosen], why, known.get(chosen), rows)
        rest = [chosen]
    of_picture: list[str | None] = [None] * count
    labels = np.full((count, *values.shape[1:]), -1 if values.ndim == 1 else 0, dtype=values.dtype)
    twice = 0
    for row, place in enumerate(rows.tolist()):
        if (
            place < 0
            or (values.ndim == 1 and values.dtype == np.int64 and values[row] < 0)
            or np.isnan(values[row]).any()
        ):
            continue
        again = of_picture[place] is not None
        twice += again
        labels[place] = np.maximum(labels[place], values[row]) if again and task == "multilabel" else values[row]
        of_picture[place] = splits[row]
    unknown = int((rows < 0).sum())
    if unknown:
        notes.append(f"{counted(unknown, 'row')} of the table name no picture that is here.")
    if twice:
        how = "all its tags count" if task == "multilabel" else "the last one counts"
        notes.append(f"{counted(twice, 'row')} name a picture again: {how}.")
    targets = tuple(rest) if task == "regression" else ()
    return Labels(task, of_picture, labels, classes, targets, [*notes, told])


def _are_indicators(cells: Mapping[str, list[str]], names: Sequence[str]) -> bool:
    """Tells whether columns hold 0 and 1 for each of several classes."""
    return len(names) > 1 and all({*cells[name]} <= {"0", "1", "0.0", "1.0", ""} for name in names)


def _indicators(cells: Mapping[str, list[str]], names: Sequence[str]) -> tuple[Any, tuple[str, ...], np.ndarray, str]:
    values = np.array([[float(cell or 0) for cell in cells[name]] for name in names], dtype=np.float32).T
    columns = f"the columns {some(names)}"
    if (values.sum(1) == 1).all():
        return "classification", tuple(names), values.argmax(1), f"The class is that of {columns} that holds 1."
    return "multilabel", tuple(names), values, f"A picture has the tags of {columns} that hold 1."


def _of_column(
    name: str, cells: list[str], why: str, kind: str | None, rows: np.ndarray
) -> tuple[Any, tuple[str, ...], np.ndarray, str]:
    """The task, classes and values of one column, and a sentence about it."""
    tags = _tags(name, cells) if kind in (None, "tags") else None
    if tags is None and kind is None:
        tags = _several_rows(cells, rows)
    if tags is not None:
        classes = tuple(sorted({tag for row in tags for tag in row}))
        place = {tag: i for i, tag in enumerate(classes)}
        values = np.zeros((len(cells), len(classes)), dtype=np.float32)
        for row, words in enumerate(tags):
            values[row, [place[word] for word in words]] = 1
        told = f"Predicts {name!r} ({why}): several of {len(classes)} tags for each picture"
        return (
            "multilabel",
            classes,
            values,
            f"{told}; kinds={{{name!r}: 'categorical'}} takes the whole cell for a class.",
        )
    column = recognise(name, cells, wanted=kind)
    goal = recognise_target(column, given=kind is not None)
    values = numbered(goal, column).numpy()
    if goal["task"] == "regression":
        values = np.where(column.missing[:, None], np.nan, values)
    told = f"Predicts {name!r} ({why}), {goal['task']}: {goal['why']}."
    return goal["task"], tuple(goal["classes"]), values, told


def _tags(name: str, cells: list[str]) -> list[list[str]] | None:
    """The tags of each cell where cells hold several, separated by one mark; None where a cell is one thing.

    Blanks and commas separate tags only where the column is called so, or where half of the words come in several
    combinations: "golden retriever" is one thing.
    """
    different = {cell for cell in cells if not is_missing(cell)}
    for mark in "|;, ":
        if not any(mark in cell for cell in different):
            continue
        tags = {
            cell: [tag.strip(" '\"") for tag in cell.strip("[](){}").split(mark) if tag.strip(" '\"")] for cell in cells
        }
        counts = Counter(tag for cell in different for tag in set(tags[cell]))
        again = sum(count > 1 for count in counts.values())
        several = mark in "|;" or _TAGS.fullmatch(name) or (2 * again >= len(counts) and len(different) > 3)
        if several and 1 < len(counts) <= len(cells) / 2:
            return [[] if is_missing(cell) else tags[cell] for cell in cells]
    return None


def _several_rows(cells: list[str], rows: np.ndarray) -> list[list[str]] | None:
    """The labels of each row where a picture has several rows with different ones, as the boxes of a detection have."""
    of_picture: dict[int, set[str]] = {}
    for cell, place in zip(cells, rows.tolist()):
        if place >= 0 and not is_missing(cell):
            of_picture.setdefault(place, set()).add(cell)
    several = sum(len(labels) > 1 for labels in of_picture.values())
    if several < 0.05 * len(of_picture) or 4 * len(set(cells)) > len(of_picture):
        return None
    return [[] if is_missing(cell) else [cell] for cell in cells]
