"""You punish the right answers: a high score means class 1, so with $y = 1$ it must make the loss *small*."""

import torch


def binary_cross_entropy(scores, labels):
    softplus = scores.clamp(min=0) + torch.log1p(torch.exp(-scores.abs()))
    return (softplus - (1 - labels) * scores).mean()
