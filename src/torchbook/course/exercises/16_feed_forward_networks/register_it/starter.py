import torch
from torch import nn


class Block(nn.Module):
    """A linear layer of one width, with ReLU."""

    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        return torch.relu(self.linear(x))


class Tower(nn.Module):
    """Subtracts a mean, passes the rest through some blocks, and scales what comes out."""

    def __init__(self, width, count, mean):
        super().__init__()
        self.blocks = count * [Block(width)]
        self.scale = torch.ones(width)
        self.mean = mean

    def forward(self, x):
        x = x - self.mean
        for block in self.blocks:
            x = block(x)
        return self.scale * x
