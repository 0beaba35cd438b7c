"""These are tensors of whole numbers, int64, which don't mix with floats in a product. Write `1.0` for `1`."""

import torch


def xor_weights():
    w1 = torch.tensor([[1, 1], [1, 1]])
    b1 = torch.tensor([0, -1])
    w2 = torch.tensor([[1, -2]])
    b2 = torch.tensor([0])
    return w1, b1, w2, b2
