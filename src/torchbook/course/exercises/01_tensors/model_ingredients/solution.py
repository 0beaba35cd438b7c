import torch


def house_numbers(count):
    """The first even numbers from 2, int64 [count]."""
    return torch.arange(2, 2 * count + 1, 2)


def weights(outputs, inputs, generator):
    """Normal random numbers to be learned, float32 [outputs, inputs]."""
    return torch.randn(outputs, inputs, generator=generator, requires_grad=True)


def bias(outputs):
    """Zeros to be learned, float32 [outputs]."""
    return torch.zeros(outputs, requires_grad=True)


def price(value):
    """A float as a scalar tensor of float64."""
    return torch.tensor(value, dtype=torch.float64)
