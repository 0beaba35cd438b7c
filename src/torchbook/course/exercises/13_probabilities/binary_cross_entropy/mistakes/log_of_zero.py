r"""Right until a probability is rounded to 0 or 1: then a logarithm is infinite. Don't form the probability: use
$\log(1 + e^z) - y z$ and subtract what is large before `exp`."""

import torch


def binary_cross_entropy(scores, labels):
    probabilities = torch.sigmoid(scores)
    return -(labels * probabilities.log() + (1 - labels) * (1 - probabilities).log()).mean()
