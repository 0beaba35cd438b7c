import torch


def gradient_descent_step(parameters, loss, learning_rate):
    slopes = torch.autograd.grad(loss, parameters)
    for parameter, slope in zip(parameters, slopes):
        parameter.data.add_(slope, alpha=-learning_rate)
    return float(loss)
