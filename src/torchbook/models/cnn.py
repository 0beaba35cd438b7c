"""A small convolutional network for pictures of 8 to 64 pixels."""

from collections.abc import Sequence

from torch import nn

from torchbook.errors import TorchbookError
from torchbook.models.convolution import convolution


def cnn(
    sample_shape: Sequence[int], outputs: int, width: int = 32, dropout: float = 0.3, dense: int = 128
) -> nn.Sequential:
    """Two stages of two 3x3 convolutions and a pooling, then two dense layers; every convolution is batch-normalised.

    A picture `[channels, height, width]` becomes `2 * width` maps of a quarter of its height and width. `dense` are the
    units of the first dense layer.

    Raises:
        TorchbookError: the pictures are too small to be pooled twice.
    """
    channels, height, breadth = sample_shape
    if min(height, breadth) < 4:
        raise TorchbookError(
            f"a CNN halves pictures twice, so they need 4 x 4 pixels or more, got {height} x {breadth}; "
            "give image_size=28, for instance"
        )
    return nn.Sequential(
        convolution(channels, width),
        convolution(width, width, pool=True),
        convolution(width, 2 * width),
        convolution(2 * width, 2 * width, pool=True),
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(2 * width * (height // 4) * (breadth // 4), dense),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(dense, outputs),
    )
