"""A folder or zip of images, one folder per class, becomes a data set."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from torchbook.data.dataset import Card, Dataset, Split, channel_statistics
from torchbook.data.images.folder_notes import balance, conversions, copies, leftovers, safe_changes, suspects
from torchbook.data.images.layout import Layout, classes_of, layout
from torchbook.data.images.pack import Index, pack
from torchbook.data.images.patients import kept_together, remarks_on, told_apart
from torchbook.data.images.row_file import rows
from torchbook.data.phrasing import counted
from torchbook.data.splits import complete, without_stand_ins
from torchbook.errors import TorchbookError


def load_folder(
    path: Path,
    *,
    image_size: int | None = None,
    test: Literal["val", "draw"] = "draw",
    mirror: bool | None = None,
    seed: int = 0,
) -> Dataset:
    """The images of a folder or zip: `CLASS/...`, or `train/CLASS/...` with `test/` or `valid/` (`val/`) beside it.

    Without a test or validation split these are drawn from the training images by `seed`, class by class, copies of an
    image together. Where there are only `train/` and `val/`, `test` says which are the test set: with "val" those of
    `val/`, and validation images are drawn. Images of one size up to 128 pixels stay as they are, others become squares
    of at most 64 pixels, or of `image_size`: scaled to cover it, cropped at the centre. They are grey where all of them
    are, otherwise RGB. `mirror` says whether a picture keeps its class in a mirror; without it those in colour do,
    unless their mirror images look like another class. Read once, they are kept packed under `home()/packs`.

    `card.extra` lists by name what was `left_out` (with `reasons` where a file is at fault), `duplicates` (groups of
    equal pixels: "across" splits, "within" one, and of those the "conflicting", which are of several classes) and
    images of `one_colour`; `peak` is the value that became 255 in images deeper than 8 bits. Every file is in a split
    or left out.

    Raises:
        TorchbookError: there are no usable images or fewer than two classes; the zip is damaged; a name or link leads
            out of the folder; a file is a decompression bomb.
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
    classes = classes_of(path, tree, usable)
    given: dict[str, list[int]] = {}
    labels = np.full(len(index.names), -1)
    for row in usable:
        place = tree.places[row]
        if place is None or place[1] not in classes:
            left_out.setdefault("no class" if place is None else "unknown class", []).append(index.names[row])
        else:
            given.setdefault(place[0], []).append(row)
            labels[row] = classes[place[1]]
    if "" in given:
        given["train"] = given.pop("")
    roles = []
    if test == "val" and "valid" in given and "test" not in given:
        given["test"] = given.pop("valid")
        roles = ["There is no test set, so the validation images are the test set here; test=draw draws one instead."]
    # Equal images are drawn together, so that no copy crosses the splits, and so are those of a patient.
    patients = told_apart(index.patients or [""] * len(index.names))
    groups = kept_together(index.digests, patients) if any(patients) else np.array(index.digests)
    chosen, drawn = complete(given, labels, seed=seed, groups=groups)
    drawn += remarks_on(patients, without_stand_ins(chosen), drawn=bool(drawn))
    splits = [Split(torch.from_numpy(rows(array, part)), torch.from_numpy(labels[part])) for part in chosen.values()]
    own = without_stand_ins(chosen)
    duplicates = copies(index, list(own.values()), labels)
    one_colour = [index.names[row] for row in index.one_colour]
    mean, std = channel_statistics(splits[0].inputs)
    augment, told = safe_changes(splits[0], mirror=mirror)
    card = Card(
        name=path.stem,
        title=f"{path.name}: {counted(sum(map(len, own.values())), 'image')} of {len(classes)} classes",
        kind="images",
        task="classification",
        classes=tuple(classes),
        mean=mean,
        std=std,
        augment=augment,
        source=str(path),
        notes=(
            *conversions(index, tree, chosen=image_size is not None),
            *roles,
            *drawn,
            *leftovers(left_out),
            *balance(list(classes), {split: labels[part] for split, part in own.items()}),
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
        },
    )
    return Dataset(splits[0], splits[1], splits[2], card)


def _copied(tree: Layout, index: Index, usable: list[int]) -> set[int]:
    """The rows of a folder that looks like a class and holds the other classes' images, all of them copies."""
    again = {row for row in usable if (place := tree.places[row]) and place[1] in tree.again}
    others = {index.digests[row] for row in usable if row not in again}
    return again if all(index.digests[row] in others for row in again) else set()
