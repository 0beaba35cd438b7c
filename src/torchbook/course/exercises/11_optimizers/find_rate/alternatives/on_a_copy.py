import copy

import torch


def find_rate(model, x, y, rates):
    double = copy.deepcopy(model)
    losses = []
    for rate in rates:
        loss = ((double(x) - y) ** 2).mean()
        value = loss.item()
        too_large = any(value > 4 * earlier for earlier in losses)
        if value != value or value == float("inf") or too_large:
            return losses
        losses.append(value)
        parameters = list(double.parameters())
        for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters)):
            parameter.data -= rate * slope
    return losses
