"""The zeros are right, but autograd won't watch them: the bias would stay zero for ever. Say `requires_grad=True`."""

import torch


def house_numbers(count):
    return torch.arange(2, 2 * count + 1, 2)


def weights(outputs, inputs, generator):
    return torch.randn(outputs, inputs, generator=generator, requires_grad=True)


def bias(outputs):
    return torch.zeros(outputs)


def price(value):
    return torch.tensor(value, dtype=torch.float64)
