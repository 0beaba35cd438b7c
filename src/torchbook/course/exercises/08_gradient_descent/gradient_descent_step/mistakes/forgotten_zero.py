"""The first step is right; the second adds its gradient to the first one's. Forget the gradients: `parameter.grad =
None`."""

import torch


def gradient_descent_step(parameters, loss, learning_rate):
    loss.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter -= learning_rate * parameter.grad
    return loss.item()
