"""Moving, zooming and turning images: every pixel of the result is looked up in the original."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


def moves(height: int, width: int) -> tuple[str, ...]:
    """The changes that move a picture and leave what is in it: a crop, by up to a sixth of its smaller side."""
    return ("crop",) if min(height, width) >= 24 else ()


class Crop:
    """Moves each image by up to `padding` pixels each way; what comes in is a mirror image of the edge, or zeros.

    The classic "pad by 4 and crop at random", in one gather for the whole batch.
    """

    def __init__(self, padding: int = 4, *, mode: str = "reflect"):
        if padding < 1:
            raise ValueError(f"padding must be 1 or more pixels, got {padding}")
        if mode not in ("reflect", "zeros"):
            raise ValueError(f"mode must be 'reflect' or 'zeros', got {mode!r}")
        self.padding, self.mode = padding, mode

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        count, channels, height, width = images.shape
        if self.mode == "reflect":
            # A mirror image needs no room: its pixels are looked up where they stand.
            source, rows, columns = images, _reflected(height, self.padding), _reflected(width, self.padding)
        else:
            source = F.pad(images, (self.padding,) * 4)
            rows, columns = torch.arange(source.shape[2]), torch.arange(source.shape[3])
        down, right = torch.randint(2 * self.padding + 1, (2, count, 1), generator=generator)
        rows, columns = rows[down + torch.arange(height)], columns[right + torch.arange(width)]
        places = rows.unsqueeze(2) * source.shape[3] + columns.unsqueeze(1)  # [count, height, width]
        places = places.to(images.device).view(count, 1, -1).expand(count, channels, -1)
        return source.flatten(2).gather(2, places).view(images.shape)


class ResizedCrop:
    """A rectangle of each image, anywhere in it, resized to the whole: zoom, shift and stretch in one.

    `scale` is the range of the rectangle's part of the area, `ratio` that of its width to its height, which is even in
    its logarithm; a side longer than the image becomes as long as the image. Between pixels values are interpolated
    linearly (Szegedy et al., Going deeper with convolutions, 2014).
    """

    def __init__(self, scale: tuple[float, float] = (0.35, 1.0), ratio: tuple[float, float] = (3 / 4, 4 / 3)):
        if not 0 < scale[0] <= scale[1] <= 1:
            raise ValueError(f"scale must be two parts of the area from above 0 to 1, got {scale}")
        if not 0 < ratio[0] <= ratio[1]:
            raise ValueError(f"ratio must be two positive numbers, the smaller first, got {ratio}")
        self.scale, self.ratio = scale, ratio

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        area, shape, top, left = torch.rand(4, len(images), generator=generator)
        area = self.scale[0] + area * (self.scale[1] - self.scale[0])
        shape = (math.log(self.ratio[0]) + shape * math.log(self.ratio[1] / self.ratio[0])).exp()
        height, width = images.shape[2:]
        # Parts of the image's height and width, and of what they leave free.
        tall = (area / shape * (width / height)).sqrt().clamp(max=1)
        wide = (area * shape * (height / width)).sqrt().clamp(max=1)
        rows = (top * (1 - tall)).view(-1, 1) + tall.view(-1, 1) * _middles(height)
        columns = (left * (1 - wide)).view(-1, 1) + wide.view(-1, 1) * _middles(width)
        return _looked_up(images, rows.unsqueeze(2), columns.unsqueeze(1), padding="border")


class Rotate:
    """Turns each image around its middle by up to `degrees` either way.

    What comes in from outside is a mirror image of the edge, or zeros. Between pixels values are interpolated linearly.
    """

    def __init__(self, degrees: float = 15.0, *, mode: str = "reflect"):
        if not 0 < degrees <= 180:
            raise ValueError(f"degrees must be above 0 and at most 180, got {degrees}")
        if mode not in ("reflect", "zeros"):
            raise ValueError(f"mode must be 'reflect' or 'zeros', got {mode!r}")
        self.degrees, self.mode = degrees, mode

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        angle = (torch.rand(len(images), 1, 1, generator=generator) * 2 - 1) * math.radians(self.degrees)
        height, width = images.shape[2:]
        # In pixels, so that an image that is not square is not sheared.
        y = (_middles(height).view(1, -1, 1) - 0.5) * height
        x = (_middles(width).view(1, 1, -1) - 0.5) * width
        rows = (y * angle.cos() + x * angle.sin()) / height + 0.5
        columns = (x * angle.cos() - y * angle.sin()) / width + 0.5
        padding = "reflection" if self.mode == "reflect" else "zeros"
        return _looked_up(images, rows, columns, padding=padding)


class Growing:
    """Shows small images first and larger ones later: early epochs look for large forms, which cost less to see small.

    `parts` are the sides of the images in parts of what they are, each for an equal part of `epochs`, the later ones
    for one more where that does not come out even; without parts nothing changes (Howard, DAWNBench, 2018: progressive
    resizing). Shrinking averages over what it leaves out.
    """

    def __init__(self, parts: tuple[float, ...] = (0.75, 0.875, 1.0), *, epochs: int):
        if not all(0 < part <= 1 for part in parts) or epochs < 1:
            raise ValueError(f"expected parts between 0 and 1 and epochs of 1 or more, got {parts} in {epochs} epochs")
        self.parts, self.epochs = parts or (1.0,), epochs

    def part(self, epoch: int) -> float:
        """The part of their side that images have in this epoch, counted from 0."""
        done = min(epoch + 1, self.epochs)
        return float(self.parts[math.ceil(done * len(self.parts) / self.epochs) - 1])

    def at(self, epoch: int, indices: Tensor) -> Any:
        """The augmentation of a batch in this epoch; `Batches` asks for it."""
        part = self.part(epoch)
        return lambda images, generator: _shrunk(images, part)

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        raise TypeError("growing images need the epoch: ask it with at(epoch, indices)")


def _shrunk(images: Tensor, part: float) -> Tensor:
    if part == 1:
        return images
    size = [max(1, round(part * side)) for side in images.shape[2:]]
    return F.interpolate(images, size=size, mode="bilinear", antialias=True, align_corners=False)


def _middles(count: int) -> Tensor:
    """Returns where the middles of `count` pixels lie between 0 and 1."""
    return (torch.arange(count) + 0.5) / count


def _looked_up(images: Tensor, rows: Tensor, columns: Tensor, *, padding: str) -> Tensor:
    """The images' values at these places, `[n, height, width]` or broadcast to it, 0 to 1 from edge to edge."""
    grid = torch.stack(torch.broadcast_tensors(columns, rows), dim=-1).mul_(2).sub_(1).to(images.device)
    values = F.grid_sample(images.float(), grid, mode="bilinear", padding_mode=padding, align_corners=False)
    return values.round_().to(images.dtype) if not images.dtype.is_floating_point else values


def _reflected(length: int, padding: int) -> Tensor:
    """Indices of a row of `length` pixels continued by `padding` on both sides as in a mirror, edge not repeated.

    Between two mirrors a row comes again and again, so `padding` may exceed it.
    """
    position = torch.arange(-padding, length + padding) % max(1, 2 * (length - 1))
    return torch.where(position >= length, 2 * (length - 1) - position, position)
