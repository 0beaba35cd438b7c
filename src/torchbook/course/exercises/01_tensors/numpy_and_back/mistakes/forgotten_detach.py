"""A tensor that requires a gradient can't become an array: its numbers would leave the graph unseen. Say that you
want that, with `.detach()`."""

import torch


def from_array(array):
    return torch.tensor(array, dtype=torch.float32)


def to_array(tensor):
    return tensor.numpy().copy()
