"""A small convolutional network for volumes."""

from collections.abc import Sequence

from torch import nn


def cnn3d(sample_shape: Sequence[int], outputs: int, width: int = 16, dropout: float = 0.2) -> nn.Sequential:
    """Three 3x3x3 convolutions with batch norm; the first two halve depth, height and width.

    A volume `[channels, depth, height, width]` becomes the mean of `4 * width` maps, so that any size from 8 voxels
    fits.
    """
    channels = sample_shape[0]
    return nn.Sequential(
        *_convolution(channels, width),
        nn.MaxPool3d(2),
        *_convolution(width, 2 * width),
        nn.MaxPool3d(2),
        *_convolution(2 * width, 4 * width),
        nn.AdaptiveAvgPool3d(1),
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(4 * width, outputs),
    )


def _convolution(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Conv3d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm3d(outputs), nn.ReLU(inplace=True)]
