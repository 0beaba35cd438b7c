"""SpeedNet: a small convolutional network made to be trained in minutes, each of its ideas an argument."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

# The weight of the picture where it stands, beside the means of the views moved by a pixel.
CENTRE = 0.5


class SpeedNet(nn.Module):
    """Whitened 2x2 patches, three blocks of two convolutions, and a linear layer, for pictures of 24 to 40 pixels.

    After airbench94 (K. Jordan, 94 % on CIFAR-10 in 3.29 seconds on a single GPU, 2024). What can be switched off:

    - `whiten_with(images)` makes the first layer's filters from data; without that call they stay random, and learn.
    - `identity`: convolutions begin by passing on what they get (`dirac`), so that depth costs nothing at first.
    - `frozen_scale`: the batch norms learn a shift only. The linear layer can scale what they leave.
    - `views`: how many looks an evaluation takes: 1, 2 (and the mirror image), or 6 (and both moved by a pixel, two
      ways). Other looks than the first are taken where the best two classes are less than `unsure` apart in
      probability; `unsure=1` is everywhere. Mirror images are for data where left and right do not matter.

    `width` is the number of maps of the first block; the others have four times as many.
    """

    def __init__(
        self,
        channels: int,
        outputs: int,
        width: int = 64,
        identity: bool = True,
        frozen_scale: bool = True,
        views: int = 6,
        unsure: float = 0.7,
    ):
        super().__init__()
        self.views, self.unsure = views, unsure
        # One filter and its negative for each direction of a patch, as a rectifier keeps only one half of a line.
        self.patches = nn.Conv2d(channels, 2 * channels * 4, 2)
        self.blocks = nn.Sequential(
            _block(2 * channels * 4, width), _block(width, 4 * width), _block(4 * width, 4 * width)
        )
        self.head = nn.Linear(4 * width, outputs, bias=False)
        # Small logits keep large rates of learning stable; the reference divides them by 256 instead.
        nn.init.normal_(self.head.weight, std=1 / 256)
        assert self.patches.bias is not None
        nn.init.zeros_(self.patches.bias)
        for module in self.blocks.modules():
            if identity and isinstance(module, nn.Conv2d):
                nn.init.dirac_(module.weight[: module.in_channels])
            if frozen_scale and isinstance(module, nn.BatchNorm2d):
                module.weight.requires_grad_(False)

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch outputs"]:
        if self.training or self.views == 1:
            return self.logits(images)
        return self._from_several_views(images)

    def logits(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch outputs"]:
        """The logits of one look at each picture."""
        x = F.gelu(self.patches(images))
        x = self.blocks(x)
        return self.head(x.amax((2, 3)))

    def _from_several_views(self, images: Tensor) -> Tensor:
        logits = self.logits(images)
        best = logits.float().softmax(1).topk(2).values
        unsure = (best[:, 0] - best[:, 1]) <= self.unsure
        if torch.compiler.is_exporting():
            # An exported program has one way through, whatever the pictures: all looks at each.
            return torch.where(unsure.unsqueeze(1), self._mean_of_views(images, logits), logits)
        chosen = unsure.nonzero().flatten()
        if len(chosen):
            logits = logits.index_copy(0, chosen, self._mean_of_views(images[chosen], logits[chosen]))
        return logits

    def _mean_of_views(self, images: Tensor, first: Tensor) -> Tensor:
        """The mean of the logits of all views; `first` are those of the picture as it is."""
        centre = (first + self.logits(images.flip(-1))) / 2
        if self.views == 2:
            return centre
        # Moved by one pixel up and left, and down and right; the edge is continued as in a mirror.
        padded = F.pad(images, (1,) * 4, mode="reflect")
        moved = [padded[:, :, :-2, :-2], padded[:, :, 2:, 2:]]
        sides = [(self.logits(view) + self.logits(view.flip(-1))) / 2 for view in moved]
        return CENTRE * centre + (1 - CENTRE) * sum(sides) / len(sides)

    @torch.no_grad()
    def whiten_with(self, images: Float[Tensor, "count channels height width"], *, floor: float = 5e-4) -> None:
        """Makes the first layer whiten the patches of these (normalised) pictures, and freezes its filters.

        Its outputs are then uncorrelated and of about the same size, so that the layers above need not learn to be
        so. `floor` keeps directions that hardly vary from being blown up. The shift goes on learning.
        """
        filters = whitening(images, size=2, floor=floor)
        self.patches.weight.copy_(torch.cat([filters, -filters]))
        self.patches.weight.requires_grad_(False)


def whitening(
    images: Float[Tensor, "count channels height width"], *, size: int = 2, floor: float = 5e-4
) -> Float[Tensor, "directions channels size size"]:
    """Filters that whiten the `size` x `size` patches of pictures: principal directions, divided by their spread."""
    patches = F.unfold(images.float(), size).transpose(1, 2).flatten(0, 1)  # [patches, channels * size * size]
    values, vectors = torch.linalg.eigh(torch.cov(patches.T))
    directions = vectors.T / (values + floor).sqrt().unsqueeze(1)
    return directions.flip(0).view(-1, images.shape[1], size, size)


def _block(inputs: int, outputs: int) -> nn.Sequential:
    """Two convolutions with a pooling after the first, so that all that follows has a quarter of the work."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(outputs),
        nn.GELU(),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.GELU(),
    )
