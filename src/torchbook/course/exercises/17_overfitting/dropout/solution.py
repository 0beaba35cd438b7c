import torch


def drop(x, p, training):
    """Dropout: while training each number becomes 0 with probability p, and the rest is divided by 1 - p."""
    if not training:
        return x
    kept = torch.rand_like(x) >= p
    return x * kept / (1 - p)
