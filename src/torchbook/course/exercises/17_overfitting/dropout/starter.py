def drop(x, p, training):
    """Dropout: while training each number becomes 0 with probability p, and the rest is divided by 1 - p."""
    raise NotImplementedError
