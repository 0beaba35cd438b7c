"""A data set as one small drawing: some of its pictures, or its points in the plane of two columns.

python -m torchbook.data.card.preview FOLDER NAME ...      draws NAME.svg for each, of few examples where it draws them
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from torchbook.data.card.thumbnails import picture
from torchbook.data.dataset import Dataset, Split
from torchbook.data.source import DATA_SETS
from torchbook.storage import write_atomically

WIDTH, HEIGHT, ROWS, COLUMNS = 360, 180, 3, 6
_DRAWN = 48  # examples of a data set that is drawn, for those who only look
_MOST = 400  # points
# The colours of the pages; the drawing is an image there and takes nothing from them but the scheme.
_STYLE = (
    "<style>circle{fill-opacity:.75}.c0{fill:#0072b2}.c1{fill:#d55e00}.c2{fill:#007a55}.c3{fill:#8250b4}"
    "image{image-rendering:pixelated}@media(prefers-color-scheme:dark)"
    "{.c0{fill:#56b4e9}.c1{fill:#f0944d}.c2{fill:#2fbf8f}.c3{fill:#b48ae0}}</style>"
)


def preview(data: Dataset) -> str:
    """Returns the drawing as SVG, `WIDTH` by `HEIGHT`."""
    inside = _pictures(data.train) if data.card.kind in ("images", "volumes") else _points(data)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"{_STYLE}{inside}</svg>"
    )


def _pictures(split: Split) -> str:
    """Returns examples in rows, of the classes in turn."""
    count, labels, order = ROWS * COLUMNS, split.labels, list(range(len(split)))
    if labels is not None and labels.ndim == 1 and not labels.is_floating_point():
        groups = [(labels == label).nonzero().flatten().tolist() for label in labels.unique()]
        deepest = max(map(len, groups))
        order = [group[depth] for depth in range(deepest) for group in groups if depth < len(group)]
    side, width = HEIGHT / ROWS, WIDTH / COLUMNS
    return "".join(
        f'<image x="{place % COLUMNS * width + 2:g}" y="{place // COLUMNS * side + 2:g}" width="{width - 4:g}" '
        f'height="{side - 4:g}" href="{picture(split.inputs[i])}"/>'
        for place, i in enumerate(order[:count])
    )


def _points(data: Dataset) -> str:
    """Returns the first two columns with a colour for each class, or the first column and what is to be predicted."""
    split = data.train
    inputs, labels = split.inputs.flatten(1).float(), split.labels
    classes = labels is not None and labels.ndim == 1 and not labels.is_floating_point()
    across = inputs[:, 0]
    if classes or labels is None:
        up = inputs[:, min(1, inputs.shape[1] - 1)]
    else:
        up = labels.flatten(1)[:, 0] if labels.ndim > 1 else labels
    marks = labels if classes and labels is not None else torch.zeros(len(split))
    radius = 7 if len(split) < 20 else 3.5
    sides = (HEIGHT, HEIGHT) if data.card.kind == "points" else (WIDTH, HEIGHT)  # a circle is round
    left = (WIDTH - sides[0]) / 2
    places = zip(_spread(across, sides[0]), _spread(up.float(), sides[1]), marks.tolist())
    return "".join(
        f'<circle cx="{left + x:.1f}" cy="{HEIGHT - y:.1f}" r="{radius}" class="c{int(mark) % 4}"/>'
        for x, y, mark in list(places)[:_MOST]
    )


def _spread(values: Tensor, size: int, *, border: int = 14) -> list[float]:
    low, high = values.min(), values.max()
    return ((values - low) / (high - low).clamp(min=1e-12) * (size - 2 * border) + border).tolist()


def main(folder: Path, names: Sequence[str]) -> None:
    """Draws the data sets of these names into the folder."""
    for name in names:
        loader = DATA_SETS[name]
        data = loader(count=_DRAWN) if loader.place.startswith("drawn.") else loader()
        write_atomically(folder / f"{name}.svg", preview(data).encode(), sync=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
