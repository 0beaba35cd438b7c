"""What a model costs: parameters, and operations for one sample."""

from collections.abc import Sequence

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


def describe(model: nn.Module, sample_shape: Sequence[int]) -> dict[str, int]:
    """The number of trainable parameters, and the floating-point operations of one forward pass of one sample.

    A multiplication and an addition count as two; only matrix products and convolutions count, the rest is small. A
    generator (a module with `latent`) is fed one latent vector instead of a sample.
    """
    shape = (model.latent,) if isinstance(getattr(model, "latent", None), int) else tuple(sample_shape)
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, *shape, device=device))
    model.train(was_training)
    parameters = sum(p.numel() for p in model.parameters() if p.requires_grad) or sum(
        p.numel() for p in model.parameters()
    )
    return {"parameters": parameters, "flops": counter.get_total_flops()}
