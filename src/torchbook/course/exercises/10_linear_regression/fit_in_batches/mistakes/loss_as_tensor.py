"""You returned tensors where plain numbers are asked. Take the number out with `.item()`."""

import torch
import torch.nn.functional as F


def evaluate(model, batches):
    total, samples = 0.0, 0
    with torch.no_grad():
        for x, y in batches:
            total += F.mse_loss(model(x), y) * len(x)
            samples += len(x)
    return total / samples


def fit(model, batches, validation, learning_rate, epochs):
    """Trains a model with SGD, a step for each batch, and returns the validation loss after each epoch."""
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    history = []
    for _ in range(epochs):
        for x, y in batches:
            loss = F.mse_loss(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        history.append(evaluate(model, validation))
    return history
