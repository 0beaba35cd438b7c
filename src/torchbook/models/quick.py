"""A convolutional network for handwritten digits that is trained in seconds."""

from collections.abc import Sequence

from torch import nn


def quick(sample_shape: Sequence[int], outputs: int, width: int = 16, hidden: int = 128, margin: int = 2) -> nn.Module:
    """Two convolutions and two dense layers, made for little work: 5x5 filters on pictures without their `margin` (that
    of MNIST is empty), a pooling right after each convolution, so that all that follows has a quarter of the work.

    `width` is the number of maps of the first convolution; the second has twice as many.
    """
    channels, height, breadth = sample_shape
    sides = [((side - 2 * margin - 4) // 2 - 2) // 2 for side in (height, breadth)]
    return nn.Sequential(
        nn.ZeroPad2d(-margin),  # a negative margin is cut off
        nn.Conv2d(channels, width, 5, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
        nn.Conv2d(width, 2 * width, 3, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(2 * width),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Linear(2 * width * sides[0] * sides[1], hidden),
        nn.ReLU(inplace=True),
        nn.Linear(hidden, outputs),
    )
