"""The activation comes before each layer here, so the inputs lose all that is below 0. It comes *between* the layers:
after each but the last."""

from itertools import pairwise

import torch
from torch import nn


class MultilayerPerceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes))

    def forward(self, x):
        for layer in self.layers:
            x = layer(torch.relu(x))
        return x
