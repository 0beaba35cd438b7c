"""That is the *negative* log-likelihood, which is used as a loss. The log-likelihood itself is never above 0, and the
best model has the largest one."""

import torch


def log_likelihood(probabilities, labels):
    happened = torch.where(labels == 1, probabilities, 1 - probabilities)
    return -happened.log().sum()


def most_likely(candidates, labels):
    scores = torch.stack([log_likelihood(row, labels) for row in candidates])
    return scores.argmax().item()
