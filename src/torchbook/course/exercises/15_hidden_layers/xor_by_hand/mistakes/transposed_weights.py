"""The weights of the output are a column here. `w2` is `[1, 2]`: one row for the one output, one column for each
hidden unit."""

import torch


def xor_weights():
    w1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]])
    b1 = torch.tensor([0.0, -1.0])
    w2 = torch.tensor([[1.0], [-2.0]])
    b2 = torch.tensor([0.0])
    return w1, b1, w2, b2
