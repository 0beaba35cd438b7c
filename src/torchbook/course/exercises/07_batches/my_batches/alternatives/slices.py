import torch


def my_batches(n, size, generator=None):
    """The indices 0 to n - 1 as a list of int64 tensors of `size` each; shuffled if there is a generator."""
    order = torch.arange(n) if generator is None else torch.randperm(n, generator=generator)
    batches = []
    for start in range(0, n, size):
        batches.append(order[start : start + size])
    return batches
