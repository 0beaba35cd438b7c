"""Linear models and multilayer perceptrons on anything that can be flattened."""

import math
from collections.abc import Sequence
from typing import Literal

from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


def linear(sample_shape: Sequence[int], outputs: int) -> nn.Sequential:
    """One weighted sum of all inputs for each output: linear regression, or logistic regression if followed by
    softmax."""
    return nn.Sequential(nn.Flatten(), nn.Linear(math.prod(sample_shape), outputs))


def mlp(
    sample_shape: Sequence[int],
    outputs: int,
    hidden: Sequence[int] = (512, 512),
    activation: Literal["relu", "tanh", "sigmoid"] = "relu",
    dropout: float = 0.0,
) -> nn.Sequential:
    """Hidden layers of the given widths, each followed by the activation and, if asked for, by dropout."""
    layers: list[nn.Module] = [nn.Flatten()]
    width = math.prod(sample_shape)
    for units in hidden:
        layers += [nn.Linear(width, units), ACTIVATIONS[activation]()]
        if dropout:
            layers.append(nn.Dropout(dropout))
        width = units
    return nn.Sequential(*layers, nn.Linear(width, outputs))
