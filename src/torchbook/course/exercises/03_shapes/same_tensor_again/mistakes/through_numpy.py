import numpy as np
import torch


def save_tensor(tensor, path):
    with path.open("wb") as file:
        np.save(file, tensor.numpy())


def load_tensor(path):
    with path.open("rb") as file:
        return torch.from_numpy(np.load(file, allow_pickle=False))
