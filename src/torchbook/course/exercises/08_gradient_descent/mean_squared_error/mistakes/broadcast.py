"""The loss is right as long as the shapes are the same. When they differ, broadcasting compares each prediction with
each target and says nothing: compare `predictions.shape` with `targets.shape` first, and raise a `ValueError`."""


def mean_squared_error(predictions, targets):
    return (predictions - targets).square().mean()
