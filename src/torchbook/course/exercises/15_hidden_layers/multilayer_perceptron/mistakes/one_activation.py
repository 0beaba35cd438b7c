"""Only the first layer is followed by ReLU. It belongs after *each* layer but the last: after others too, or these
fall together into one."""

from itertools import pairwise

import torch
from torch import nn


class MultilayerPerceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes))

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i == 0 and len(self.layers) > 1:
                x = torch.relu(x)
        return x
