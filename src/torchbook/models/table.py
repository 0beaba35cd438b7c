"""A multilayer perceptron for the rows of a table, with learned vectors in the place of categories."""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn


class TableModel(nn.Module):
    """Embeddings for the features that are category indices, then hidden layers over all features.

    `sample_shape` is `(features,)`, or `(features, steps)` for sequences. `embeddings` has a row `(feature, indices,
    numbers)` for each feature that holds an index; the vector of index 0, a category never seen, starts at zero.
    Quantities are predicted in their own units: each result of the last layer times its `scale` plus its `shift`.
    """

    values: Tensor
    shift: Tensor
    scale: Tensor

    def __init__(
        self,
        sample_shape: Sequence[int],
        outputs: int,
        embeddings: Sequence[Sequence[int]] = (),
        hidden: Sequence[int] = (64, 64),
        dropout: float = 0.0,
        shift: Sequence[float] = (),
        scale: Sequence[float] = (),
    ):
        super().__init__()
        self.embedded = [feature for feature, _, _ in embeddings]
        values = [feature for feature in range(sample_shape[0]) if feature not in self.embedded]
        self.register_buffer("values", torch.tensor(values, dtype=torch.long), persistent=False)
        self.embeddings = nn.ModuleList(_embedding(count, numbers) for _, count, numbers in embeddings)
        width = (len(values) + sum(numbers for _, _, numbers in embeddings)) * math.prod(sample_shape[1:])
        layers: list[nn.Module] = []
        for units in hidden:
            layers += [nn.Linear(width, units), nn.ReLU()] + ([nn.Dropout(dropout)] if dropout else [])
            width = units
        self.layers = nn.Sequential(*layers, nn.Linear(width, outputs))
        for name, numbers in (("shift", shift), ("scale", scale)):
            self.register_buffer(name, torch.tensor(numbers, dtype=torch.float32), persistent=False)

    def forward(self, inputs: Float[Tensor, "batch features *steps"]) -> Float[Tensor, "batch outputs"]:
        """Class scores (logits), or predicted quantities."""
        parts = [inputs.index_select(1, self.values).flatten(1)]
        for feature, embedding in zip(self.embedded, self.embeddings):
            parts.append(embedding(inputs[:, feature].long()).flatten(1))
        outputs: Tensor = self.layers(torch.cat(parts, dim=1))
        if not len(self.scale):
            return outputs
        # In float32 even under autocast: bfloat16 has no room for a small difference from a large shift.
        return outputs.float() * self.scale + self.shift


def _embedding(count: int, numbers: int) -> nn.Embedding:
    vectors = torch.randn(count, numbers) * 0.1
    vectors[0] = 0
    return nn.Embedding(count, numbers, _weight=vectors)
