"""A folder or zip of images, one folder per class, becomes a data set."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from torchbook.data.dataset import Card, Dataset, Split, channel_statistics
from torchbook.data.images.folder_notes import conversions, copies, leftovers, safe_changes, suspects
from torchbook.data.images.layout import Layout, folder_splits, layout, without_classes
from torchbook.data.images.pack import Index, pack
from torchbook.data.images.patients import kept_together, remarks_on, told_apart
from torchbook.data.images.picture_labels import Labels, labels_beside, labels_in_names
from torchbook.data.images.row_file import rows
from torchbook.data.phrasing import counted, some
from torchbook.data.splits import balance, complete, without_stand_ins
from torchbook.data.tables.cell_values import one_spelling
from torchbook.errors import TorchbookError

# The label of a picture whose class has no training pictures.
_UNKNOWN = -2
_MASKS = re.compile(r"mask|label|segment|annotation|ground.?truth|(^|[_ -])(gt|seg)([_ -]|$)", re.I)
_MASK_ENDING = re.compile(r"[_ -]?(mask|label|seg|segmentation|gt|groundtruth|annotation)s?$")


def load_folder(
    path: Path,
    *,
    image_size: int | None = None,
    test: Literal["val", "draw"] = "draw",
    labels: str | None = None,
    target: str | None = None,
    kinds: dict[str, str] | None = None,
    mirror: bool | None = None,
    seed: int = 0,
) -> Dataset:
    """The images of a folder or zip: `CLASS/...`, or `train/CLASS/...` with `test/` or `valid/` (`val/`) beside it.

    Where the folders are no classes, the labels are those of a table beside the images that names them (`train.csv`,
    `labels.csv`): a class, several tags (`cat|black`, or a column of 0 and 1 for each), or quantities; or else the
    words that the files are called by (`cat.12.jpg`). Without any there is nothing to predict. `labels` names the
    table, `target` its column, `kinds` says what a column is, as for a table.

    Without a test or validation split these are drawn from the training images by `seed`, class by class, copies of an
    image together. Where there are only `train/` and `val/`, `test` says which are the test set: with "val" those of
    `val/`, and validation images are drawn. Images of one size up to 128 pixels stay as they are, others become squares
    of at most 64 pixels, or of `image_size`: scaled to cover it, cropped at the centre. They are grey where all of them
    are, otherwise RGB. `mirror` says whether a picture keeps its class in a mirror; without it those in colour do,
    unless their mirror images look like another class. Read once, they are kept packed under `home()/packs`.

    `card.extra` lists by name what was `left_out` (with `reasons` where a file is at fault), `duplicates` (groups of
    equal pixels: "across" splits, "within" one, and of those the "conflicting", which are of several classes) and
    images of `one_colour`; `peak` is the value that became 255 in images deeper than 8 bits, `unlabelled` says why
    there are no labels, `paired` which classes look like pictures and their masks. Every file is in a split or left
    out.

    Raises:
        TorchbookError: there are no usable images; the zip is damaged; a name or link leads out of the folder; the
            table or column that is asked for is not there.
    """
    if image_size is not None and not 8 <= image_size <= 1024:
        raise TorchbookError(f"image_size must be 8 to 1024 pixels, got {image_size}")
    path = Path(path)
    array, index = pack(path, image_size=image_size)
    usable = [row for row, digest in enumerate(index.digests) if digest]
    tree = layout(index.names)
    left_out = index.left_out
    if copied := _copied(tree, index, usable):
        left_out["copy"] = [index.names[row] for row in sorted(copied)]
        usable = [row for row in usable if row not in copied]
        tree = replace(tree, deeper=tree.deeper - len(copied))
    unlabelled = without_classes(tree, usable)
    known = None
    if unlabelled or labels or target:
        known = labels_beside(
            path, index.names, left_out.get("no image", []), labels=labels, target=target, kinds=kinds
        )
        if known is None and (labels or target):
            raise TorchbookError(f"{path}: there is no table beside the images whose cells name them")
        known = known or labels_in_names(index.names, folder_splits(index.names))
        unlabelled = "" if known else unlabelled
        tree = replace(tree, deeper=0)
    known = known or _by_folder(tree, usable, index.names, unlabelled)
    if others := [name for name in left_out.pop("no image", []) if name not in known.tables]:
        left_out["no image"] = others
    given, missing = _given(known, index.names, usable)
    for reason, rows_ in missing.items():
        left_out[reason] = [index.names[row] for row in rows_]
    roles = []
    if test == "val" and "valid" in given and "test" not in given:
        given["test"] = given.pop("valid")
        roles = ["There is no test set, so the validation images are the test set here; test=draw draws one instead."]
    classified = known.task == "classification"
    # Equal images are drawn together, so that no copy crosses the splits, and so are those of a patient.
    patients = told_apart(index.patients or [""] * len(index.names))
    groups = kept_together(index.digests, patients) if any(patients) else np.array(index.digests)
    chosen, drawn = complete(given, known.values if classified else None, seed=seed, groups=groups)
    drawn += remarks_on(patients, without_stand_ins(chosen), drawn=bool(drawn))
    splits = [_split(rows(array, part), known, part) for part in chosen.values()]
    own = without_stand_ins(chosen)
    digits = np.unique(known.values, axis=0, return_inverse=True)[1].reshape(-1)
    duplicates = copies(
        index, list(own.values()), digits if known.task in ("classification", "multilabel") else 0 * digits
    )
    one_colour = [index.names[row] for row in index.one_colour]
    mean, std = channel_statistics(splits[0].inputs)
    augment, told = safe_changes(splits[0], mirror=mirror)
    card = Card(
        name=path.stem,
        title=f"{path.name}: {counted(sum(map(len, own.values())), 'image')} {_of_what(known)}",
        kind="images",
        task=known.task,
        classes=known.classes,
        targets=known.targets,
        mean=mean,
        std=std,
        augment=augment,
        source=str(path),
        notes=(
            *known.notes,
            *conversions(index, tree, chosen=image_size is not None),
            *roles,
            *drawn,
            *leftovers(left_out),
            *(balance(known.classes, {split: known.values[part] for split, part in own.items()}) if classified else ()),
            *suspects(duplicates, one_colour),
            told,
        ),
        extra={
            "left_out": left_out,
            "reasons": index.reasons,
            "peak": index.facts["peak"],
            "largest": list(index.facts["largest"]),
            "duplicates": duplicates,
            "one_colour": one_colour,
            "unlabelled": unlabelled,
            "paired": _paired(known, index.names),
        },
    )
    return Dataset(splits[0], splits[1], splits[2], card)


def _by_folder(tree: Layout, usable: list[int], names: list[str], unlabelled: str) -> Labels:
    """The labels that the folders are; none where they are `unlabelled`."""
    if unlabelled:
        splits: list[str | None] = [*folder_splits(names)]
        return Labels("generation", splits, np.zeros(len(names)), notes=[f"Nothing is to be predicted: {unlabelled}."])
    counts = Counter(place[1] for row in usable if (place := tree.places[row]))
    spelling = one_spelling(counts)
    learned = {spelling[place[1]] for row in usable if (place := tree.places[row]) and place[0] in ("", "train")}
    classes = {name: number for number, name in enumerate(sorted(learned))}
    values = np.full(len(names), -1)
    splits = [None] * len(names)
    for row, place in enumerate(tree.places):
        if place is not None and (number := classes.get(spelling.get(place[1], place[1]))) is not None:
            values[row], splits[row] = number, place[0]
        elif place is not None:
            values[row] = _UNKNOWN
    twins = [f"{name!r} counts as {usual!r}" for name, usual in spelling.items() if name != usual]
    notes = [f"Folders that differ by capitals or blanks are one class: {some(twins)}."] if twins else []
    return Labels("classification", splits, values, tuple(classes), notes=notes, lacking="no class")


def _given(known: Labels, names: list[str], usable: list[int]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The usable rows of each split, and those without a label by the reason."""
    by_folder = folder_splits(names)
    labelled = [row for row in usable if known.splits[row] is not None]
    # A table that says no splits labels the pictures of folders that do.
    from_folders = not any(known.splits[row] for row in labelled) and len({by_folder[row] for row in labelled}) > 1
    given: dict[str, list[int]] = {}
    missing: dict[str, list[int]] = {}
    for row in usable:
        split = known.splits[row]
        if split is None:
            unknown = known.values.ndim == 1 and known.values[row] == _UNKNOWN
            missing.setdefault("unknown class" if unknown else known.lacking, []).append(row)
        else:
            given.setdefault((by_folder[row] if from_folders else split) or "train", []).append(row)
    return given, missing


