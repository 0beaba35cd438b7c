"""You converted the model to the dtype of the data: the result is float64, and for whole numbers the weights lose
their fractions. It is the data that is converted, `x.to(weights.dtype)`."""


def scores(x, weights, bias):
    if x.ndim == 1:
        x = x.unsqueeze(0)
    x = x.to(weights.device)
    return x @ weights.T.to(x.dtype) + bias
