from itertools import pairwise

import torch
from torch import nn


class MultilayerPerceptron(nn.Module):
    """Linear layers with ReLU between them; sizes are the numbers of units from the inputs to the outputs."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)
