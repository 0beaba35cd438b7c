"""Your street begins with house 0. Give `arange` its start: `torch.arange(2, ...)`."""

import torch


def house_numbers(count):
    return torch.arange(0, 2 * count, 2)


def weights(outputs, inputs, generator):
    return torch.randn(outputs, inputs, generator=generator, requires_grad=True)


def bias(outputs):
    return torch.zeros(outputs, requires_grad=True)


def price(value):
    return torch.tensor(value, dtype=torch.float64)
