"""Your price is a vector with one number in it. A scalar has no brackets: `torch.tensor(value)`, not
`torch.tensor([value])`."""

import torch


def house_numbers(count):
    return torch.arange(2, 2 * count + 1, 2)


def weights(outputs, inputs, generator):
    return torch.randn(outputs, inputs, generator=generator, requires_grad=True)


def bias(outputs):
    return torch.zeros(outputs, requires_grad=True)


def price(value):
    return torch.tensor([value], dtype=torch.float64)
