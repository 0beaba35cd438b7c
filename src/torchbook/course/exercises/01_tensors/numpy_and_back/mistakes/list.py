"""You returned lists. `tolist()` gives Python's own numbers, each an object of its own; the array is `numpy()`."""

import torch


def from_array(array):
    return torch.tensor(array, dtype=torch.float32)


def to_array(tensor):
    return tensor.tolist()
