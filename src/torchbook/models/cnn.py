"""A small convolutional network for pictures of 8 to 64 pixels."""

from collections.abc import Sequence

from torch import nn


def cnn(sample_shape: Sequence[int], outputs: int, width: int = 32, dropout: float = 0.3) -> nn.Sequential:
    """Two stages of two 3x3 convolutions and a pooling, then two dense layers; every convolution is batch-normalised.

    A picture `[channels, height, width]` becomes `2 * width` maps of a quarter of its height and width.
    """
    channels, height, breadth = sample_shape
    return nn.Sequential(
        *_convolution(channels, width),
        *_convolution(width, width, pool=True),
        *_convolution(width, 2 * width),
        *_convolution(2 * width, 2 * width, pool=True),
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(2 * width * (height // 4) * (breadth // 4), 128),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(128, outputs),
    )


def _convolution(inputs: int, outputs: int, *, pool: bool = False) -> list[nn.Module]:
    """A 3x3 convolution that keeps height and width. Its bias would be undone by the batch norm, so it has none.

    Pooling comes before the batch norm, which then has a quarter of the work.
    """
    layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)]
    if pool:
        layers.append(nn.MaxPool2d(2))
    return [*layers, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
