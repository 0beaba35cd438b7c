"""That is the likelihood itself, the product. Its *logarithm* is asked for, which does not vanish when there are many
examples."""

import torch


def log_likelihood(probabilities, labels):
    happened = torch.where(labels == 1, probabilities, 1 - probabilities)
    return happened.prod()


def most_likely(candidates, labels):
    scores = torch.stack([log_likelihood(row, labels) for row in candidates])
    return scores.argmax().item()
