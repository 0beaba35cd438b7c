import torch


def binary_cross_entropy(scores, labels):
    """Mean loss of raw scores [batch] when the right classes are labels [batch], 0.0 or 1.0."""
    softplus = scores.clamp(min=0) + torch.log1p(torch.exp(-scores.abs()))
    return (softplus - labels * scores).mean()
