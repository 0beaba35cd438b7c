import torch


def drop(x, p, training):
    if training:
        mask = torch.bernoulli(torch.full_like(x, 1 - p))
        x = x * (mask / (1 - p))
    return x
