import numpy as np
import torch


def from_array(array):
    return torch.from_numpy(array.astype(np.float32))


def to_array(tensor):
    return np.array(tensor.detach())
