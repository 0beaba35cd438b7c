"""How good predictions are: measures over a whole data set, every example with the same weight."""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from torchbook.errors import TorchbookError


def accuracy(logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]) -> float:
    """The share of examples whose largest logit is that of their label, 0 to 1."""
    return (logits.argmax(1) == labels).double().mean().item()


def classification(logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]) -> dict[str, float]:
    """Accuracy (0 to 1), cross-entropy (nats per example) and the count of examples."""
    return {
        "accuracy": accuracy(logits, labels),
        "loss": F.cross_entropy(logits.double(), labels).item(),
        "count": len(labels),
    }


def regression(predictions: Float[Tensor, "batch targets"], values: Float[Tensor, "batch targets"]) -> dict[str, float]:
    """Mean squared and mean absolute error in the units of the targets, and R squared.

    R squared is the share of the variance that is explained: 1 is perfect, 0 is no better than always saying the mean.
    Several targets are averaged with equal weight, as in scikit-learn.

    Raises:
        TorchbookError: the two have different shapes; `[batch, 1]` minus `[batch]` would be every pair's difference.
    """
    if predictions.shape != values.shape:
        raise TorchbookError(
            f"predictions and values must have the same shape, got {list(predictions.shape)} and {list(values.shape)}"
        )
    predictions, values = predictions.double(), values.double()
    squared = (predictions - values).square()
    spread = (values - values.mean(0)).square().sum(0)
    share = torch.where(spread > 0, 1 - squared.sum(0) / spread.clamp(min=1e-300), (squared.sum(0) == 0).double())
    return {
        "mse": squared.mean().item(),
        "mae": (predictions - values).abs().mean().item(),
        "r2": share.mean().item(),
        "count": len(values),
    }


def confusion(
    predicted: Int[Tensor, "batch"], labels: Int[Tensor, "batch"], *, classes: int
) -> Int[Tensor, "classes classes"]:
    """How often each class (row) was taken for each class (column)."""
    return torch.bincount(labels * classes + predicted, minlength=classes**2).view(classes, classes)


def precision_recall(
    counts: Int[Tensor, "classes classes"],
) -> tuple[Float[Tensor, "classes"], Float[Tensor, "classes"]]:
    """Per class, from a confusion matrix: the share of what was called so that is so, and of what is so that was found.

    A class that was never predicted has precision 0, a class without examples has recall 0.
    """
    right = counts.diagonal().float()
    return right / counts.sum(0).clamp(min=1), right / counts.sum(1).clamp(min=1)


def baseline(labels: Tensor, test_labels: Tensor) -> dict[str, float]:
    """What one gets without looking at the inputs: the most frequent class, or the mean, of the training labels."""
    if labels.dtype.is_floating_point:
        return regression(labels.mean(0, keepdim=True).expand_as(test_labels), test_labels)
    return {"accuracy": (test_labels == labels.mode().values).double().mean().item(), "count": len(test_labels)}
