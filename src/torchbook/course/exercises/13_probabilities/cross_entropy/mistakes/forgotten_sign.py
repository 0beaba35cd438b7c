"""Your loss is negative: the logarithm of a probability is below 0. Put a minus sign before the mean."""

import torch


def cross_entropy(logits, labels):
    return torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean()
