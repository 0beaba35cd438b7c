from torch import nn


def dead_units(model, inputs):
    """For each ReLU of a model, which of its units give 0 for every example: a list of bool tensors [units]."""
    dead = []
    for part in model:
        if isinstance(part, nn.ReLU):
            ...
    return dead
