def mean_squared_error(predictions, targets):
    """The mean of the squared differences of two tensors of one shape, as a tensor without dimensions."""
    if predictions.shape != targets.shape:
        raise ValueError("predictions and targets have different shapes")
    return (predictions - targets).square().mean()
