from torch import nn


def mlp_of_depth(inputs, width, depth, outputs):
    """Returns a chain of `depth` hidden layers with ReLU and a last layer for the scores, for pictures."""
    parts = [nn.Flatten()]
    before = inputs
    for _ in range(depth):
        parts += [nn.Linear(before, width), nn.ReLU()]
        before = width
    parts.append(nn.Linear(before, outputs))
    for part in parts:
        if isinstance(part, nn.Linear):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            nn.init.zeros_(part.bias)
    return nn.Sequential(*parts)
