import numpy as np
import torch


def house_numbers(count):
    return torch.linspace(2, 2 * count, count).long()


def weights(outputs, inputs, generator):
    return torch.normal(0.0, 1.0, (outputs, inputs), generator=generator).requires_grad_(True)


def bias(outputs):
    return torch.nn.Parameter(torch.full((outputs,), 0.0))


def price(value):
    return torch.from_numpy(np.array(value))
