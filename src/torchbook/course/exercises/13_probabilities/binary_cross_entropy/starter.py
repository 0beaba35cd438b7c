def binary_cross_entropy(scores, labels):
    """Mean loss of raw scores [batch] when the right classes are labels [batch], 0.0 or 1.0."""
    raise NotImplementedError
