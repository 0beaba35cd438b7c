def log_softmax(logits):
    """Logarithms of the probabilities of each row, in the shape of the logits [batch, classes]."""
    raise NotImplementedError


def nll(log_probabilities, labels):
    """Mean of minus the log-probability [batch, classes] of the right classes, labels [batch]."""
    raise NotImplementedError
