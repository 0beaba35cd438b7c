"""You took the mean of the differences themselves, so errors of +3 and -3 cancel to a perfect 0. Square them first."""


def mean_squared_error(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError("predictions and targets have different shapes")
    return (predictions - targets).mean()
