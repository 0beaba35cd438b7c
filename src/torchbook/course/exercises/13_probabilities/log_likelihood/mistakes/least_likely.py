"""You chose the model with the *smallest* log-likelihood. All of them are negative; the best is nearest to 0, so the
largest: `argmax`."""

import torch


def log_likelihood(probabilities, labels):
    happened = torch.where(labels == 1, probabilities, 1 - probabilities)
    return happened.log().sum()


def most_likely(candidates, labels):
    scores = torch.stack([log_likelihood(row, labels) for row in candidates])
    return scores.argmin().item()
