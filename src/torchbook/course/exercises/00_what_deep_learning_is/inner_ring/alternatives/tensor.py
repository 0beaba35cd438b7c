import torch


def inner_ring(x, y):
    return int(torch.tensor([x, y], dtype=torch.float64).norm() < 0.9)
