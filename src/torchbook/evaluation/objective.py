"""What a model is to learn from a data set's labels, by what they are: outputs, loss and measure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchbook.data.dataset import Dataset
from torchbook.errors import TorchbookError
from torchbook.evaluation.measures import Measure, classification, multilabel, regression
from torchbook.models import build
from torchbook.models.in_units import InUnits
from torchbook.models.table import TableModel

Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Objective:
    """A model for a data set with the loss that it learns by and the measure of how good it is."""

    model: Any
    loss: Loss
    measure: Measure


# How classes and tags are learned, by the task of the data.
LOSSES: dict[str, Loss] = {
    "classification": F.cross_entropy,
    "multilabel": F.binary_cross_entropy_with_logits,
}
# What recipes of pictures can learn that take an `objective`.
TASKS = ("classification", "multilabel", "regression")


def objective(
    name: str, dataset: Dataset, *, loss: Loss = F.cross_entropy, seed: int = 0, **arguments: Any
) -> Objective:
    """Builds the model `name` for what the labels of a data set are.

    Classes are told by an output each (and the given `loss`, that of the recipe), tags by one of their own each, and
    quantities in their own units, with the squared error in standard deviations.

    Raises:
        TorchbookError: there are no labels.
    """
    card, labels = dataset.card, dataset.train.labels
    if labels is None:
        raise TorchbookError(f"{card.name} has no labels to learn from")
    if card.task == "classification":
        return Objective(build(name, outputs=len(card.classes), seed=seed, **arguments), loss, classification)
    if card.task == "multilabel":
        model = build(name, outputs=len(card.classes), seed=seed, **arguments)
        return Objective(model, LOSSES["multilabel"], multilabel)
    shift, scale = units(labels)
    inner = {**arguments, "outputs": len(shift)}
    model = build("in_units", network=name, arguments=inner, shift=shift, scale=scale, seed=seed)
    return Objective(model, scaled_error(model), regression)


def units(values: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each target, 1 where all its values are equal."""
    std, mean = torch.std_mean(values.double(), dim=0, correction=0)
    return tuple(mean.tolist()), tuple(std.where(std > 0, 1.0).tolist())


def scaled_error(model: InUnits | TableModel) -> Loss:
    """The squared error in standard deviations of each target, so that one learning rate suits every unit."""
    return lambda outputs, values: F.mse_loss(outputs / model.scale, values / model.scale)
