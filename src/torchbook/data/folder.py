"""A folder or zip of images, one folder per class, becomes a data set."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from torchbook.data.dataset import Card, Dataset, Split, channel_statistics, split_indices
from torchbook.data.files import listing
from torchbook.data.layout import Layout, layout
from torchbook.data.pack import Index, pack, rows
from torchbook.errors import TorchbookError

_REASONS = {
    "hidden": "are hidden or left by an operating system",
    "link": "are links to what lies in the folder anyway",
    "no file": "are neither files nor folders",
    "repeated": "are twice in the zip, of which the last was taken",
    "no image": "are no images",
    "damaged": "are damaged",
    "no class": "lie in no class folder",
    "unknown class": "are of classes that the training pictures have not",
}


def load_folder(path: Path, *, image_size: int | None = None, seed: int = 0) -> Dataset:
    """The images of a folder or zip: `CLASS/...`, or `train/CLASS/...` with `test/` and perhaps `valid/` beside it.

    Without `test/` or `valid/` these are drawn from the training pictures by `seed`, class by class, copies of a
    picture together. Pictures of one size up to 128 pixels stay as they are, others become squares of at most 64
    pixels, or of `image_size`: scaled to cover it, cropped at the centre. Read once, they are kept packed under
    `home()/packs`.

    `card.extra` counts the files `found` and lists by name what was `left_out` and why, `duplicates` (pictures of equal
    pixels) and pictures of `one_colour`.

    Raises:
        TorchbookError: there are no images or fewer than two classes; the zip is damaged; a name or link leads out of
            the folder; a file is a decompression bomb.
    """
    if image_size is not None and not 8 <= image_size <= 1024:
        raise TorchbookError(f"image_size must be 8 to 1024 pixels, got {image_size}")
    path = Path(path)
    files, left_out = listing(path)
    if not files:
        raise TorchbookError(f"{path}: there are no files in it; expected one folder of images per class")
    array, index = pack(path, files, image_size=image_size)
    for name, (kind, _) in index.unusable.items():
        left_out.setdefault(kind, []).append(name)
    found = layout(index.names)
    usable = [row for row, digest in enumerate(index.digests) if digest]
    classes = _classes(path, found, usable)
    numbers = {name: number for number, name in enumerate(classes)}
    roles: dict[str, list[int]] = {}
    labels = np.full(len(index.names), -1)
    for row in usable:
        place = found.places[row]
        if place is None or place[1] not in numbers:
            left_out.setdefault("no class" if place is None else "unknown class", []).append(index.names[row])
            continue
        roles.setdefault(place[0], []).append(row)
        labels[row] = numbers[place[1]]
    chosen, drawn = _drawn(roles, labels, index.digests, seed)
    train, valid, test = (Split(torch.from_numpy(rows(array, part)), torch.from_numpy(labels[part])) for part in chosen)
    mean, std = channel_statistics(train.inputs)
    duplicates = _duplicates(index, chosen)
    card = Card(
        name=path.stem,
        title=f"{path.name}: {sum(map(len, chosen)):,} images of {len(classes)} classes",
        kind="images",
        task="classification",
        classes=tuple(classes),
        mean=mean,
        std=std,
        augment=("flip", "crop") if index.shape[1] == 3 else ("crop",),
        source=str(path),
        notes=(*_conversions(index, found, image_size), *drawn, *_leftovers(left_out), *_suspects(index, duplicates)),
        extra={
            "found": len(files) + len(left_out.get("hidden", [])) + len(left_out.get("link", [])),
            "left_out": left_out,
            "duplicates": duplicates,
            "one_colour": [index.names[row] for row in index.one_colour],
        },
    )
    return Dataset(train, valid, test, card)


def _classes(path: Path, found: Layout, usable: list[int]) -> list[str]:
    places = [found.places[row] for row in usable]
    classes = sorted({place[1] for place in places if place and place[0] in ("", "train")})
    if len(classes) < 2:
        what = f"only the class {classes[0]!r}" if classes else "no folder of readable images"
        raise TorchbookError(f"{path}: there is {what}; expected a folder of images for each of two or more classes")
    return classes


def _drawn(
    roles: dict[str, list[int]], labels: np.ndarray, digests: list[str], seed: int
) -> tuple[list[np.ndarray], list[str]]:
    """The rows of train, valid and test, with what was drawn to get them in words."""
    given: dict[str, np.ndarray] = {role: np.array(part) for role, part in roles.items() if role}
    source = np.array(roles.get("") or roles["train"])
    missing = [role for role in ("valid", "test") if role not in given]
    notes = []
    if missing:
        share = 0.15 if len(missing) == 2 else 0.1
        fractions = (share if "valid" in missing else 0.0, share if "test" in missing else 0.0)
        # One of each group of equal pictures is drawn and the others follow it, so that no copy crosses the split.
        keys = np.array([digests[row] for row in source])
        _, first, group = np.unique(keys, return_index=True, return_inverse=True)
        parts = split_indices(
            len(first), fractions=fractions, seed=seed, labels=torch.from_numpy(labels[source[first]])
        )
        for role, part in zip(("train", "valid", "test"), parts):
            if role == "train" or role in missing:
                given[role] = source[np.isin(group, part.numpy())]
        words = " and ".join({"valid": "validation", "test": "test"}[role] for role in missing)
        notes.append(f"{share:.0%} of each class were drawn for {words} with seed {seed}")
        for role in missing:
            if not len(given[role]):
                given[role] = given["train"]
                notes.append(
                    f"there are too few pictures for a {role} split of their own: the training pictures stand in"
                )
    return [given[role] for role in ("train", "valid", "test")], notes


def _duplicates(index: Index, chosen: list[np.ndarray]) -> dict[str, list[list[str]]]:
    """Groups of pictures with equal pixels: those "across" two splits and those "within" one."""
    one_colour = set(index.one_colour)
    groups: dict[str, list[tuple[int, int]]] = {}
    for role, part in enumerate(chosen):
        for row in part.tolist():
            if row not in one_colour:
                groups.setdefault(index.digests[row], []).append((role, row))
    found: dict[str, list[list[str]]] = {"across": [], "within": []}
    for group in groups.values():
        if len(group) > 1:
            across = len({role for role, _ in group}) > 1
            found["across" if across else "within"].append([index.names[row] for _, row in group])
    return found


def _conversions(index: Index, found: Layout, image_size: int | None) -> list[str]:
    facts: dict[str, Any] = index.facts
    _, _, height, width = index.shape
    notes = []
    smallest, largest = facts["smallest"], facts["largest"]
    if facts["sizes"] > 1 or tuple(smallest) != (width, height):
        sizes = f"{smallest[0]} x {smallest[1]}" + (f" to {largest[0]} x {largest[1]}" if facts["sizes"] > 1 else "")
        hint = "" if image_size else "; image_size chooses another size"
        notes.append(
            f"pictures of {sizes} pixels were scaled to cover {width} x {height} and cropped at the centre{hint}"
        )
    if facts["colour"] and facts["grey"]:
        notes.append(f"{facts['grey']:,} grey pictures among {facts['colour']:,} colour ones became RGB")
    if facts["transparent"]:
        notes.append(f"{facts['transparent']:,} pictures with transparency were laid over white")
    if facts["moving"]:
        notes.append(f"of {facts['moving']:,} files with several frames the first was taken")
    if facts["deep"]:
        notes.append(f"{facts['deep']:,} pictures of {facts['depth']} bits a pixel were reduced to 8")
    if found.deeper:
        notes.append(f"{found.deeper:,} pictures lie in deeper folders and are of the class of the uppermost")
    return notes


def _leftovers(left_out: dict[str, list[str]]) -> list[str]:
    return [f"left out: {len(names):,} files {_REASONS[reason]} ({_some(names)})" for reason, names in left_out.items()]


def _suspects(index: Index, duplicates: dict[str, list[list[str]]]) -> list[str]:
    notes = []
    if duplicates["across"]:
        first = " = ".join(duplicates["across"][0])
        notes.append(
            f"{len(duplicates['across']):,} pictures are in more than one split ({first}): the test is too kind"
        )
    if duplicates["within"]:
        notes.append(f"{len(duplicates['within']):,} pictures have copies in their own split")
    if index.one_colour:
        names = [index.names[row] for row in index.one_colour]
        notes.append(f"{len(names):,} pictures are of one colour throughout ({_some(names)}): placeholders?")
    return notes


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
