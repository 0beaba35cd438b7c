import torch.nn.functional as F


def scores(x, weights, bias):
    return F.linear(x.to(weights).reshape(-1, weights.shape[1]), weights, bias)
