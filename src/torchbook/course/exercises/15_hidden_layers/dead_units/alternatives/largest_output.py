from torch import nn


def dead_units(model, inputs):
    ends = [number for number, part in enumerate(model) if isinstance(part, nn.ReLU)]
    return [model[: end + 1](inputs).detach().amax(dim=0) <= 0 for end in ends]
