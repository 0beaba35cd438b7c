import torch


def accuracy(scores, labels):
    _, best = torch.max(scores, dim=1)
    return torch.sum(best == labels).item() / len(labels)
