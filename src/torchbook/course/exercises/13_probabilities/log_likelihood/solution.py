import torch


def log_likelihood(probabilities, labels):
    """Logarithm of how likely labels [examples], 0 or 1, are for a model that gives probabilities [examples] for 1."""
    happened = torch.where(labels == 1, probabilities, 1 - probabilities)
    return happened.log().sum()


def most_likely(candidates, labels):
    """The number, an int, of the row of candidates [models, examples] that makes the labels most likely."""
    scores = torch.stack([log_likelihood(row, labels) for row in candidates])
    return scores.argmax().item()
