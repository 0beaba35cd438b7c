import torch


def mean_squared_error(predictions, targets):
    if list(predictions.size()) != list(targets.size()):
        raise ValueError(f"expected one shape, got {tuple(predictions.shape)} and {tuple(targets.shape)}")
    return torch.sum((targets - predictions) ** 2) / predictions.numel()
