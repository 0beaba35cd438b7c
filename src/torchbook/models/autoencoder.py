"""Autoencoders: a picture goes through a few numbers in the middle and must come out as it went in."""

import math
from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor, nn

from torchbook.models.convolution import convolution


class Autoencoder(nn.Module):
    """An `encoder` from pictures to a few numbers, and a `decoder` back (Hinton and Salakhutdinov, 2006)."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(
        self, pictures: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch channels height width"]:
        return self.decoder(self.encoder(pictures))


def linear_autoencoder(sample_shape: Sequence[int], middle: int = 2) -> Autoencoder:
    """One weighted sum of all pixels for each number in the middle, and one of these for each pixel: what it can learn
    at best is what principal component analysis finds (Baldi and Hornik, 1989)."""
    pixels = math.prod(sample_shape)
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(pixels, middle))
    return Autoencoder(encoder, nn.Sequential(nn.Linear(middle, pixels), nn.Unflatten(1, tuple(sample_shape))))


def convolutional_autoencoder(sample_shape: Sequence[int], middle: int = 2, width: int = 16) -> Autoencoder:
    """Two stages of 3x3 convolutions and pooling down to a dense layer, and two of enlarging and convolution back."""
    channels, height, breadth = sample_shape
    small = (2 * width, height // 4, breadth // 4)
    encoder = nn.Sequential(
        convolution(channels, width, pool=True),
        convolution(width, 2 * width, pool=True),
        nn.Flatten(),
        nn.Linear(math.prod(small), 128),
        nn.ReLU(),
        nn.Linear(128, middle),
    )
    decoder = nn.Sequential(
        nn.Linear(middle, 128),
        nn.ReLU(),
        nn.Linear(128, math.prod(small)),
        nn.Unflatten(1, small),
        nn.Upsample((height // 2, breadth // 2)),
        convolution(2 * width, width),
        nn.Upsample((height, breadth)),
        convolution(width, width),
        nn.Conv2d(width, channels, 3, padding=1),
    )
    return Autoencoder(encoder, decoder)
