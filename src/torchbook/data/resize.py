"""Pictures of a data set at the size that a model wants."""

import inspect
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from torchbook.data.dataset import Dataset, Split
from torchbook.data.load import load, loader_of, separated
from torchbook.errors import TorchbookError


def load_images(data: str, *, image_size: int | None = None, seed: int = 0) -> Dataset:
    """A data set of pictures, as squares of `image_size` pixels if that is given.

    Its own loader is asked for the size where it can read or draw pictures at any; others are interpolated.

    Raises:
        TorchbookError: the data are no pictures.
    """
    asked = image_size is not None and "image_size" in inspect.signature(loader_of(separated(data)[0])).parameters
    dataset = load(data, seed=seed, **({"image_size": image_size} if asked else {}))
    if dataset.card.kind != "images":
        raise TorchbookError(f"this recipe needs pictures, but {data} is a data set of {dataset.card.kind}")
    return dataset if image_size is None else resize(dataset, image_size)


def resize(dataset: Dataset, size: int) -> Dataset:
    """The same pictures as squares of `size` pixels, interpolated (bilinear, antialiased), with a note that says so."""
    _, height, width = dataset.sample_shape
    if height == width == size:
        return dataset
    train, valid, test = (Split(resized(split.inputs, size), split.labels) for split in dataset)
    note = f"Resized from {height} x {width} to {size} x {size} pixels."
    return Dataset(train, valid, test, replace(dataset.card, notes=(*dataset.card.notes, note)))


def resized(images: Tensor, size: int) -> Tensor:
    """uint8 pictures `[count, channels, height, width]` as `[count, channels, size, size]`."""
    parts = []
    for part in images.split(1000):
        values = F.interpolate(part.float(), size=(size, size), mode="bilinear", antialias=True, align_corners=False)
        parts.append(values.round().clamp(0, 255).to(torch.uint8))
    return torch.cat(parts)
