import torch


def predict(x, weights, bias):
    return torch.einsum("nf,tf->nt", x, weights) + bias


def train(x, y, weights, bias, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        loss = torch.mean((predict(x, weights, bias) - y) ** 2)
        slopes = torch.autograd.grad(loss, [weights, bias])
        weights.data -= learning_rate * slopes[0]
        bias.data -= learning_rate * slopes[1]
        losses.append(float(loss))
    return losses
