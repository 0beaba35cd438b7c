"""A network from nothing: matrices, a bend, and slopes by hand. No layer, loss or optimizer of PyTorch, no autograd.

The parameters are [w1, b1, w2, b2]: weights [outputs, inputs] and biases [outputs] of two layers.
"""

import torch


def start(inputs, hidden, classes, seed):
    """Returns the parameters before training: random weights, the same for the same seed."""
    chance = torch.Generator().manual_seed(seed)
    parameters = []
    for fan_in, fan_out in ((inputs, hidden), (hidden, classes)):
        # With this spread the sums of a layer are about as large as what goes in.
        parameters.append(torch.randn(fan_out, fan_in, generator=chance) * (2 / fan_in) ** 0.5)
        parameters.append(torch.zeros(fan_out))
    return parameters


def scores(parameters, pictures):
    """Returns the scores of the classes, `[count, classes]`, for pictures `[count, inputs]`."""
    w1, b1, w2, b2 = parameters
    return (pictures @ w1.T + b1).clamp(min=0) @ w2.T + b2


def gradients(parameters, pictures, labels):
    """Returns the mean cross-entropy and a list of its gradients, one for each of the parameters."""
    w1, b1, w2, b2 = parameters
    hidden = (pictures @ w1.T + b1).clamp(min=0)
    outputs = hidden @ w2.T + b2
    logs = outputs - outputs.logsumexp(dim=1, keepdim=True)  # logarithms of the probabilities
    rows = torch.arange(len(labels))
    loss = -logs[rows, labels].mean()
    # The slope for a score is its probability, less 1 for the right class.
    back = logs.exp()
    back[rows, labels] -= 1
    back = back / len(labels)
    back_hidden = (back @ w2) * (hidden > 0)
    return loss, [back_hidden.T @ pictures, back_hidden.sum(0), back.T @ hidden, back.sum(0)]


def train(pictures, labels):
    """Returns parameters that have learned from pictures `[count, 784]` and labels: descent with momentum."""
    parameters = start(pictures.shape[1], 128, 10, seed=0)
    speeds = [torch.zeros_like(parameter) for parameter in parameters]
    chance = torch.Generator().manual_seed(0)
    epochs, size = 15, 50
    for epoch in range(epochs):
        rate = 0.05 * (1 - epoch / epochs)
        for batch in torch.randperm(len(pictures), generator=chance).split(size):
            _, slopes = gradients(parameters, pictures[batch], labels[batch])
            for parameter, speed, slope in zip(parameters, speeds, slopes):
                speed.mul_(0.9).add_(slope)
                parameter -= rate * speed
    return parameters
