"""That is OR: where both inputs are 1 the output must be 0, not 1. The second unit has to pull harder there."""

import torch


def xor_weights():
    w1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]])
    b1 = torch.tensor([0.0, -1.0])
    w2 = torch.tensor([[1.0, -1.0]])
    b2 = torch.tensor([0.0])
    return w1, b1, w2, b2
