"""The product of many probabilities is rounded to 0, and its logarithm is minus infinity. Take the logarithm of each
one first, then add: `log().sum()`."""

import torch


def log_likelihood(probabilities, labels):
    happened = torch.where(labels == 1, probabilities, 1 - probabilities)
    return happened.prod().log()


def most_likely(candidates, labels):
    scores = torch.stack([log_likelihood(row, labels) for row in candidates])
    return scores.argmax().item()
