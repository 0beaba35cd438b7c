import torch


def descend(x, y, w, b, learning_rate, epochs):
    w, b = w.clone(), b.clone()
    losses = []
    for _ in range(epochs):
        error = torch.add(x * w, b).sub(y)
        losses.append(float(torch.mean(error**2)))
        w -= learning_rate * torch.mean(2 * x * error)
        b -= learning_rate * torch.mean(2 * error)
    return [w, b, losses]
