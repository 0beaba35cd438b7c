"""Volumes: a series of DICOM slices or a multi-page TIFF, one alone or many in class folders."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from torchbook.data.dataset import Card, Dataset, Split, channel_statistics
from torchbook.data.images import decode
from torchbook.data.images.decode import Reader
from torchbook.data.images.files import listing, parts
from torchbook.data.images.folder_notes import leftovers
from torchbook.data.images.layout import classes_of, layout
from torchbook.data.images.patients import kept_together, remarks_on, told_apart
from torchbook.data.phrasing import counted, printable
from torchbook.data.splits import SPLITS, balance, complete, without_stand_ins
from torchbook.data.volumes.dicom import find_series, localizers, stack
from torchbook.data.volumes.tiff import PAGES, read_pages
from torchbook.data.volumes.voxels import Volume, scaled
from torchbook.errors import TorchbookError

# Volumes of one size up to this many voxels each way are kept as they are, others become cubes of `_SIDE`.
_LARGEST_KEPT, _SIDE = 64, 32
_MOST_REMARKS = 5


def read_volume(path: Path) -> Volume:
    """The volume in a folder or zip of DICOM slices, in one DICOM file, or in a TIFF file of several pages.

    Slices are in the order of their positions, not of their names. Of several series the largest is taken.

    Raises:
        TorchbookError: there is no volume, a file is damaged, a value is not finite, or a name or link leads out of the
            folder.
    """
    path = Path(path)
    left_out: dict[str, list[str]] = {}
    if path.name.lower().endswith(PAGES):
        with path.open("rb") as file:
            volume = read_pages(file, path.name)
        if odd := _not_finite(volume):
            raise TorchbookError(f"{path}: slice {odd} holds a value that is not finite; put a number in its place")
        return volume
    if path.is_dir() or path.suffix.lower() == ".zip":
        listed = listing(path)
        read, names, left_out = decode.reader(path), [file.name for file in listed.files], listed.left_out
    else:
        read, names = decode.reader(path.parent), [path.name]
    series = list(_volumes(read, names, left_out))
    if not series:
        counts = ", ".join(f"{len(files):,} {reason}" for reason, files in left_out.items()) or "no files"
        raise TorchbookError(f"{path}: there is no volume ({counts}); expected slices in DICOM or a multi-page TIFF")
    _, largest, _ = max(series, key=lambda each: len(each[2]))
    notes = list(largest.notes)
    if len(series) > 1:
        others = [files for _, volume, files in series if volume is not largest]
        left_out["another series"] = [name for files in others for name in files]
        sizes = ", ".join(f"{len(files):,}" for files in others)
        notes.append(f"There are {len(series)} series: the largest was taken, not those of {sizes} files.")
    notes += leftovers(left_out)
    return replace(largest, notes=tuple(notes), left_out=left_out)


def load_volumes(path: Path, *, volume_size: int | None = None, seed: int = 0) -> Dataset:
    """A folder or zip of volumes, `CLASS/...` or `train/CLASS/...` with `test/` or `valid/` beside it.

    Each series of DICOM slices in a folder is one volume, and so is each TIFF file. Volumes of one size up to 64 voxels
    each way stay as they are, others are scaled to cubes of 32 voxels, or of `volume_size`. A test or validation split
    that is not there is drawn by `seed`, copies of a volume and those of one patient (DICOM) together. Volumes with NaN
    or infinity are left out, and so are localizers. One volume alone is a data set without classes, to be looked at.

    `card.extra` has the `unit` of the values, what was odd in a volume (`remarks`), and what was `left_out` and why.

    Raises:
        TorchbookError: there are fewer than two classes of volumes; a name or link leads out of the folder.
    """
    if volume_size is not None and not 4 <= volume_size <= 256:
        raise TorchbookError(f"volume_size must be 4 to 256 voxels, got {volume_size}")
    path = Path(path)
    listed = listing(path)
    names: list[str] = []
    values: list[Tensor] = []
    units: set[str] = set()
    shapes: set[torch.Size] = set()
    remarks: dict[str, list[str]] = {}
    files: list[list[str]] = []
    patients: list[str] = []
    every = [file.name for file in listed.files]
    for name, volume, used in _volumes(decode.reader(path), every, listed.left_out, scouts=False):
        names.append(name)
        files.append(used)
        patients.append(volume.patient)
        units.add(volume.unit)
        shapes.add(volume.values.shape)
        # Only what may stay as it is waits for the others in its own size.
        small = len(names) == 1 or (max(volume.values.shape[1:]) <= _LARGEST_KEPT and volume_size is None)
        values.append(volume.values if small else scaled(volume.values, (volume_size or _SIDE,) * 3))
        if volume.notes:
            remarks[name] = list(volume.notes)
    if len(names) == 1:
        return _alone(path, values[0], units.pop(), remarks.get(names[0], []), listed.left_out)
    if len(values) > 1:
        # The first waited in its own size, for it might have been alone.
        first = values[0]
        if volume_size is not None or max(first.shape[1:]) > _LARGEST_KEPT:
            values[0] = scaled(first, (volume_size or _SIDE,) * 3)
    tree = layout(names)
    classes = classes_of(path, tree, range(len(names)))
    given: dict[str, list[int]] = {}
    labels = np.full(len(names), -1)
    for row, place in enumerate(tree.places):
        if place is None or place[1] not in classes:
            for file in files[row]:
                listed.leave_out("no class" if place is None else "unknown class", file)
        else:
            given.setdefault(place[0] or "train", []).append(row)
            labels[row] = classes[place[1]]
    inputs = _of_one_shape(values, volume_size)
    patients = told_apart(patients)
    groups = kept_together([blake2b(volume.numpy().tobytes()).hexdigest() for volume in inputs], patients)
    chosen, notes = complete(given, labels, seed=seed, groups=groups, what="volumes")
    notes += remarks_on(patients, without_stand_ins(chosen), drawn=bool(notes))
    train, valid, test = (Split(inputs[chosen[split]], torch.from_numpy(labels[chosen[split]])) for split in SPLITS)
    mean, std = channel_statistics(train.inputs)
    if shapes != {inputs.shape[1:]}:
        size = " x ".join(map(str, inputs.shape[2:]))
        notes.append(f"Volumes were brought to {size} voxels and {counted(inputs.shape[1], 'channel')} by averaging.")
    if len(units) > 1:
        notes.append("Some volumes are in Hounsfield units and others are not: their values do not compare.")
    odd = [f"{printable(name)}: {note}" for name, sentences in remarks.items() for note in sentences]
    if len(odd) > _MOST_REMARKS:
        odd[_MOST_REMARKS:] = [f"{len(odd) - _MOST_REMARKS:,} more remarks on single volumes are in the card's extra."]
    card = Card(
        name=path.stem,
        title=f"{path.name}: {counted(len(names), 'volume')} of {len(classes)} classes",
        kind="volumes",
        task="classification",
        classes=tuple(classes),
        mean=mean,
        std=std,
        source=str(path),
        notes=(
            *notes,
            *leftovers(listed.left_out),
            *balance(list(classes), {split: labels[rows] for split, rows in without_stand_ins(chosen).items()}),
            *odd,
        ),
        extra={"unit": units.pop() if len(units) == 1 else "mixed", "remarks": remarks, "left_out": listed.left_out},
    )
    return Dataset(train, valid, test, card)


def _alone(path: Path, values: Tensor, unit: str, remarks: Sequence[str], left_out: dict[str, list[str]]) -> Dataset:
    """A data set of one volume in its own size, to be looked at."""
    only = Split(values[None])
    depth, height, width = values.shape[1:]
    mean, std = channel_statistics(only.inputs)
    card = Card(
        name=path.stem,
        title=f"{path.name}: one volume of {counted(depth, 'slice')} of {height} x {width} pixels",
        kind="volumes",
        task="generation",
        mean=mean,
        std=std,
        source=str(path),
        notes=(
            f"Its values are {unit}, from {values.min():g} to {values.max():g}.",
            *remarks,
            *leftovers(left_out),
            "There is one volume: training needs several of each class, each class in a folder of its own.",
        ),
        extra={"unit": unit, "left_out": left_out},
    )
    return Dataset(only, only, only, card)


def _volumes(
    read: Reader, names: Sequence[str], left_out: dict[str, list[str]], *, scouts: bool = True
) -> Iterator[tuple[str, Volume, list[str]]]:
    """Each volume among these files, with `scouts` also localizers, with its own name and the names of its files."""
    folders: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        if not name.lower().endswith(PAGES):
            folders.setdefault(tuple(parts(name)[:-1]), []).append(name)
            continue
        try:
            with read(name) as file:
                volume = read_pages(file, name)
        except TorchbookError:
            left_out.setdefault("damaged", []).append(name)
            continue
        if _not_finite(volume):
            left_out.setdefault("not finite", []).append(name)
        else:
            yield name, volume, [name]
    for together in folders.values():
        series, others = find_series(read, together)
        apart = set() if scouts else set(localizers(series))
        if apart:
            others.setdefault("localizer", []).extend(sorted(apart))
        for slices in series:
            files = [each.name for each in slices]
            if apart.intersection(files):
                continue
            try:
                volume = stack(read, slices)
            except TorchbookError:
                others.setdefault("damaged", []).extend(files)
                continue
            for reason, left in volume.left_out.items():
                others.setdefault(reason, []).extend(left)
                files = [file for file in files if file not in left]
            if _not_finite(volume):
                others.setdefault("not finite", []).extend(files)
            else:
                yield min(files), volume, files
        for reason, left in others.items():
            left_out.setdefault(reason, []).extend(left)


def _not_finite(volume: Volume) -> int:
    """The number of the first slice with NaN or infinity, which no training survives; 0 where there is none."""
    odd = ~volume.values.isfinite().all(-1).all(-1).all(0)
    return int(odd.nonzero()[0]) + 1 if odd.any() else 0


def _of_one_shape(values: list[Tensor], side: int | None) -> Tensor:
    """Volumes as one tensor `[count, channels, depth, height, width]`; of several channels the mean is taken."""
    if len({len(volume) for volume in values}) > 1:
        values = [volume.mean(0, keepdim=True) for volume in values]
    if side is not None or len({volume.shape for volume in values}) > 1:
        values = [scaled(volume, (side or _SIDE,) * 3) for volume in values]
    return torch.stack(values)
