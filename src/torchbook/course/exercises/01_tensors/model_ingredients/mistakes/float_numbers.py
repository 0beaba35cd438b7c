"""House numbers are whole numbers, yours are floats. One float among the arguments of `arange` is enough for that:
use whole numbers."""

import torch


def house_numbers(count):
    return torch.arange(2.0, 2 * count + 1, 2)


def weights(outputs, inputs, generator):
    return torch.randn(outputs, inputs, generator=generator, requires_grad=True)


def bias(outputs):
    return torch.zeros(outputs, requires_grad=True)


def price(value):
    return torch.tensor(value, dtype=torch.float64)
