import torch


def predict(x, weights, bias):
    rows = [torch.stack([(w * row).sum() + b for w, b in zip(weights, bias)]) for row in x]
    return torch.stack(rows)


@torch.no_grad()
def train(x, y, weights, bias, learning_rate, epochs):
    losses = []
    while len(losses) < epochs:
        error = torch.addmm(bias, x, weights.t()) - y
        losses.append((error.pow(2).sum() / error.numel()).item())
        slope = error * (2 / error.numel())
        weights.sub_(slope.t() @ x, alpha=learning_rate)
        bias.sub_(slope.sum(0), alpha=learning_rate)
    return losses
