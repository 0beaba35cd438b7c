"""A network that has learnt elsewhere with a new last layer: transfer learning."""

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor, nn

from torchbook.errors import TorchbookError
from torchbook.models.build import build
from torchbook.models.speednet import SpeedNet

# So many of the nearest training pictures say how familiar another is.
NEAREST = 5
# The first layers that hold this share of the backbone's weights are never trained.
FIXED = 0.2


class Transfer(nn.Module):
    """A backbone without its own last layer, and a linear layer for new classes.

    `backbone` is the name and the arguments of a model of `build`, `features` the numbers that it makes of a picture.
    Its batch norms and dropout stay in evaluation mode also while it is trained: a few pictures would spoil the
    statistics of a million. With `mirror` an evaluation looks at each picture and at its mirror image, and takes the
    mean of their features. Pictures may be grey where the backbone wants colours, or the other way round.

    `references` are the features of that many training pictures, of length 1. What is further from the nearest of them
    than `limit` (in cosine distance) resembles none of the classes: nearest neighbours as in Y. Sun et al.,
    Out-of-Distribution Detection with Deep Nearest Neighbors (2022).
    """

    def __init__(self, backbone: dict[str, Any], features: int, outputs: int, mirror: bool = True, references: int = 0):
        super().__init__()
        self.mirror = mirror
        self.body, self.channels, _ = without_head(build(backbone["name"], **backbone["arguments"]))
        self.head = nn.Linear(features, outputs)
        self.references: Tensor
        self.limit: Tensor
        self.register_buffer("references", torch.zeros(references, features))
        self.register_buffer("limit", torch.tensor(float("inf")))

    def train(self, mode: bool = True) -> "Transfer":
        super().train(mode)
        self.body.eval()
        return self

    def unfreeze(self) -> list[nn.Parameter]:
        """Fixes the first layers of the backbone and returns the parameters of the others, to be trained.

        The first layers see edges and colours, which all pictures have; their maps are the largest, so they would cost
        most of the time, and hold few of the weights.
        """
        parameters = list(self.body.parameters())
        total, passed, trained = sum(parameter.numel() for parameter in parameters), 0, []
        for parameter in parameters:
            parameter.requires_grad_(passed >= FIXED * total)
            passed += parameter.numel()
            if parameter.requires_grad:
                trained.append(parameter)
        return trained

    @torch.no_grad()
    def average(self, before: Mapping[str, Tensor]) -> None:
        """Sets all weights halfway between those of a state `before` training and those now.

        After M. Wortsman et al., Robust fine-tuning of zero-shot models (2022): what was learnt from a million pictures
        and what was learnt from a few then both count.
        """
        for name, parameter in self.named_parameters():
            parameter.lerp_(before[name], 0.5)

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch outputs"]:
        return self.logits(self.features(images))

    def features(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch features"]:
        """Returns what the head decides by."""
        looks = self.looks(images)
        return sum(looks[1:], looks[0]) / len(looks)

    def looks(self, images: Float[Tensor, "batch channels height width"]) -> list[Tensor]:
        """Returns the features of each look at the pictures: as they are and, in an evaluation, mirrored."""
        if images.shape[1] != self.channels:
            if images.shape[1] == 1:
                images = images.expand(-1, self.channels, -1, -1)
            else:
                images = images.mean(1, keepdim=True)
        mirrored = [images.flip(-1)] if self.mirror and not self.training else []
        return [self.body(view).flatten(1).float() for view in (images, *mirrored)]

    def logits(self, features: Float[Tensor, "batch features"]) -> Float[Tensor, "batch outputs"]:
        """Returns the logits by the features, in float32: the head costs nothing, and is what the answer hangs on."""
        if not torch.is_autocast_enabled(features.device.type):
            return self.head(features)
        with torch.autocast(features.device.type, enabled=False):
            return self.head(features)

    def know(self, references: Float[Tensor, "references features"], limit: float) -> None:
        """Keeps the features of training pictures, of length 1, and how far from them others may be."""
        self.references.copy_(references)
        self.limit.fill_(limit)

    def is_foreign(self, features: Float[Tensor, "batch features"]) -> Bool[Tensor, "batch"]:
        """Tells which pictures resemble none of those that the classes were learnt from."""
        if not len(self.references) or self.limit.isinf():
            return torch.zeros(len(features), dtype=torch.bool, device=features.device)
        return distances(features, self.references) > self.limit


def distances(features: Float[Tensor, "n features"], references: Float[Tensor, "m features"]) -> Float[Tensor, "n"]:
    """Returns the mean cosine distance of each row to the nearest references, which have length 1."""
    alike = F.normalize(features.float(), dim=1) @ references.T
    return 1 - alike.topk(min(NEAREST, len(references)), dim=1).values.mean(1)


def without_head(model: Any) -> tuple[nn.Module, int, int]:
    """Returns a classifier whose last linear layer passes on what it gets, the channels of the pictures it takes, and
    how many features it makes of one.

    Raises:
        TorchbookError: it has no linear layer, or no convolution.
    """
    linear = [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    convolutions = [module for module in model.modules() if isinstance(module, nn.Conv2d)]
    if not linear or not convolutions:
        raise TorchbookError(
            f"a backbone needs convolutions and a linear layer at its end, which {type(model).__name__} has not"
        )
    name, head = linear[-1]
    parent, _, own = name.rpartition(".")
    setattr(model.get_submodule(parent), own, nn.Identity())
    # One look at a time: the others are averaged here.
    if isinstance(model, SpeedNet):
        model.views = 1
    if hasattr(model, "mirror"):
        model.mirror = False
    return model, convolutions[0].in_channels, head.in_features
