"""You went uphill: the gradient points to where the loss *grows*. Subtract it."""

import torch


def gradient_descent_step(parameters, loss, learning_rate):
    loss.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter += learning_rate * parameter.grad
            parameter.grad = None
    return loss.item()
