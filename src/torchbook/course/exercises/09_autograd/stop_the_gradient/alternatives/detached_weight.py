import torch


def predict(x, a, c):
    frozen = torch.tensor(a.item(), dtype=x.dtype)
    return torch.stack([c * frozen * value for value in x])
