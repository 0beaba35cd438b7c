"""You took the root at the end. That is handy to read, since it has the unit of the targets, but the loss is without
it."""


def mean_squared_error(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError("predictions and targets have different shapes")
    return (predictions - targets).square().mean().sqrt()
