"""There is no activation between your layers, so all of them together are one linear layer. Put `torch.relu` around
each but the last."""

from itertools import pairwise

from torch import nn


class MultilayerPerceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = layer(x)
        return self.layers[-1](x)
