"""Arrays that a person has saved (`.npy`, `.npz`, `.safetensors`) become a data set."""

from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from torchbook.data.array_file import array_names, read_array
from torchbook.data.dataset import Card, Dataset, Split, channel_statistics
from torchbook.data.images.folder_notes import balance
from torchbook.data.phrasing import counted
from torchbook.data.splits import SPLITS, complete, without_stand_ins
from torchbook.errors import TorchbookError

Kind = Literal["images", "volumes", "table", "sequences"]

# What may stand behind an array's name, as in `x_train` and `y_train`.
_ENDINGS = {"train": ("_train",), "valid": ("_valid", "_val", "_validation"), "test": ("_test",)}
_CHANNELS = (1, 3, 4)
# More different whole numbers than this are a quantity.
_MOST_CLASSES = 1000


def load_arrays(path: Path, *, inputs: str = "x", target: str = "y", seed: int = 0) -> Dataset:
    """The arrays named `inputs` and `target` of a file, or `x_train`, `y_train`, `x_test` and so on where it has those.

    An `.npy` file holds one array; the others are the files of those names beside it. The shape says what the inputs
    are: `[count]` and `[count, features]` a table; `[count, height, width]` grey images (where they are bytes, or
    squares of 8 or more), otherwise sequences `[count, features, steps]`; four axes are images and five volumes, with
    the channels after the count or last. Bytes of images stay bytes, all else becomes float32. In `target` whole
    numbers, truth values, texts and one-hot rows are classes, floats are quantities; without one there is nothing to
    predict. Rows with numbers that are not finite are left out. A test or validation split that is not there is drawn
    by `seed`.

    Raises:
        TorchbookError: an array is missing, of another length or not of numbers; the file is damaged, too large for the
            memory or holds Python objects, which could run code when they are loaded.
    """
    path = Path(path)
    named = _named(path, inputs, target)
    notes: list[str] = []
    values: dict[str, np.ndarray] = {}
    wanted: dict[str, np.ndarray] = {}
    left_out: dict[str, list[int]] = {}
    kind: Kind = "table"
    for split, (name, answer) in named.items():
        raw = read_array(path, name)
        told, kind, shaped = _shaped(raw, f"{path}: {name!r}")
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
    classes: tuple[str, ...] = ()
    labels: dict[str, Tensor | None] = dict.fromkeys(values)
    if wanted:
        told, classes, every = _labels(list(wanted.values()), f"{path}: {target!r}")
        notes += told
        labels |= zip(wanted, every.split([len(part) for part in wanted.values()]))
    given = {split: Split(torch.from_numpy(part), labels[split]) for split, part in values.items()}
    every_class = labels["train"].numpy() if classes and labels["train"] is not None else None
    counts = {split: np.arange(len(part)) for split, part in given.items()}
    chosen, told = complete(counts, every_class, seed=seed, what="rows")
    notes += told
    train, valid, test = (_rows(given.get(split, given["train"]), chosen[split]) for split in SPLITS)
    if classes:
        parts = {"train": train, "valid": valid, "test": test}
        notes += balance(classes, {split: np.asarray(parts[split].labels) for split in without_stand_ins(chosen)})
    mean, std = channel_statistics(train.inputs)
    card = Card(
        name=path.stem,
        title=f"{path.name}: {counted(sum(map(len, values.values())), 'example')}",
        kind=kind,
        task="classification" if classes else "regression" if wanted else "generation",
        classes=classes,
        features=_numbered(inputs, train.inputs) if kind == "table" else (),
        targets=_numbered(target, train.labels) if train.labels is not None and not classes else (),
        mean=mean,
        std=std,
        augment=("crop",) if kind == "images" and min(train.inputs.shape[2:]) >= 8 else (),
        source=str(path),
        notes=tuple(notes),
        extra={"left_out": left_out},
    )
    return Dataset(train, valid, test, card)


def _named(path: Path, inputs: str, target: str) -> dict[str, tuple[str, str]]:
    """The names of inputs and target of each split, in the letters of the file; the target "" where it has none."""
    names = array_names(path)
    known = {name.lower(): name for name in reversed(names)}
    if path.suffix.lower() == ".npy" and path.stem.lower() not in (inputs.lower(), inputs.lower() + "_train"):
        inputs = path.stem
    if inputs.lower() in known:
        found = {"train": ""}
    else:
        there = [(split, end) for split, ends in _ENDINGS.items() for end in ends if (inputs + end).lower() in known]
        found = dict(reversed(there))
    if "train" not in found:
        raise TorchbookError(f"{path}: there is no array {inputs!r}, only {', '.join(names)}; say inputs=NAME")
    named = {
        split: (known[(inputs + end).lower()], known.get((target + end).lower(), "")) for split, end in found.items()
    }
    lacking = [target + found[split] for split, (_, answer) in named.items() if not answer]
    alone = path.suffix.lower() == ".npy" or len(names) == len(found)
    if lacking and not (alone and len(lacking) == len(found)):
        raise TorchbookError(f"{path}: there is no array {lacking[0]!r}, only {', '.join(names)}; say target=NAME")
    return {split: named[split] for split in _ENDINGS if split in named}


def _shaped(values: np.ndarray, what: str) -> tuple[list[str], Kind, np.ndarray]:
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
        if values.dtype == np.uint8 or height == width >= 8:
            return notes, "images", values[:, None]
        return [*notes, f"Three axes were read as sequences: {height} features, {width} steps."], "sequences", values
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


def _labels(parts: list[np.ndarray], what: str) -> tuple[list[str], tuple[str, ...], Tensor]:
    """How the target was read, the names of its classes (none for quantities), and the labels of all rows."""
    if len({part.shape[1:] for part in parts}) > 1:
        raise TorchbookError(f"{what} has another shape in each split; expected the same")
    values = np.concatenate(parts)
    if values.dtype.kind not in "buifUS" or values.ndim > 2 or 0 in values.shape:
        raise TorchbookError(f"{what} has the type {values.dtype} and the shape {values.shape}; expected a label a row")
    notes = []
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    elif values.ndim == 2 and values.dtype.kind in "buif" and _is_one_hot(values):
        notes.append("The target's one-hot rows became the numbers of classes.")
        values = values.argmax(1)
    if values.dtype.kind == "f" or (values.dtype.kind in "ui" and len(np.unique(values)) > _MOST_CLASSES):
        notes.append("The target is a quantity; for classes save whole numbers or names.")
        return notes, (), torch.from_numpy(values.astype(np.float32).reshape(len(values), -1))
    names = np.unique(values)
    if len(names) < 2 or values.ndim > 1:
        shape = f"the shape {values.shape}" if values.ndim > 1 else f"only the value {names[0]!s}"
        raise TorchbookError(f"{what} has {shape}; expected one of two or more classes in each row")
    notes.append(f"The target's {len(names)} different values are classes.")
    texts = [name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name) for name in names]
    return notes, tuple(texts), torch.from_numpy(np.searchsorted(names, values).astype(np.int64))


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
