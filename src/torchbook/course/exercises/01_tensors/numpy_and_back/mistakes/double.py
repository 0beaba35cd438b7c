"""The tensor has the array's dtype, which for NumPy is mostly float64. Weights are float32, and the two don't mix:
say `dtype=torch.float32`."""

import torch


def from_array(array):
    return torch.tensor(array)


def to_array(tensor):
    return tensor.detach().numpy().copy()
