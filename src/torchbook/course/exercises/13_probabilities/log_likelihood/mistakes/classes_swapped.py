"""You gave class 0 the probability of class 1. `probabilities` are those of class 1: where the label is 1, what
happened has the probability `p`."""

import torch


def log_likelihood(probabilities, labels):
    happened = torch.where(labels == 0, probabilities, 1 - probabilities)
    return happened.log().sum()


def most_likely(candidates, labels):
    scores = torch.stack([log_likelihood(row, labels) for row in candidates])
    return scores.argmax().item()
