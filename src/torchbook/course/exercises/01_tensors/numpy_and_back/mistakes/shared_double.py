"""Your tensor is the array itself under another name, in the same memory and with its dtype: `from_numpy` and
`as_tensor` convert and copy nothing. `torch.tensor(array, dtype=torch.float32)` does both."""

import torch


def from_array(array):
    return torch.from_numpy(array)


def to_array(tensor):
    return tensor.detach().numpy().copy()
