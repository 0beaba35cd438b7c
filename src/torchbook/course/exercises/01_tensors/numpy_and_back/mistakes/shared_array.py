"""Your array is the memory of the tensor: when the tensor changes, it changes too. Add `.copy()`."""

import torch


def from_array(array):
    return torch.tensor(array, dtype=torch.float32)


def to_array(tensor):
    return tensor.detach().numpy()
