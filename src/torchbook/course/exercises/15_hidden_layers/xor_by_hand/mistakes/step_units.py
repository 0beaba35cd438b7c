"""These weights are for units that switch from 0 to 1, as in a perceptron. A unit with ReLU passes on *how far* above
0 its sum is, so work with its values, not with yes and no."""

import torch


def xor_weights():
    w1 = torch.tensor([[1.0, 1.0], [-1.0, -1.0]])
    b1 = torch.tensor([-0.5, 1.5])
    w2 = torch.tensor([[1.0, 1.0]])
    b2 = torch.tensor([-1.5])
    return w1, b1, w2, b2
