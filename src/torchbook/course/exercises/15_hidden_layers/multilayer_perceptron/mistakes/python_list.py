"""Your layers are in a plain Python list, where `model.parameters()` doesn't find them, and nothing would be learned.
Put them into an `nn.ModuleList` or an `nn.Sequential`."""

from itertools import pairwise

import torch
from torch import nn


class MultilayerPerceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = [nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes)]

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
