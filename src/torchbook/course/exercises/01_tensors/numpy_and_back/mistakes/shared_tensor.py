"""Your tensor uses the memory of the array if that is float32 already: `from_numpy`, `as_tensor` and `torch.Tensor`
share, and `.float()` copies only what it has to convert. `torch.tensor(...)` or `.clone()` always copy."""

import torch


def from_array(array):
    return torch.from_numpy(array).float()


def to_array(tensor):
    return tensor.detach().numpy().copy()
