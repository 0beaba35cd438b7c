"""EfficientNet-Lite0: a network for photographs of 224 pixels, in the form in which its published weights come."""

import re
from collections.abc import Mapping

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

# Each stage: how often its block is repeated, the side of its filters, the stride of the first, how many times wider
# it is inside than at its beginning, and the channels that leave it.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM, FEATURES = 32, 1280


class EfficientNetLite0(nn.Module):
    """A stem, sixteen blocks of narrow-wide-narrow convolutions, 1,280 features, and a linear layer.

    After M. Tan and Q. Le, EfficientNet (2019), in the form Lite (2020): no squeeze-and-excitation, ReLU6, the same
    first and last layers for every size. Pictures are RGB, normalised, of 224 pixels: padding is as TensorFlow pads
    even sides, so that the published weights fit.
    """

    def __init__(self, outputs: int = 1000, dropout: float = 0.2):
        super().__init__()
        self.conv_stem = _same(3, STEM, 3, stride=2)
        self.bn0 = _norm(STEM)
        blocks: list[nn.Module] = []
        channels = STEM
        for repeats, side, stride, expansion, wanted in STAGES:
            for number in range(repeats):
                blocks.append(InvertedResidual(channels, wanted, side, 1 if number else stride, expansion))
                channels = wanted
        self.blocks = nn.ModuleList(blocks)
        self.conv_head = nn.Conv2d(channels, FEATURES, 1, bias=False)
        self.bn1 = _norm(FEATURES)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(FEATURES, outputs)

    def forward(self, images: Float[Tensor, "batch 3 height width"]) -> Float[Tensor, "batch outputs"]:
        return self.fc(self.dropout(self.features(images)))

    def features(self, images: Float[Tensor, "batch 3 height width"]) -> Float[Tensor, "batch features"]:
        """Returns what the last layer decides by, the means over all places of 1,280 maps."""
        x = F.relu6(_normed(images, self.conv_stem, self.bn0), inplace=True)
        for block in self.blocks:
            x = block(x)
        return F.relu6(_normed(x, self.conv_head, self.bn1), inplace=True).mean((2, 3))


class InvertedResidual(nn.Module):
    """Widens by 1x1 filters, looks around channel by channel, narrows again, and adds what came in where it fits."""

    def __init__(self, inputs: int, outputs: int, side: int, stride: int, expansion: int):
        super().__init__()
        inner = inputs * expansion
        self.residual = stride == 1 and inputs == outputs
        self.expand_conv = nn.Conv2d(inputs, inner, 1, bias=False) if expansion > 1 else None
        self.bn0 = _norm(inner) if expansion > 1 else None
        self.depthwise_conv = _same(inner, inner, side, stride=stride, groups=inner)
        self.bn1 = _norm(inner)
        self.project_conv = nn.Conv2d(inner, outputs, 1, bias=False)
        self.bn2 = _norm(outputs)

    def forward(self, x: Float[Tensor, "batch inputs height width"]) -> Float[Tensor, "batch outputs down across"]:
        y = x
        if self.expand_conv is not None and self.bn0 is not None:  # the first block widens nothing
            y = F.relu6(_normed(y, self.expand_conv, self.bn0), inplace=True)
        y = F.relu6(_normed(y, self.depthwise_conv, self.bn1), inplace=True)
        y = _normed(y, self.project_conv, self.bn2)
        return x + y if self.residual else y


def published_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Renames the tensors of a published file to those of this module: `_blocks.3._bn1.weight` is
    `blocks.3.bn1.weight`."""
    return {re.sub(r"(^|\.)_", r"\1", name): tensor for name, tensor in tensors.items()}


def _same(inputs: int, outputs: int, side: int, *, stride: int, groups: int = 1) -> nn.Conv2d:
    """A convolution without bias whose output has the size of its input over the stride: where an even side is halved
    the odd zeros are right and below, as TensorFlow has them, and are added before it."""
    padding = (side - 1) // 2 if stride == 1 else 0
    return nn.Conv2d(inputs, outputs, side, stride, padding=padding, groups=groups, bias=False)


def _normed(x: Tensor, convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> Tensor:
    """A convolution and its batch norm; in evaluation mode as one convolution, as nothing then depends on the batch."""
    if convolution.stride[0] > 1:
        zeros = convolution.kernel_size[0] - convolution.stride[0]
        x = F.pad(x, (zeros // 2, zeros - zeros // 2) * 2)
    if norm.training:
        return norm(convolution(x))
    assert norm.running_var is not None and norm.running_mean is not None
    scale = norm.weight * (norm.running_var + norm.eps).rsqrt()
    weight = convolution.weight * scale.view(-1, 1, 1, 1)
    shift = norm.bias - norm.running_mean * scale
    return F.conv2d(x, weight, shift, convolution.stride, convolution.padding, groups=convolution.groups)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)
