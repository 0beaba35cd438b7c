import math
from itertools import pairwise

import torch
from torch import nn


def mlp_of_depth(inputs, width, depth, outputs):
    sizes = [inputs] + depth * [width] + [outputs]
    chain = nn.Sequential(nn.Flatten())
    for number, (n, units) in enumerate(pairwise(sizes)):
        layer = nn.Linear(n, units)
        layer.weight = nn.Parameter(torch.randn(units, n) * math.sqrt(2 / n))
        layer.bias.data.fill_(0)
        chain.append(layer)
        if number < depth:
            chain.append(nn.ReLU())
    return chain
