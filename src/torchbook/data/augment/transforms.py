"""Changes to a whole batch at once: normalisation, and augmentations by their names."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from torchbook.data.augment.colour import ColourJitter, Cutout
from torchbook.data.augment.flips import AlternatingFlip, Flip
from torchbook.data.augment.resample import Crop, ResizedCrop, Rotate
from torchbook.errors import TorchbookError

__all__ = [
    "AUGMENTATIONS",
    "AlternatingFlip",
    "Augmentation",
    "ColourJitter",
    "Compose",
    "Crop",
    "Cutout",
    "Flip",
    "Normalize",
    "ResizedCrop",
    "Rotate",
    "at",
    "augmentation",
]

# An augmentation takes stored images `[n, channels, height, width]` and gives as many of the same type and size.
Augmentation = Callable[[Tensor, torch.Generator], Tensor]


class Normalize:
    """From stored values to what a model is fed: `(x - mean) / std`, per channel or feature.

    uint8 is counted as 0..1 first, so that `mean` and `std` mean the same for any storage. Without them only that is
    done. The result is float32, images in the channels_last order of memory, which convolutions on a CPU prefer.
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

    def undone(self, values: Tensor) -> Tensor:
        """The values before; pictures in 0..1."""
        if not len(self.mean):
            return values
        shape = (1, -1) + (1,) * (values.ndim - 2)
        return values * self.std.to(values.device).view(shape) + self.mean.to(values.device).view(shape)


class Compose:
    """Several augmentations, one after the other."""

    def __init__(self, *steps: Augmentation):
        self.steps = steps

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        for step in self.steps:
            images = step(images, generator)
        return images

    def at(self, epoch: int, indices: Tensor) -> "Compose":
        """The same steps for the examples of these indices in this epoch."""
        return Compose(*(at(step, epoch, indices) for step in self.steps))


def at(step: Augmentation, epoch: int, indices: Tensor) -> Augmentation:
    """Returns the step for the examples of these indices in this epoch: itself, unless it has a method `at` to ask."""
    return step.at(epoch, indices) if hasattr(step, "at") else step


AUGMENTATIONS: dict[str, Callable[[], Augmentation]] = {
    "flip": AlternatingFlip,
    "crop": Crop,
    "shift": lambda: Crop(2, mode="zeros"),
    "resized_crop": ResizedCrop,
    "rotate": Rotate,
    "cutout": Cutout,
    "colour": ColourJitter,
}


def augmentation(names: Sequence[str]) -> Augmentation | None:
    """The augmentations of these names, in this order, or None where there are none.

    A "flip" mirrors in turns, so it has to know the epoch and the examples: `Batches` tells it, others ask `at`.

    Raises:
        TorchbookError: there is no augmentation of that name.
    """
    for name in names:
        if name not in AUGMENTATIONS:
            raise TorchbookError(f"there is no augmentation {name!r}; known are {', '.join(AUGMENTATIONS)}")
    return Compose(*(AUGMENTATIONS[name]() for name in names)) if names else None
