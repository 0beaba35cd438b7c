import torch
from torch import nn


def dead_units(model, inputs):
    """For each ReLU of a model, which of its units give 0 for every example: a list of bool tensors [units]."""
    dead = []
    x = inputs
    with torch.no_grad():
        for part in model:
            x = part(x)
            if isinstance(part, nn.ReLU):
                dead.append((x == 0).all(dim=0))
    return dead
