"""You have half the loss. Some books write 1/2 in front to save a 2 later; here the squares are divided by their
number only."""


def mean_squared_error(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError("predictions and targets have different shapes")
    return (predictions - targets).square().mean() / 2
