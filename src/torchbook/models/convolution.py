"""The layer that the convolutional networks are made of."""

from torch import nn


def convolution(inputs: int, outputs: int, *, pool: bool = False) -> nn.Sequential:
    """A 3x3 convolution that keeps height and width, batch norm and ReLU; with `pool` height and width are halved.

    The batch norm would undo a bias, so the convolution has none. Pooling comes first, so that the batch norm has a
    quarter of the work.
    """
    layers: list[nn.Module] = [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)]
    if pool:
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))
