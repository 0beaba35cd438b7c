"""The data stayed where it was, the model lies on another device. Send the data there: `x.to(weights.device)`."""


def scores(x, weights, bias):
    if x.ndim == 1:
        x = x.unsqueeze(0)
    x = x.to(weights.dtype)
    return x @ weights.T + bias
