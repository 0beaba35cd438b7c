"""Pictures of a data set at the size that a model wants."""

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from torchbook.data.dataset import Dataset, Split


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
