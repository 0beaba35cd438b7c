"""Arrays that a person has saved (`.npy`, `.npz`, `.safetensors`) become a data set."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from torchbook.data.array_file import array_names, read_array
from torchbook.data.augment.resample import moves
from torchbook.data.dataset import Card, Dataset, Split, channel_statistics
from torchbook.data.phrasing import counted
from torchbook.data.splits import SPLITS, balance, complete, without_stand_ins
from torchbook.data.tables.columns import recognise
from torchbook.data.tables.target import labels, recognise_target
from torchbook.errors import TorchbookError

Kind = Literal["images", "volumes", "table", "sequences"]

# What may stand behind or before an array's name, as in `x_train` and `train_images`.
_FORMS = {
    "train": ("{}_train", "train_{}"),
    "valid": ("{}_valid", "{}_val", "{}_validation", "valid_{}", "val_{}"),
    "test": ("{}_test", "test_{}"),
}
# What people call what is looked at and what is to be told, the usual names first.
_INPUTS = ("x", "inputs", "input", "data", "images", "features", "arr_0")
_TARGETS = ("y", "target", "targets", "labels", "label", "outputs", "arr_1")
_CHANNELS = (1, 3, 4)


def load_arrays(
    path: Path,
    *,
    inputs: str | None = None,
    target: str | None = None,
    kinds: dict[str, str] | None = None,
    steps_first: bool = False,
    seed: int = 0,
) -> Dataset:
    """The arrays of inputs and target of a file: `x` and `y`, or `x_train`, `y_train`, `x_test` and so on, or under
    other usual names (`data` and `labels`, `train_images`, `arr_0`); `inputs` and `target` say others.

    An `.npy` file holds one array; the others are the files of those names beside it, and a folder may hold them. The
    shape says what the inputs are: `[count]` and `[count, features]` a table; `[count, height, width]` grey images
    (where they are bytes, or squares of 8 or more), otherwise sequences `[count, features, steps]`, or `[count, steps,
    features]` with `steps_first`; four axes are images and five volumes, with the channels after the count or last.
    Bytes of images stay bytes, all else becomes float32. A target of one value a row is told as in a table, and `kinds`
    says otherwise: classes are names, truth values and whole numbers that count them. One-hot rows are classes, rows of
    0 and 1 several tags; without a target there is nothing to predict. Rows with numbers that are not finite are left
    out. A test or validation split that is not there is drawn by `seed`.

    Raises:
        TorchbookError: an array is missing, of another length or not of numbers; the file is damaged, too large for the
            memory or holds Python objects, which could run code when they are loaded.
    """
    path = Path(path)
    named = _named(path, inputs, target)
    # The part that all splits have in common is what the arrays are called.
    inputs, target = _common([name for name, _ in named.values()]), _common([name for _, name in named.values()])
    notes: list[str] = []
    values: dict[str, np.ndarray] = {}
    wanted: dict[str, np.ndarray] = {}
    left_out: dict[str, list[int]] = {}
    kind: Kind = "table"
    for split, (name, answer) in named.items():
        raw = read_array(path, name)
        told, kind, shaped = _shaped(raw, f"{path}: {name!r}", steps_first)
        notes += [note for note in told if note not in notes]
        rows = _finite(shaped)
        if answer:
            wanted[split] = read_array(path, answer)
            if wanted[split].shape[:1] != raw.shape[:1]:
                shapes = f"{name!r} has the shape {raw.shape} and {answer!r} {wanted[split].shape}"
                raise TorchbookError(f"{path}: {shapes}; expected as many rows")
            rows &= _finite(wanted[split])
            wanted[split] = wanted[split][rows]
        if not rows.any():
            raise TorchbookError(f"{path}: no row of {name!r} has only finite numbers; expected some")
        left_out[split] = np.flatnonzero(~rows).tolist()
        values[split] = shaped if rows.all() else shaped[rows]
    notes += [
        f"Left out of {split}: {counted(len(gone), 'row')} with numbers that are not finite."
        for split, gone in left_out.items()
        if gone
    ]
    if len({part.shape[1:] for part in values.values()}) > 1:
        shapes = " and ".join(f"{part.shape} in {split}" for split, part in values.items())
        raise TorchbookError(f"{path}: the inputs have the shapes {shapes}; expected the same in every split")
    task: Any = "generation"
    classes: tuple[str, ...] = ()
    given = {split: Split(torch.from_numpy(part)) for split, part in values.items()}
    if wanted:
        kind_of_target = {name.lower(): kind for name, kind in (kinds or {}).items()}.get(target.lower())
        task, told, classes, every, known = _labels(
            list(wanted.values()), f"{path}: {target!r}", target, kind_of_target
        )
        notes += told
        lengths = [len(part) for part in wanted.values()]
        for split, numbered, usable in zip(wanted, every.split(lengths), known.split(lengths)):
            inputs_ = given[split].inputs
            # What is mapped from a file stays so unless a row is left out.
            given[split] = Split(inputs_ if usable.all() else inputs_[usable], numbered[usable])
    labels_ = given["train"].labels
    every_class = labels_.numpy() if task == "classification" and labels_ is not None else None
    counts = {split: np.arange(len(part)) for split, part in given.items()}
    chosen, told = complete(counts, every_class, seed=seed, what="rows")
    notes += told
    train, valid, test = (_rows(given.get(split, given["train"]), chosen[split]) for split in SPLITS)
    if every_class is not None:
        parts = {"train": train, "valid": valid, "test": test}
        notes += balance(classes, {split: np.asarray(parts[split].labels) for split in without_stand_ins(chosen)})
    mean, std = channel_statistics(train.inputs)
    card = Card(
        name=path.stem,
        title=f"{path.name}: {counted(sum(map(len, given.values())), 'example')}",
        kind=kind,
        task=task,
        classes=classes,
        features=_numbered(inputs, train.inputs) if kind == "table" else (),
        targets=_numbered(target, train.labels) if train.labels is not None and task == "regression" else (),
        mean=mean,
        std=std,
        augment=moves(*train.inputs.shape[2:]) if kind == "images" else (),
        source=str(path),
        notes=tuple(notes),
        extra={"left_out": left_out, "array": named["train"][0], "steps_first": steps_first},
    )
    return Dataset(train, valid, test, card)


def array_rows(extra: dict[str, Any], path: Path, shape: tuple[int, ...]) -> Tensor:
    """The rows of a file of arrays as a model of arrays is fed them, before normalisation; `extra` is that of the card
    of its data and `shape` that of one sample.

    Raises:
        TorchbookError: the array is missing or not of that shape, or holds numbers that are not finite.
    """
    names = array_names(path)
    wanted = [extra["array"], *(form.format(name) for name in _INPUTS for form in ("{}", "{}_test", "test_{}"))]
    here = {name.lower(): name for name in reversed(names)}
    alone = [path.stem] if path.suffix.lower() == ".npy" else names if len(names) == 1 else []
    name = next((here[each.lower()] for each in [*alone, *wanted] if each.lower() in here), None)
    if name is None:
        raise TorchbookError(f"{path}: there is no array {extra['array']!r}, only {', '.join(names)}")
    raw = read_array(path, name)
    if raw.shape == shape or raw.shape[::-1] == shape:
        raw = raw[None]
    _, _, rows = _shaped(raw, f"{path}: {name!r}", extra["steps_first"])
    if rows.shape[1:] != shape:
        raise TorchbookError(
            f"{path}: {name!r} has rows of the shape {rows.shape[1:]}; the model was trained on {shape}"
        )
    if not (finite := _finite(rows)).all():
        raise TorchbookError(f"{path}: row {int((~finite).argmax())} of {name!r} has numbers that are not finite")
    return torch.from_numpy(np.ascontiguousarray(rows))


def _named(path: Path, inputs: str | None, target: str | None) -> dict[str, tuple[str, str]]:
    """The names of inputs and target of each split, in the letters of the file; the target "" where it has none."""
    names = array_names(path)
    known = {name.lower(): name for name in reversed(names)}
    if path.suffix.lower() == ".npy" and inputs is None:
        if _common([path.stem]).lower() in _TARGETS:
            beside = next((forms["train"].format(name) for name in _INPUTS if (forms := _forms(name, known))), "")
            there = f"give that of the inputs: {path.with_name(known[beside])}.npy" if beside else "say inputs=NAME"
            raise TorchbookError(f"{path} is the target itself; {there}")
        inputs = None if _common([path.stem]).lower() in _INPUTS else path.stem
    wanted = _INPUTS if inputs is None else (inputs,)
    forms, inputs = next(((forms, name) for name in wanted if (forms := _forms(name, known))), ({}, wanted[0]))
    if not forms:
        raise TorchbookError(f"{path}: there is no array {inputs!r}, only {', '.join(names)}; say inputs=NAME")
    chosen = {split: known[form.format(inputs.lower())] for split, form in forms.items()}
    answers = _TARGETS if target is None else (target,)
    complete_ = [name for name in answers if all(form.format(name.lower()) in known for form in forms.values())]
    if complete_:
        return {split: (chosen[split], known[form.format(complete_[0].lower())]) for split, form in forms.items()}
    partly = any(form.format(name.lower()) in known for name in answers for form in forms.values())
    of_files = path.is_dir() or path.suffix.lower() == ".npy"
    if target is not None or partly or not (of_files or len(names) == len(forms)):
        usual = next(iter(forms.values())).format(answers[0])
        lacking = next(
            (f for f in (form.format(answers[0]) for form in forms.values()) if f.lower() not in known), usual
        )
        raise TorchbookError(f"{path}: there is no array {lacking!r}, only {', '.join(names)}; say target=NAME")
    return {split: (name, "") for split, name in chosen.items()}


def _forms(name: str, known: Mapping[str, str]) -> dict[str, str]:
    """How an array is called in each split, "{}" where it is called by its name alone; none without training."""
    name = name.lower()
    if name in known:
        return {"train": "{}"}
    forms = {split: form for split, each in _FORMS.items() for form in reversed(each) if form.format(name) in known}
    return forms if "train" in forms else {}


def _common(names: Sequence[str]) -> str:
    """What an array is called without the word for its split."""
    pattern = re.compile(r"_(train|valid|val|validation|test)$|^(train|valid|val|test)_", re.IGNORECASE)
    return pattern.sub("", names[0])


def _shaped(values: np.ndarray, what: str, steps_first: bool = False) -> tuple[list[str], Kind, np.ndarray]:
    """What was changed, what the inputs are, and they as they are stored, `[count, channels or features, ...]`."""
    if values.dtype.kind not in "buif":
        raise TorchbookError(f"{what} holds values of type {values.dtype}; expected numbers")
    if not 1 <= values.ndim <= 5 or 0 in values.shape:
        raise TorchbookError(f"{what} has the shape {values.shape}; expected 1 to 5 axes, none of them empty")
    notes = []
    if values.dtype not in (np.uint8, np.float32):
        notes.append(f"The inputs were of type {values.dtype} and became float32.")
    if values.dtype != np.uint8 or values.ndim <= 2:
        with np.errstate(over="ignore"):
            values = values.astype(np.float32, copy=False)
    if values.ndim <= 2:
        return notes, "table", values.reshape(len(values), -1)
    if values.ndim == 3:
        _, height, width = values.shape
        if steps_first:
            values = np.ascontiguousarray(np.moveaxis(values.astype(np.float32, copy=False), 1, 2))
            return (
                [*notes, f"Three axes were read as sequences: {height} steps, {width} features."],
                "sequences",
                values,
            )
        if values.dtype == np.uint8 or height == width >= 8:
            return notes, "images", values[:, None]
        other = f"steps_first=True reads {height} steps of {width}"
        told = f"Three axes were read as sequences: {height} features, {width} steps; {other}."
        return [*notes, told], "sequences", values
    first, last = values.shape[1], values.shape[-1]
    if last in _CHANNELS and (first not in _CHANNELS or last == 1 < first):
        notes.append("The channels came last and were moved behind the count.")
        values = np.ascontiguousarray(np.moveaxis(values, -1, 1))
    return notes, "images" if values.ndim == 4 else "volumes", values


def _finite(values: np.ndarray) -> np.ndarray:
    """Which rows are finite throughout."""
    if values.dtype.kind != "f":
        return np.ones(len(values), bool)
    # Some at a time: the array may be mapped from a file that is larger than the memory.
    blocks = (values[start : start + 10_000] for start in range(0, len(values), 10_000))
    return np.concatenate([np.isfinite(block).reshape(len(block), -1).all(1) for block in blocks])


def _labels(
    parts: list[np.ndarray], what: str, name: str, kind: str | None
) -> tuple[str, list[str], tuple[str, ...], Tensor, Tensor]:
    """The task of a target, how it was read, the names of its classes, the labels of all rows, and which have one.

    One value a row is told as the target of a table is, so that the same data are the same from any file.
    """
    if len({part.shape[1:] for part in parts}) > 1:
        raise TorchbookError(f"{what} has another shape in each split; expected the same")
    values = np.concatenate(parts)
    if values.dtype.kind not in "buifUS" or values.ndim > 2 or 0 in values.shape:
        raise TorchbookError(f"{what} has the type {values.dtype} and the shape {values.shape}; expected a label a row")
    notes = []
    every = torch.ones(len(values), dtype=torch.bool)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    elif values.ndim == 2 and values.dtype.kind in "US":
        raise TorchbookError(f"{what} has the shape {values.shape}; expected one of two or more classes in each row")
    elif values.ndim == 2 and _is_one_hot(values):
        notes.append("The target's one-hot rows became the numbers of classes.")
        values, kind = values.argmax(1), kind or "categorical"
    elif values.ndim == 2 and ((values == 0) | (values == 1)).all() and kind != "continuous":
        notes.append(f"The target's rows of 0 and 1 are {values.shape[1]} tags, several of which may hold.")
        labels_ = torch.from_numpy(values.astype(np.float32))
        return "multilabel", notes, _numbered(name, labels_), labels_, every
    elif values.ndim == 2:
        notes.append("The target's columns are quantities.")
        return "regression", notes, (), torch.from_numpy(values.astype(np.float32)), every
    cells = [cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in values.tolist()]
    column = recognise(name, cells, wanted=kind)
    goal = recognise_target(column, given=kind is not None)
    numbered = labels(goal, column)
    known = numbered >= 0 if goal["task"] == "classification" else torch.from_numpy(~column.missing)
    notes.append(f"Predicts {name!r}, {goal['task']}: {goal['why']}.")
    if not known.all():
        notes.append(f"Left out: {counted(int((~known).sum()), 'row')} without a target.")
    return goal["task"], notes, tuple(goal["classes"]), numbered, known


def _is_one_hot(values: np.ndarray) -> bool:
    return bool((np.count_nonzero(values, axis=1) == 1).all() and (values.max(1) == 1).all())


def _rows(split: Split, rows: np.ndarray) -> Split:
    if len(rows) == len(split):
        return split
    chosen = torch.from_numpy(rows)
    return Split(split.inputs[chosen], None if split.labels is None else split.labels[chosen])


def _numbered(name: str, values: Tensor) -> tuple[str, ...]:
    count = values.shape[1]
    return (name,) if count == 1 else tuple(f"{name}{number}" for number in range(count))
