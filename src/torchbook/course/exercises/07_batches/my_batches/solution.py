import torch


def my_batches(n, size, generator=None):
    """The indices 0 to n - 1 as a list of int64 tensors of `size` each; shuffled if there is a generator."""
    if generator is None:
        order = torch.arange(n)
    else:
        order = torch.randperm(n, generator=generator)
    return list(order.split(size))
