# mine
import torch


def gradient_descent_step(parameters, loss, learning_rate):
    loss.backward()
    with torch.no_grad():
        for parameter in parameters:
            parameter -= parameter.grad
            parameter.grad = None
    return loss.item()
