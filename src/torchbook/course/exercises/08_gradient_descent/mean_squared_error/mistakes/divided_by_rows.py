"""You divided by the number of rows. In a table $n$ counts all values: `predictions.numel()`, or simply `.mean()`."""


def mean_squared_error(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError("predictions and targets have different shapes")
    return (predictions - targets).square().sum() / len(predictions)
