import torch
from torch import nn


class Block(nn.Sequential):
    def __init__(self, width):
        super().__init__()
        self.add_module("linear", nn.Linear(width, width))

    def forward(self, x):
        return self.linear(x).clamp(min=0)


class Tower(nn.Module):
    def __init__(self, width, count, mean):
        super().__init__()
        self.register_parameter("scale", nn.Parameter(torch.full((width,), 1.0)))
        self.mean: torch.Tensor
        self.register_buffer("mean", mean.clone())
        blocks = []
        for _ in range(count):
            blocks.append(Block(width))
        self.blocks = nn.Sequential(*blocks)

    def forward(self, x):
        return self.blocks(x - self.mean) * self.scale
