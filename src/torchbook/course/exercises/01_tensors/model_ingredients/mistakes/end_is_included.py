"""The last house is missing: `arange` stops *before* its end. Let the end lie just beyond the last number."""

import torch


def house_numbers(count):
    return torch.arange(2, 2 * count, 2)


def weights(outputs, inputs, generator):
    return torch.randn(outputs, inputs, generator=generator, requires_grad=True)


def bias(outputs):
    return torch.zeros(outputs, requires_grad=True)


def price(value):
    return torch.tensor(value, dtype=torch.float64)
