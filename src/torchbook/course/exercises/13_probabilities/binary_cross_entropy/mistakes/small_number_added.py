"""A small number in the logarithm stops the infinity, but then a very wrong answer costs at most 18 or so, and gives
no gradient to learn from. Work with the scores instead."""

import torch


def binary_cross_entropy(scores, labels):
    probabilities = torch.sigmoid(scores)
    return -(labels * (probabilities + 1e-8).log() + (1 - labels) * (1 - probabilities + 1e-8).log()).mean()
