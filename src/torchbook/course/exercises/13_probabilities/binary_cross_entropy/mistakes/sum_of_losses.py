"""You added the losses up. The mean is asked for, so that the loss does not depend on the size of the batch."""

import torch


def binary_cross_entropy(scores, labels):
    softplus = scores.clamp(min=0) + torch.log1p(torch.exp(-scores.abs()))
    return (softplus - labels * scores).sum()
