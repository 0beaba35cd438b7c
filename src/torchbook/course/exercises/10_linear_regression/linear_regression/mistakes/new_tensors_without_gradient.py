"""Inside `no_grad` the new tensors that you call `weights` and `bias` require no gradient, and the caller never sees
them. Change the old ones in place: `weights -= ...`."""

import torch


def predict(x, weights, bias):
    return x @ weights.T + bias


def train(x, y, weights, bias, learning_rate, epochs):
    """Fits weights and bias in place by gradient descent and returns the loss of each epoch before its step."""
    losses = []
    for _ in range(epochs):
        loss = (predict(x, weights, bias) - y).square().mean()
        loss.backward()
        with torch.no_grad():
            weights = weights - learning_rate * weights.grad
            bias = bias - learning_rate * bias.grad
        losses.append(loss.item())
    return losses
