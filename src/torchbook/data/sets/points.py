"""Points in the plane, drawn by seed: circles, moons, blobs and spirals."""

import math
from typing import Literal

import torch
from torch import Generator, Tensor

from torchbook.data.dataset import Card, Dataset, channel_statistics, split
from torchbook.errors import TorchbookError

Figure = Literal["circles", "moons", "blobs", "spirals"]


def points(*, figure: str = "circles", count: int = 1000, noise: float | None = None, seed: int = 0) -> Dataset:
    """`count` points of a figure as `[count, 2]` float32 with their classes.

    `circles` are two rings, one in the other; `moons` two half rings that reach into each other; `blobs` four clouds;
    `spirals` three arms. `noise` is the standard deviation of a point from its place (a default for each figure).
    """
    if figure not in FIGURES:
        raise TorchbookError(f"figure must be one of {', '.join(FIGURES)}, got {figure!r}")
    draw, usual_noise, classes = FIGURES[figure]
    if count < 3 * classes:
        raise TorchbookError(f"the count of {figure} must be {3 * classes} or more, got {count}")
    if noise is not None and not 0 <= noise < math.inf:
        raise TorchbookError(f"noise must be 0 or more, got {noise}")
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % classes
    inputs = draw(labels, generator)
    inputs += (usual_noise if noise is None else noise) * torch.randn(inputs.shape, generator=generator)
    splits = split(inputs, labels, seed=seed)
    mean, std = channel_statistics(splits[0].inputs)
    card = Card(
        name="points",
        title=f"Points in the plane: {figure}",
        kind="points",
        task="classification",
        classes=tuple("ABCD"[:classes]),
        features=("x", "y"),
        mean=mean,
        std=std,
        source="drawn",
        licence="MIT",
    )
    return Dataset(*splits, card)


def _uniform(count: int, generator: Generator) -> Tensor:
    return torch.rand(count, generator=generator)


def _polar(radius: Tensor | float, angle: Tensor) -> Tensor:
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)


def _circles(labels: Tensor, generator: Generator) -> Tensor:
    return _polar(1.0 - 0.2 * labels, 2 * math.pi * _uniform(len(labels), generator))


def _moons(labels: Tensor, generator: Generator) -> Tensor:
    points = _polar(1.0, math.pi * _uniform(len(labels), generator))
    points[labels == 1] = torch.tensor([1.0, 0.5]) - points[labels == 1]
    return points


def _blobs(labels: Tensor, generator: Generator) -> Tensor:
    return torch.tensor([[-4.0, 3.0], [4.0, 4.0], [-3.0, -5.0], [3.0, -3.0]])[labels]


def _spirals(labels: Tensor, generator: Generator) -> Tensor:
    along = _uniform(len(labels), generator).sqrt()
    return _polar(along, 2 * math.pi * labels / 3 + 5 * along)


# figure: (places without noise, usual noise, number of classes)
FIGURES = {
    "circles": (_circles, 0.03, 2),
    "moons": (_moons, 0.1, 2),
    "blobs": (_blobs, 1.2, 4),
    "spirals": (_spirals, 0.02, 3),
}
