"""A layer was stored before the module was ready for it. Begin the constructor with `super().__init__()`."""

from itertools import pairwise

import torch
from torch import nn


class MultilayerPerceptron(nn.Module):
    def __init__(self, sizes):
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
