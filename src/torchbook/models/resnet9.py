"""ResNet-9: nine layers with two residual blocks, for pictures of 32 pixels."""

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from torchbook.models.convolution import convolution


class ResNet9(nn.Module):
    """Four convolutions that halve and widen, two residual blocks between them, and a linear layer.

    `width` is the number of maps of the first layer; the last has eight times as many. With `mirror` an evaluation
    looks at each picture and at its mirror image and takes the mean of the logits: where left and right do not matter,
    two looks see more than one. After D. Page, How to Train Your ResNet (2018), in the form of the course Deep Learning
    with PyTorch: Zero to GANs.
    """

    def __init__(self, channels: int, outputs: int, width: int = 64, mirror: bool = False):
        super().__init__()
        self.mirror = mirror
        self.stem = convolution(channels, width)
        self.down1 = convolution(width, 2 * width, pool=True)
        self.residual1 = nn.Sequential(convolution(2 * width, 2 * width), convolution(2 * width, 2 * width))
        self.down2 = convolution(2 * width, 4 * width, pool=True)
        self.down3 = convolution(4 * width, 8 * width, pool=True)
        self.residual2 = nn.Sequential(convolution(8 * width, 8 * width), convolution(8 * width, 8 * width))
        self.head = nn.Linear(8 * width, outputs)

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch outputs"]:
        if self.mirror and not self.training:
            return (self.logits(images) + self.logits(images.flip(-1))) / 2
        return self.logits(images)

    def logits(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch outputs"]:
        """The logits of one look at each picture."""
        x = self.down1(self.stem(images))
        x = x + self.residual1(x)
        x = self.down3(self.down2(x))
        x = x + self.residual2(x)
        x = F.adaptive_max_pool2d(x, 1).flatten(1)
        # Logits that start small keep a large learning rate stable.
        return self.head(x) / 8
