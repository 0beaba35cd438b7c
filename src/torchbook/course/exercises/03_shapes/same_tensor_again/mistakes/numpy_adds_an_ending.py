import numpy as np
import torch


def save_tensor(tensor, path):
    np.save(path, tensor.numpy())


def load_tensor(path):
    return torch.from_numpy(np.load(path))
