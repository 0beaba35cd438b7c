"""The bias is missing: without it, all targets would be 0 where the features are 0. Add it to the product."""

import torch


def predict(x, weights, bias):
    return x @ weights.T


def train(x, y, weights, bias, learning_rate, epochs):
    """Fits weights and bias in place by gradient descent and returns the loss of each epoch before its step."""
    losses = []
    for _ in range(epochs):
        loss = (predict(x, weights, bias) - y).square().mean()
        loss.backward()
        with torch.no_grad():
            for parameter in (weights, bias):
                parameter -= learning_rate * parameter.grad
                parameter.grad = None
        losses.append(loss.item())
    return losses
