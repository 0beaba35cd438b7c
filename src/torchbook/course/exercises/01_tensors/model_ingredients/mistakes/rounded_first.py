"""The dtype is float64, but the digits are gone: a tensor of float32 rounded the price before `.double()` saw it.
Give the dtype where the tensor is made."""

import torch


def house_numbers(count):
    return torch.arange(2, 2 * count + 1, 2)


def weights(outputs, inputs, generator):
    return torch.randn(outputs, inputs, generator=generator, requires_grad=True)


def bias(outputs):
    return torch.zeros(outputs, requires_grad=True)


def price(value):
    return torch.tensor(value).double()
