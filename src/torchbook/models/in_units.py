"""A model of quantities, whose outputs are in the units of what it predicts."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from torchbook.models.build import build


class InUnits(nn.Module):
    """The model `network` of this room with its `arguments`; each of its outputs times its `scale` plus its `shift`.

    So the model itself learns numbers about as large as 1, whether ages or prices are asked for.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, network: str, arguments: Mapping[str, Any], shift: Sequence[float], scale: Sequence[float]):
        super().__init__()
        self.model = build(network, **arguments)
        for buffer, numbers in (("shift", shift), ("scale", scale)):
            self.register_buffer(buffer, torch.tensor(numbers, dtype=torch.float32), persistent=False)

    def forward(self, inputs: Tensor) -> Tensor:
        """Returns the predicted quantities."""
        # In float32 even under autocast: bfloat16 has no room for a small difference from a large shift.
        return self.model(inputs).float() * self.scale + self.shift
