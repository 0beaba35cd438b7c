"""These are normal random numbers, but not from the generator that you were given, so nobody can draw the same ones
again. Hand it on: `generator=generator`."""

import torch


def house_numbers(count):
    return torch.arange(2, 2 * count + 1, 2)


def weights(outputs, inputs, generator):
    return torch.randn(outputs, inputs, requires_grad=True)


def bias(outputs):
    return torch.zeros(outputs, requires_grad=True)


def price(value):
    return torch.tensor(value, dtype=torch.float64)
