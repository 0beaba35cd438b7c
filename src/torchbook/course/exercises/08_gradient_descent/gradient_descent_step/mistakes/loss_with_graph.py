"""You returned the loss as a tensor, which keeps its whole graph in memory. A plain number is `loss.item()`."""

import torch


def gradient_descent_step(parameters, loss, learning_rate):
    loss.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter -= learning_rate * parameter.grad
            parameter.grad = None
    return loss
