"""Changes to a whole batch at once: normalisation, and augmentation with an explicit source of randomness."""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

Augmentation = Callable[[Tensor, torch.Generator], Tensor]


class Normalize:
    """From stored values to what a model is fed: `(x - mean) / std`, per channel or feature.

    uint8 is counted as 0..1 first, so that `mean` and `std` mean the same for any storage. Without them only that is done.
    The result is float32, images in the channels_last order of memory, which convolutions on a CPU prefer.
    """

    def __init__(self, mean: Sequence[float] = (), std: Sequence[float] = ()):
        self.mean = torch.tensor(mean, dtype=torch.float32)
        self.std = torch.tensor(std, dtype=torch.float32)

    def __call__(self, inputs: Tensor) -> Tensor:
        scale = 255.0 if inputs.dtype == torch.uint8 else 1.0
        memory_format = torch.channels_last if inputs.ndim == 4 else torch.preserve_format
        values = inputs.to(torch.float32, memory_format=memory_format, copy=True)
        if not len(self.mean):
            return values.div_(scale)
        shape = (1, -1) + (1,) * (inputs.ndim - 2)
        factor = (1 / (scale * self.std)).to(values.device).view(shape)
        shift = (-self.mean / self.std).to(values.device).view(shape)
        return values.mul_(factor).add_(shift)


class Compose:
    """Several augmentations, one after the other."""

    def __init__(self, *steps: Augmentation):
        self.steps = steps

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        for step in self.steps:
            images = step(images, generator)
        return images


class Flip:
    """Mirrors each image left to right with probability one half."""

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        chosen = torch.rand(len(images), generator=generator) < 0.5
        return torch.where(chosen.to(images.device).view(-1, 1, 1, 1), images.flip(-1), images)


class Crop:
    """Moves each image by up to `padding` pixels each way; what comes in is a mirror image of the edge, or zeros.

    The classic "pad by 4 and crop at random", in two gathers for the whole batch.
    """

    def __init__(self, padding: int = 4, *, mode: str = "reflect"):
        if padding < 1:
            raise ValueError(f"padding must be 1 or more pixels, got {padding}")
        if mode not in ("reflect", "zeros"):
            raise ValueError(f"mode must be 'reflect' or 'zeros', got {mode!r}")
        self.padding, self.mode = padding, mode

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        count, channels, height, width = images.shape
        padding = (self.padding,) * 4
        if self.mode == "reflect":
            # F.pad cannot reflect uint8, an index can.
            rows = _reflected(height, self.padding).to(images.device)
            columns = _reflected(width, self.padding).to(images.device)
            padded = images.index_select(2, rows).index_select(3, columns)
        else:
            padded = F.pad(images, padding)
        down, right = torch.randint(2 * self.padding + 1, (2, count, 1), generator=generator)
        rows = (down + torch.arange(height)).to(images.device).view(count, 1, height, 1)
        columns = (right + torch.arange(width)).to(images.device).view(count, 1, 1, width)
        padded = padded.gather(2, rows.expand(count, channels, height, padded.shape[3]))
        return padded.gather(3, columns.expand(count, channels, height, width))


def _reflected(length: int, padding: int) -> Tensor:
    """Indices of a row of `length` pixels continued by `padding` on both sides as in a mirror, edge not repeated."""
    position = torch.arange(-padding, length + padding).abs()
    return torch.where(position >= length, 2 * (length - 1) - position, position)


AUGMENTATIONS: dict[str, Callable[[], Augmentation]] = {
    "flip": Flip,
    "crop": Crop,
    "shift": lambda: Crop(2, mode="zeros"),
}


def augmentation(names: Sequence[str]) -> Augmentation | None:
    """The augmentations of these names, in this order, or None where there are none."""
    return Compose(*(AUGMENTATIONS[name]() for name in names)) if names else None
