import torch

from torchbook.course.earlier import perceptron_step

step = perceptron_step.perceptron_step  # your own


def perceptron(inputs, labels, rate):
    """Weights [features] and bias [] with which all inputs [points, features] are right. Raises ValueError if none are."""
    weights, bias = torch.zeros(inputs.shape[1]), torch.tensor(0.0)
    raise NotImplementedError
