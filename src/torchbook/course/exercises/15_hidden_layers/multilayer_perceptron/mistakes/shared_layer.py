"""All your hidden layers of one size are one and the same layer: `n * [layer]` repeats the object, not the weights.
Make a new `nn.Linear` for each, in a loop."""

import torch
from torch import nn


class MultilayerPerceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        first, *hidden, last = sizes
        if not hidden:
            self.layers = nn.ModuleList([nn.Linear(first, last)])
            return
        middle = (len(hidden) - 1) * [nn.Linear(hidden[0], hidden[-1])]
        self.layers = nn.ModuleList([nn.Linear(first, hidden[0]), *middle, nn.Linear(hidden[-1], last)])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
