"""The perceptron: a weighted sum and a step."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Perceptron(nn.Module):
    """Says "true" where the weighted sum of the inputs and the bias is above zero (Rosenblatt, 1958).

    As a classifier of two classes it gives the logits `(0, sum)`: the larger one is that of its answer. It starts from
    zeros.
    """

    def __init__(self, features: int):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(features))
        self.bias = nn.Parameter(torch.zeros(()))

    def forward(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "batch 2"]:
        score = inputs @ self.weight + self.bias
        return torch.stack([torch.zeros_like(score), score], dim=1)
