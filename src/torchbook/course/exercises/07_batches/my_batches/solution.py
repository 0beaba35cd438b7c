import torch


def my_batches(n, size, generator=None):
    """Returns the indices of each batch, a list of int64 tensors."""
    if generator is None:
        order = torch.arange(n)
    else:
        order = torch.randperm(n, generator=generator)
    return list(order.split(size))
