from torch import nn


def init_report(model, inputs, labels):
    """Returns (spread of the sums over the batch, mean absolute gradient of the weight) for each linear layer."""
    x = inputs
    for part in model:
        x = part(x)
        if isinstance(part, nn.Linear):
            ...
    return []
