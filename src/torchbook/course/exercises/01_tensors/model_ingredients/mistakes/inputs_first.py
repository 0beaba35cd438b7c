"""Your weights are `[inputs, outputs]`. Asked for is one row for each output: `[outputs, inputs]`, as `nn.Linear`
keeps them."""

import torch


def house_numbers(count):
    return torch.arange(2, 2 * count + 1, 2)


def weights(outputs, inputs, generator):
    return torch.randn(inputs, outputs, generator=generator, requires_grad=True)


def bias(outputs):
    return torch.zeros(outputs, requires_grad=True)


def price(value):
    return torch.tensor(value, dtype=torch.float64)
