import torch


def save_tensor(tensor, path):
    torch.save(tensor.clone(), f"{path}.npz")


def load_tensor(path):
    return torch.load(f"{path}.npz", weights_only=True)
