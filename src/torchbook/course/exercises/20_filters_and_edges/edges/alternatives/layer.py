import torch
from torch import nn


def edges(picture):
    layer = nn.Conv2d(1, 2, kernel_size=3, bias=False)
    with torch.no_grad():
        layer.weight[0, 0] = torch.tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
        layer.weight[1, 0] = torch.tensor([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
        return layer(picture.to(torch.float32).unsqueeze(0)).norm(dim=0)
