"""Changing what images show without moving it: hidden squares, other light, other colours."""

import math

import torch
from torch import Tensor

# What red, green and blue add to the brightness that is seen (ITU-R BT.601).
_GREY = torch.tensor([0.299, 0.587, 0.114])


class Cutout:
    """Hides a square of each image under the image's own mean colour.

    `size` is the side of the square as a part of the image's shorter side. Its middle is any pixel, so it may reach
    over the edge (DeVries and Taylor, Improved regularization of convolutional neural networks with cutout, 2017).
    """

    def __init__(self, size: float = 0.375):
        if not 0 < size <= 1:
            raise ValueError(f"size must be a part of the image's side, above 0 and at most 1, got {size}")
        self.size = size

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        count, _, height, width = images.shape
        side = max(1, round(self.size * min(height, width)))
        hidden = []
        for length in (height, width):
            first = torch.randint(length, (count, 1), generator=generator) - side // 2
            place = torch.arange(length)
            hidden.append((place >= first) & (place < first + side))
        square = (hidden[0].unsqueeze(2) & hidden[1].unsqueeze(1)).unsqueeze(1).to(images.device)
        mean = images.mean((2, 3), keepdim=True, dtype=torch.float32)
        mean = mean if images.dtype.is_floating_point else mean.round()
        return torch.where(square, mean.to(images.dtype), images)


class ColourJitter:
    """Changes brightness, contrast, saturation and hue of each image, in this order.

    The first three are multiplied by a number between one less and one more than the amount; `hue` is how far colours
    turn around the axis of grey at most, as a part of the full circle. Contrast is the distance from the image's mean
    grey, saturation that from a pixel's own grey. All four are one change of the three colours, the same for all
    pixels; only the result is brought back to 0..255. Grey images change in brightness and contrast.
    """

    def __init__(self, brightness: float = 0.3, contrast: float = 0.3, saturation: float = 0.3, hue: float = 0.03):
        for name, amount in (("brightness", brightness), ("contrast", contrast), ("saturation", saturation)):
            if not 0 <= amount <= 1:
                raise ValueError(f"{name} must be between 0 and 1, got {amount}")
        if not 0 <= hue <= 0.5:
            raise ValueError(f"hue must be a part of the circle between 0 and 0.5, got {hue}")
        self.amounts, self.hue = torch.tensor([[brightness], [contrast], [saturation]]), hue

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        count, channels = images.shape[:2]
        numbers = torch.rand(4, count, generator=generator) * 2 - 1
        brightness, contrast, saturation = (1 + numbers[:3] * self.amounts).to(images.device).view(3, count, 1, 1)
        weights = (_GREY if channels == 3 else torch.full((channels,), 1 / channels)).to(images.device)
        pixels = images.flatten(2).float()
        middle = (weights @ pixels.mean(2).T).view(count, 1, 1) * brightness
        matrix = torch.eye(channels, device=images.device) * (brightness * contrast)
        shift = (middle * (1 - contrast)).expand(count, channels, 1)
        if channels == 3:
            colours = _saturated(saturation, weights) @ _turned(numbers[3] * self.hue * 2 * math.pi).to(images.device)
            matrix, shift = colours @ matrix, colours @ shift
        changed = torch.baddbmm(shift, matrix, pixels).view_as(images)
        return changed.round_().clamp_(0, 255).to(images.dtype) if not images.dtype.is_floating_point else changed


def _saturated(amount: Tensor, weights: Tensor) -> Tensor:
    """Matrices that multiply the distance of a colour from its own grey."""
    grey = weights.expand(3, 3)
    return amount * torch.eye(3, device=weights.device) + (1 - amount) * grey


def _turned(angle: Tensor) -> Tensor:
    """Matrices that turn colours around the axis on which red, green and blue are equal (Rodrigues)."""
    cos, sin = angle.cos().view(-1, 1, 1), angle.sin().view(-1, 1, 1)
    across = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    return cos * torch.eye(3) + sin * across + (1 - cos) / 3
