"""Colours numbers, such as the weights of a layer, as pixels."""

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

# Below zero and above it, on black: the house's blue and orange as they are on a dark page.
BELOW, ABOVE = (86, 180, 233), (240, 148, 77)


def signed(values: Float[Tensor, "... height width"]) -> UInt8[Tensor, "... height width 3"]:
    """Colours numbers: black for zero, blue below and orange above, brightest at the largest absolute value."""
    share = (values / values.abs().max().clamp(min=1e-12)).unsqueeze(-1)
    colours = share.clamp(min=0) * torch.tensor(ABOVE) - share.clamp(max=0) * torch.tensor(BELOW)
    return colours.round().to(torch.uint8)
