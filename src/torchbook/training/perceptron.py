"""The perceptron algorithm as a task: no gradient, a step towards each example that is wrong."""

from typing import Any

import torch
from torch import Tensor

from torchbook.errors import TorchbookError
from torchbook.models.perceptron import Perceptron
from torchbook.training.supervised import Supervised


class PerceptronRule(Supervised):
    """Adds `learning_rate` times a wrongly answered input to the weights, or takes it away (the perceptron trick).

    Ends at weights that answer everything right whenever a straight line can (Novikoff, 1962), and never where none
    can.
    """

    # One example is looked at after the other.
    divisible = in_parts = False

    def __init__(self, model: Perceptron, *, learning_rate: float = 1.0, measure: Any = None):
        if learning_rate <= 0:
            raise TorchbookError(f"the learning rate must be above 0, got {learning_rate}; try 1")
        super().__init__(model, torch.optim.SGD(model.parameters(), lr=learning_rate), measure=measure)
        self.perceptron = model

    @torch.no_grad()
    def step(self, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        """One look at each example of the batch in turn; the measure is the share of wrong answers."""
        wrong = 0
        for row, label in zip(*batch, strict=True):
            logits = self.perceptron(row.unsqueeze(0))[0]
            answer = int(logits[1] > logits[0])
            direction = int(label) - answer
            self.perceptron.weight.add_(self.learning_rate * direction * row)
            self.perceptron.bias.add_(self.learning_rate * direction)
            wrong += direction != 0
        self.steps += 1
        return {"wrong": torch.tensor(wrong / len(batch[0]))}
