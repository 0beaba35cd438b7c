"""This is the mean *absolute* error, a good loss too, but another one. Here each difference is squared."""


def mean_squared_error(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError("predictions and targets have different shapes")
    return (predictions - targets).abs().mean()