def _split(inputs: np.ndarray, known: Labels, chosen: np.ndarray) -> Split:
    if known.task == "generation":
        return Split(torch.from_numpy(inputs))
    return Split(torch.from_numpy(inputs), torch.from_numpy(known.values[chosen]))


def _of_what(known: Labels) -> str:
    if known.task == "regression":
        return f"with {' and '.join(map(repr, known.targets))}"
    if known.task == "generation":
        return "without labels"
    return f"of {len(known.classes)} {'tags' if known.task == 'multilabel' else 'classes'}"


def _paired(known: Labels, names: list[str]) -> list[str]:
    """Two classes whose files are called the same, one of them after masks: pictures and what is marked in them."""
    if known.task != "classification":
        return []
    stems: dict[str, set[str]] = {name: set() for name in known.classes}
    for name, number in zip(names, known.values.tolist()):
        if number >= 0:
            stem = name.replace("\\", "/").rpartition("/")[2].partition(".")[0].lower()
            stems[known.classes[number]].add(_MASK_ENDING.sub("", stem))
    masks = [name for name in stems if _MASKS.search(name)]
    return next(
        ([other, mask] for mask in masks for other in stems if other not in masks
         and len(stems[other] & stems[mask]) >= 0.8 * max(1, min(len(stems[other]), len(stems[mask])))),
        [],
    )  # fmt: skip


def _copied(tree: Layout, index: Index, usable: list[int]) -> set[int]:
    """The rows of a folder that looks like a class and holds the other classes' images, all of them copies."""
    again = {row for row in usable if (place := tree.places[row]) and place[1] in tree.again}
    others = {index.digests[row] for row in usable if row not in again}
    return again if all(index.digests[row] in others for row in again) else set()
