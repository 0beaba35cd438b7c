"""No gradient reaches the weights: `.data`, `.detach()` and `torch.no_grad()` cut them off, and they could never
learn. Use the weights as they are."""


def scores(x, weights, bias):
    if x.ndim == 1:
        x = x.unsqueeze(0)
    x = x.to(device=weights.device, dtype=weights.dtype)
    return x @ weights.data.T + bias.data
