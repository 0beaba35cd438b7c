import torch


def log_softmax(logits):
    """Logarithms of the probabilities of each row, in the shape of the logits [batch, classes]."""
    return logits - torch.logsumexp(logits, dim=1, keepdim=True)


def nll(log_probabilities, labels):
    """Mean of minus the log-probability [batch, classes] of the right classes, labels [batch]."""
    rows = torch.arange(len(labels))
    return -log_probabilities[rows, labels].mean()
