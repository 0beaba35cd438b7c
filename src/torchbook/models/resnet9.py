"""ResNet-9: nine layers with two residual blocks, for pictures of 32 pixels."""

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class ResNet9(nn.Module):
    """Four convolutions that halve and widen, two residual blocks between them, and a linear layer.

    `width` is the number of maps of the first layer; the last has eight times as many. After D. Page, How to Train Your
    ResNet (2018), in the form of the course Deep Learning with PyTorch: Zero to GANs.
    """

    def __init__(self, channels: int, outputs: int, width: int = 64):
        super().__init__()
        self.stem = _convolution(channels, width)
        self.down1 = _convolution(width, 2 * width, pool=True)
        self.residual1 = nn.Sequential(_convolution(2 * width, 2 * width), _convolution(2 * width, 2 * width))
        self.down2 = _convolution(2 * width, 4 * width, pool=True)
        self.down3 = _convolution(4 * width, 8 * width, pool=True)
        self.residual2 = nn.Sequential(_convolution(8 * width, 8 * width), _convolution(8 * width, 8 * width))
        self.head = nn.Linear(8 * width, outputs)

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch outputs"]:
        x = self.down1(self.stem(images))
        x = x + self.residual1(x)
        x = self.down3(self.down2(x))
        x = x + self.residual2(x)
        x = F.adaptive_max_pool2d(x, 1).flatten(1)
        # Logits that start small keep a large learning rate stable.
        return self.head(x) / 8


def _convolution(inputs: int, outputs: int, *, pool: bool = False) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)]
    if pool:
        # Pooling first gives the batch norm a quarter of the work, and the largest value stays the largest.
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))
