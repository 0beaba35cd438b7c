"""That is the opposite of XOR: 1 where the inputs are *equal*. Turn the output round: $1 - y$, so all signs of `w2`,
and another `b2`."""

import torch


def xor_weights():
    w1 = torch.tensor([[1.0, 1.0], [1.0, 1.0]])
    b1 = torch.tensor([0.0, -1.0])
    w2 = torch.tensor([[-1.0, 2.0]])
    b2 = torch.tensor([1.0])
    return w1, b1, w2, b2
