"""The drawn data sets as what every loader gives: train, valid and test with a card."""

from importlib import import_module
from typing import Any

import torch

from torchbook.data.dataset import Card, Dataset, Split, channel_statistics
from torchbook.data.drawn.pool import Job, drawn
from torchbook.errors import TorchbookError
from torchbook.home import home

# Where the indices of valid and test begin: no training set, however large, reaches them.
_VALID, _TEST = 1 << 40, 1 << 41


def handwriting(*, seed: int = 0, count: int = 48_000) -> Dataset:
    """Digits 0 to 9 as pen strokes, 28 x 28, grey: the stand-in for MNIST, in its form.

    Args:
        count: how many are drawn to train on, 6 or more; a sixth as many each are drawn to validate and to test.
    """
    return _drawn(
        "handwriting:handwriting",
        seed=seed,
        count=count,
        size=28,
        factor="digit",
        title="Digits drawn as pen strokes, 28 x 28 pixels",
        augment=("shift",),
    )


def shapes(*, seed: int = 0, count: int = 12_000, image_size: int = 32) -> Dataset:
    """Ten shapes in colour, textured, turned and among clutter.

    Args:
        count: how many are drawn to train on, 6 or more; a sixth as many each are drawn to validate and to test.
        image_size: the side in pixels, 16 to 256.
    """
    return _drawn(
        "shapes:shapes",
        seed=seed,
        count=count,
        size=image_size,
        factor="shape",
        title=f"Ten shapes in colour, textured and among clutter, {image_size} x {image_size} pixels",
        augment=("flip",),
    )


def few_shapes(*, seed: int = 0, count: int = 100, image_size: int = 128) -> Dataset:
    """The ten shapes, about ten large pictures of each: too few to learn to see from, enough for a network
    that can see already.

    Args:
        count: how many are drawn to train on; 50 are drawn to validate and 200 to test.
        image_size: the side in pixels, 16 to 256.
    """
    return _drawn(
        "shapes:shapes",
        seed=seed,
        count=count,
        others=(50, 200),
        size=image_size,
        factor="shape",
        title=f"About {count // 10} pictures of each of ten shapes, {image_size} x {image_size} pixels",
        augment=("flip",),
    )


def faces(*, seed: int = 0, count: int = 12_000, image_size: int = 64, factor: str = "hair_colour") -> Dataset:
    """Cartoon faces with large eyes, each of nine factors drawn by itself.

    Args:
        count: how many are drawn to train on, 6 or more; a sixth as many each are drawn to validate and to test.
        image_size: the side in pixels, 16 to 256.
        factor: what the labels say: hair_colour, hair_style, fringe, eye_colour, eye_shape, skin, mouth, accessory or
            background.
    """
    return _drawn(
        "faces:faces",
        seed=seed,
        count=count,
        size=image_size,
        factor=factor,
        title=f"Cartoon faces, {image_size} x {image_size} pixels, by {factor.replace('_', ' ')}",
        augment=("flip",),
    )


def horses(*, seed: int = 0, count: int = 6_000, image_size: int = 64, factor: str = "pose") -> Dataset:
    """Horses in open country: one of two domains without pairs, for turning each into the other.

    Args:
        count: how many are drawn to train on, 6 or more; a sixth as many each are drawn to validate and to test.
        image_size: the side in pixels, 16 to 256.
        factor: what the labels say: pose or facing, which a change of coat should not change.
    """
    return _animals("horses", "Horses", seed=seed, count=count, image_size=image_size, factor=factor)


def zebras(*, seed: int = 0, count: int = 6_000, image_size: int = 64, factor: str = "pose") -> Dataset:
    """Zebras in open country: the other domain, of the same poses and places; the options are those of `horses`.

    Args:
        count: how many are drawn to train on, 6 or more; a sixth as many each are drawn to validate and to test.
        image_size: the side in pixels, 16 to 256.
        factor: what the labels say: pose or facing, which a change of coat should not change.
    """
    return _animals("zebras", "Zebras", seed=seed, count=count, image_size=image_size, factor=factor)


def _animals(name: str, title: str, *, seed: int, count: int, image_size: int, factor: str) -> Dataset:
    return _drawn(
        f"horses:{name}",
        seed=seed,
        count=count,
        size=image_size,
        factor=factor,
        title=f"{title} in open country, {image_size} x {image_size} pixels",
        # A mirrored horse faces the other way.
        augment=() if factor == "facing" else ("flip",),
        task="generation",
    )


def blobs3d(*, seed: int = 0, count: int = 3_000, size: int = 32) -> Dataset:
    """Grey volumes `[1, size / 2, size, size]` with one body in each: ball, shell, rod, ring, cube or a pair of balls.

    Args:
        count: how many are drawn to train on, 6 or more; a sixth as many each are drawn to validate and to test.
        size: the side of a slice in pixels, 16 to 256.
    """
    return _drawn(
        "blobs3d:blobs3d",
        seed=seed,
        count=count,
        size=size,
        factor="body",
        title=f"Bodies in noisy volumes, {size // 2} slices of {size} x {size} pixels",
        augment=(),
        kind="volumes",
    )


def _drawn(
    place: str,
    *,
    seed: int,
    count: int,
    others: tuple[int, int] | None = None,
    size: int,
    factor: str,
    title: str,
    augment: tuple[str, ...],
    **card: Any,
) -> Dataset:
    """`others` are how many are drawn to validate and to test; without them a sixth of `count` each."""
    module, name = place.split(":")
    factors = import_module(f"torchbook.data.drawn.{module}").FACTORS
    if factor not in factors:
        raise TorchbookError(f"{name} has no factor {factor!r}; it has {', '.join(factors)}")
    if not 16 <= size <= 256:
        raise TorchbookError(f"the size of a picture in {name} must be 16 to 256 pixels, got {size}")
    if count < 6:
        raise TorchbookError(f"the count of {name} must be 6 or more, got {count}")
    splits = []
    valid_count, test_count = others or (count // 6, count // 6)
    for first, number in ((0, count), (_VALID, valid_count), (_TEST, test_count)):
        inputs, numbers = drawn(Job(place, seed, first, number, size), home() / "packs")
        labels = torch.from_numpy(numbers[:, list(factors).index(factor)].copy())
        splits.append(Split(torch.from_numpy(inputs), labels))
    mean, std = channel_statistics(splits[0].inputs)
    described = {"kind": "images", "task": "classification"} | card
    train, valid, test = splits
    return Dataset(
        train,
        valid,
        test,
        Card(
            name=name if others is None else f"few_{name}",
            title=title,
            classes=tuple(factors[factor]),
            mean=mean,
            std=std,
            augment=augment,
            licence="MIT, as torchbook itself",
            source=f"drawn by torchbook.data.drawn.{module} from seed {seed}; nothing is downloaded",
            extra={"factor": factor, "factors": {key: list(values) for key, values in factors.items()}},
            **described,
        ),
    )
