import torch


def from_array(array):
    """A float32 tensor with the numbers of an array, in memory of its own."""
    return torch.tensor(array, dtype=torch.float32)


def to_array(tensor):
    """A NumPy array with the numbers of a float tensor, in memory of its own."""
    return tensor.detach().numpy().copy()
