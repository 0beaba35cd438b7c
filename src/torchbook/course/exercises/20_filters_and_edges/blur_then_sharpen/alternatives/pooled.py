import torch
from torch import nn


def blur_then_sharpen(picture, amount):
    grow = nn.ReplicationPad2d(1)
    blurred = nn.functional.avg_pool2d(grow(picture.to(torch.float32).unsqueeze(0)), 3, stride=1)
    laplace = torch.tensor([[0, 1, 0], [1, -4, 1], [0, 1, 0]], dtype=torch.float32).view(1, 1, 3, 3)
    sharp = blurred - amount * nn.functional.conv2d(grow(blurred)[None], laplace)[0]
    return torch.clamp(torch.round(sharp[0]), 0, 255).to(torch.uint8)
