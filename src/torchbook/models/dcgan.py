"""The deep convolutional generator and discriminator (Radford, Metz and Chintala, 2016), for 8, 16, 32 or 64 pixels."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from torchbook.errors import TorchbookError


class ConvGenerator(nn.Module):
    """From a latent vector `[batch, latent]` to pictures `[batch, channels, size, size]` in -1..1.

    Starts from 4 x 4 (7 x 7 for 28 pixels) and doubles the size with each transposed convolution; `width` is the number
    of maps before the last one, and each earlier layer has twice as many.
    """

    def __init__(self, sample_shape: Sequence[int], latent: int = 64, width: int = 32):
        super().__init__()
        self.latent = latent
        channels, start, doublings = _plan(sample_shape)
        maps = width * 2 ** (doublings - 1)
        layers: list[nn.Module] = [
            nn.Unflatten(1, (latent, 1, 1)),
            nn.ConvTranspose2d(latent, maps, start, bias=False),
            nn.BatchNorm2d(maps),
            nn.ReLU(inplace=True),
        ]
        for _ in range(doublings - 1):
            layers += [
                nn.ConvTranspose2d(maps, maps // 2, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(maps // 2),
                nn.ReLU(inplace=True),
            ]
            maps //= 2
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(maps, channels, 4, stride=2, padding=1), nn.Tanh())

    def forward(self, latent: Float[Tensor, "batch latent"]) -> Float[Tensor, "batch channels height width"]:
        return self.layers(latent)


class ConvDiscriminator(nn.Module):
    """From pictures `[batch, channels, size, size]` in -1..1 to a logit each: halves the size and doubles the maps."""

    def __init__(self, sample_shape: Sequence[int], width: int = 32):
        super().__init__()
        channels, start, doublings = _plan(sample_shape)
        layers: list[nn.Module] = []
        maps = width
        for step in range(doublings):
            inputs = maps // 2 if step else channels
            layers += [
                spectral_norm(nn.Conv2d(inputs, maps, 4, stride=2, padding=1)),
                nn.LeakyReLU(0.2, inplace=True),
            ]
            maps *= 2
        self.layers = nn.Sequential(*layers, nn.Flatten(), spectral_norm(nn.Linear(maps // 2 * start**2, 1)))

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch"]:
        return self.layers(images).squeeze(1)


def _plan(sample_shape: Sequence[int]) -> tuple[int, int, int]:
    """Channels, the size to start from, and how often it is doubled."""
    channels, height, width = sample_shape
    for start in (4, 7, 6, 5):
        doublings = 1
        while start * 2**doublings < height:
            doublings += 1
        if height == width == start * 2**doublings and doublings <= 5:
            return channels, start, doublings
    raise TorchbookError(
        "a DCGAN makes square pictures of 8, 16, 28, 32, 48, 64 or 128 pixels, "
        f"got {height} x {width}; give image_size=32"
    )
