"""You weighted each loss by its samples, then divided by the number of *batches*. Divide by the number of samples."""

import torch
import torch.nn.functional as F


def evaluate(model, batches):
    total = 0.0
    with torch.no_grad():
        for x, y in batches:
            total += F.mse_loss(model(x), y).item() * len(x)
    return total / len(batches)


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
