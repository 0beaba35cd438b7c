import torch


def gradient_descent_step(parameters, loss, learning_rate):
    """Moves each of a list of parameters downhill, in place, and returns the loss as a float."""
    loss.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter -= learning_rate * parameter.grad
            parameter.grad = None
    return loss.item()
