import torch


def house_numbers(count):
    return torch.tensor([2 * (i + 1) for i in range(count)])


def weights(outputs, inputs, generator):
    return torch.empty(outputs, inputs).normal_(generator=generator).requires_grad_()


def bias(outputs):
    numbers = torch.tensor([0.0] * outputs)
    numbers.requires_grad = True
    return numbers


def price(value):
    return torch.zeros((), dtype=torch.float64) + value
