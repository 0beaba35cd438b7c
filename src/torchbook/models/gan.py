"""The dense generator and discriminator of a first GAN."""

import math
from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class DenseGenerator(nn.Module):
    """From a latent vector `[batch, latent]` to pictures `[batch, channels, height, width]` in -1..1."""

    def __init__(self, sample_shape: Sequence[int], latent: int = 64, hidden: int = 256):
        super().__init__()
        self.latent, self.sample_shape = latent, tuple(sample_shape)
        self.layers = nn.Sequential(
            nn.Linear(latent, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(inplace=True),
            nn.Linear(hidden, 2 * hidden),
            nn.BatchNorm1d(2 * hidden),
            nn.ReLU(inplace=True),
            nn.Linear(2 * hidden, math.prod(sample_shape)),
            nn.Tanh(),
        )

    def forward(self, latent: Float[Tensor, "batch latent"]) -> Float[Tensor, "batch channels height width"]:
        return self.layers(latent).unflatten(1, self.sample_shape)


class DenseDiscriminator(nn.Module):
    """From pictures in -1..1 to a logit each: positive for "real". Spectral norm keeps its slope below one (Miyato,
    2018)."""

    def __init__(self, sample_shape: Sequence[int], hidden: int = 256):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            spectral_norm(nn.Linear(math.prod(sample_shape), 2 * hidden)),
            nn.LeakyReLU(0.2, inplace=True),
            spectral_norm(nn.Linear(2 * hidden, hidden)),
            nn.LeakyReLU(0.2, inplace=True),
            spectral_norm(nn.Linear(hidden, 1)),
        )

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch"]:
        return self.layers(images).squeeze(1)
