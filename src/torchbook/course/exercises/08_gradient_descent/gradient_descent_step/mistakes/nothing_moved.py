"""The parameters are where they were before. Two things do this: `parameter = parameter - ...` only gives the name to
a new tensor (change it in place, `parameter -= ...`), and gradients that are set to zero *before* the update."""

import torch


def gradient_descent_step(parameters, loss, learning_rate):
    loss.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter = parameter - learning_rate * parameter.grad
    return loss.item()
