"""Your activation is the sigmoid. ReLU is asked for, which is 0 below 0 and leaves the rest as it is:
`torch.relu`."""

from itertools import pairwise

import torch
from torch import nn


class MultilayerPerceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.sigmoid(layer(x))
        return self.layers[-1](x)
