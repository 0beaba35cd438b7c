"""What was converted, left out or found odd in a folder of images, one sentence each."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from torchbook.data.augment.resample import moves
from torchbook.data.dataset import Dataset, Split
from torchbook.data.images.layout import Layout
from torchbook.data.images.mirror import against_mirroring
from torchbook.data.images.pack import Index
from torchbook.data.phrasing import counted, printable, some

# A folder of photographs is small below so many to learn from; larger than so many pixels it holds no icons.
FEW, LARGE = 2000, 128

_REASONS = {
    "hidden": "hidden or left by an operating system",
    "link": "links to what is in the folder anyway",
    "no file": "neither files nor folders",
    "repeated": "of the name of a later one in the zip",
    "no image": "no images",
    "damaged": "damaged",
    "bomb": "far larger than pictures are (decompression bombs)",
    "unreadable": "unreadable",
    "copy": "copies of those in the other class folders",
    "no class": "in no class folder",
    "no label": "without a label",
    "unknown class": "of a class without training examples",
    "not finite": "holding values that are not finite (NaN, infinity)",
    "localizer": "localizers, or single slices beside a series",
    "another series": "of another series",
    "second at its place": "slices at the place of another",
}


def conversions(index: Index, tree: Layout, *, chosen: bool) -> Iterator[str]:
    """Yields how the images were changed; `chosen` says that the person gave their size."""
    count, _, height, width = index.shape
    facts = index.facts
    smallest, largest = facts["smallest"], facts["largest"]
    if facts["sizes"] > 1 or tuple(largest) != (width, height):
        sizes = " to ".join(f"{w} x {h}" for w, h in ([smallest, largest] if facts["sizes"] > 1 else [largest]))
        hint = "" if chosen else "; image_size asks for another size"
        yield f"Images of {sizes} pixels were scaled to cover {width} x {height} and cropped at the centre{hint}."
    if 0 < facts["colour"] < count:
        yield f"{counted(count - facts['colour'], 'grey image')} among {facts['colour']:,} in colour became RGB."
    if facts["transparent"]:
        alone = "over black what is white itself"
        yield f"{counted(facts['transparent'], 'image')} with an alpha channel: laid over white ({alone})."
    if facts["moving"]:
        yield f"{counted(facts['moving'], 'file')} with several frames: the first was taken."
    if facts.get("dicom"):
        yield (
            f"{counted(facts['dicom'], 'DICOM file')}: each in the window that it states, or else from its lowest "
            "value to its highest, and with bright for dense (MONOCHROME1 is turned round)."
        )
    if facts["deep"]:
        yield f"{counted(facts['deep'], 'image')} with values of 0 to {facts['peak']:,.0f} reduced to 0 to 255."
    if tree.deeper:
        yield f"{counted(tree.deeper, 'image')} in deeper folders: the uppermost folder is the class."


def leftovers(left_out: dict[str, list[str]]) -> Iterator[str]:
    """Yields which files are in no split, and why."""
    for reason, names in left_out.items():
        yield f"Left out as {_REASONS[reason]}: {counted(len(names), 'file')} ({some(names)})."


def safe_changes(train: Split, *, mirror: bool | None = None) -> tuple[tuple[str, ...], str]:
    """Returns the changes that leave the labels of pictures true, as far as one can see, and a sentence about them.

    `mirror` is what the person says of left and right; without it grey pictures are not mirrored (they may be writing),
    nor are those whose mirror images look like another class.
    """
    labels, moved = train.labels, moves(*train.inputs.shape[2:])
    if mirror is None and train.inputs.shape[1] == 3:
        classes = labels if labels is not None and labels.dim() == 1 and not labels.is_floating_point() else None
        if classes is not None and (torn := against_mirroring(train.inputs, classes)):
            return moved, (
                f"While training, pictures are not mirrored, for {torn[0]:,} of {torn[1]:,} that were looked at "
                "resemble another class in a mirror (mirror=True mirrors them all the same)."
            )
        mirror = True
    if mirror:
        a_little = " and moved a little" if moved else ""
        return ("flip", *moved), (
            f"While training, pictures may be mirrored (mirror=False where left and right matter){a_little}."
        )
    a_little = "may be moved a little, and are not mirrored" if moved else "stay as they are"
    return moved, f"While training, pictures {a_little}."


def few_photographs(dataset: Dataset) -> Iterator[str]:
    """Yields what would serve better than a network from scratch where a folder has few photographs."""
    channels, *_ = dataset.sample_shape
    side, count = max(dataset.card.extra.get("largest", (0,))), len(dataset.train)
    if dataset.card.task == "classification" and channels == 3 and side > LARGE and count < FEW:
        yield (
            f"{count:,} photographs are few to learn to see from: a network that sees already would serve better: "
            f"torchbook train finetune --data {dataset.card.source}"
        )


def copies(index: Index, splits: Sequence[np.ndarray], labels: np.ndarray) -> dict[str, list[list[str]]]:
    """Groups of images with equal pixels, by name: those "across" two splits, the others "within" one.

    Those that are of several classes, by the `labels` of all rows, are also among the "conflicting". Images of one
    colour are no copies of each other.
    """
    digests = Counter(index.digests)
    one_colour = set(index.one_colour)
    groups: dict[str, list[tuple[int, int]]] = {}
    for split, part in enumerate(splits):
        for row in part.tolist():
            if digests[index.digests[row]] > 1 and row not in one_colour:
                groups.setdefault(index.digests[row], []).append((split, row))
    copied: dict[str, list[list[str]]] = {"across": [], "within": [], "conflicting": []}
    for group in groups.values():
        names = [index.names[row] for _, row in group]
        if len(names) > 1:
            copied["across" if len({split for split, _ in group}) > 1 else "within"].append(names)
        if len({labels[row] for _, row in group}) > 1:
            copied["conflicting"].append(names)
    return copied


def suspects(duplicates: dict[str, list[list[str]]], one_colour: list[str]) -> Iterator[str]:
    """Copies and placeholders, which stay where they are."""
    sentences = {
        "across": "with copies in another split ({}): what is measured there is too good",
        "within": "with copies in the same split ({})",
        "conflicting": "of several classes at once ({}): one of the labels is wrong",
    }
    for where, words in sentences.items():
        if duplicates[where]:
            example = " = ".join(printable(name) for name in duplicates[where][0][:2])
            yield f"{counted(len(duplicates[where]), 'image')} {words.format(example)}."
    if one_colour:
        yield f"{counted(len(one_colour), 'image')} of one colour throughout ({some(one_colour)}): placeholders?"
