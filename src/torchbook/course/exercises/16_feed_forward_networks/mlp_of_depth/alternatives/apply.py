import torch
from torch import nn


@torch.no_grad()
def start(module):
    if type(module) is nn.Linear:
        bound = (6 / module.in_features) ** 0.5
        module.weight.uniform_(-bound, bound)
        module.bias.zero_()


def mlp_of_depth(inputs, width, depth, outputs):
    if depth == 0:
        model = nn.Sequential(nn.Flatten(), nn.Linear(inputs, outputs))
    else:
        hidden = [layer for _ in range(depth - 1) for layer in (nn.Linear(width, width), nn.ReLU())]
        model = nn.Sequential(nn.Flatten(), nn.Linear(inputs, width), nn.ReLU(), *hidden, nn.Linear(width, outputs))
    return model.apply(start)
