import torch


def log_likelihood(probabilities, labels):
    ones = labels.bool()
    return torch.log(probabilities[ones]).sum() + torch.log(1 - probabilities[~ones]).sum()


def most_likely(candidates, labels):
    table = torch.xlogy(labels, candidates) + torch.xlogy(1 - labels, 1 - candidates)
    return int(table.sum(1).max(0).indices)
