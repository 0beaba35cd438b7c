import torch


def matrix_product(a, b):
    if len(b) != a.shape[1]:
        raise ValueError("the inner dimensions differ")
    return torch.stack([sum(weight * row for weight, row in zip(weights, b)) for weights in a])
