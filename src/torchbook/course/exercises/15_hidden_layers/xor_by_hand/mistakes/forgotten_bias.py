"""Without a bias both units compute the same thing here, and together one straight line. Unit 2 should begin only
when *both* inputs are 1: its bias is -1."""

import torch


def xor_weights():
    w1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]])
    b1 = torch.tensor([0.0, 0.0])
    w2 = torch.tensor([[1.0, -2.0]])
    b2 = torch.tensor([0.0])
    return w1, b1, w2, b2
