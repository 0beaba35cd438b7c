import torch


def drop(x, p, training):
    if training is False or p == 0:
        return x.clone()
    off = torch.rand(x.shape) < p
    return torch.where(off, torch.zeros_like(x), x / (1 - p))
