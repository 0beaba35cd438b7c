import math

import torch


def my_batches(n, size, generator=None):
    """The indices 0 to n - 1 as a list of int64 tensors of `size` each; shuffled if there is a generator."""
    index = torch.arange(n)
    if generator is not None:
        index = index[torch.randperm(n, generator=generator)]
    cuts = [size * number for number in range(1, math.ceil(n / size))]
    return list(torch.tensor_split(index, cuts))
