"""How good predictions are: measures over a whole data set, every example with the same weight."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from torchbook.data.dataset import Dataset
from torchbook.errors import TorchbookError

Measure = Callable[[Tensor, Tensor], dict[str, Any]]


def accuracy(logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]) -> float:
    """The share of examples whose largest logit is that of their label, 0 to 1."""
    return (logits.argmax(1) == labels).double().mean().item()


def classification(logits: Float[Tensor, "batch classes"], labels: Tensor) -> dict[str, float]:
    """Accuracy (0 to 1), cross-entropy (nats per example) and the count of examples.

    `labels` are the numbers of the classes, `[batch]`, or a probability for each class, `[batch, classes]`. One logit,
    `[batch, 1]`, is that of the second of two classes, and its labels are 0 or 1, also of shape `[batch, 1]`.
    """
    if logits.shape[1] == 1:
        truth = labels.reshape(-1).double()
        right = (logits[:, 0] > 0).double() == truth
        error = F.binary_cross_entropy_with_logits(logits[:, 0].double(), truth)
        return {"accuracy": right.double().mean().item(), "cross_entropy": error.item(), "count": len(labels)}
    probabilities = labels.dtype.is_floating_point
    return {
        "accuracy": accuracy(logits, labels.argmax(1) if probabilities else labels),
        "cross_entropy": F.cross_entropy(logits.double(), labels.double() if probabilities else labels).item(),
        "count": len(labels),
    }


def multilabel(logits: Float[Tensor, "batch tags"], labels: Float[Tensor, "batch tags"]) -> dict[str, float]:
    """How well several tags are told of each example: `f1`, `exact_match`, cross-entropy (nats per tag) and the count.

    A tag is told where its logit is above 0. F1 is the harmonic mean of precision and recall over all tags of all
    examples (micro-averaged, as scikit-learn calls it), 1 where nothing was to be told and nothing was; `exact_match`
    is the share of examples whose tags are all right.
    """
    told, truth = logits > 0, labels > 0.5
    right, wrong = (told & truth).sum().item(), (told ^ truth).sum().item()
    return {
        "f1": 2 * right / (2 * right + wrong) if right + wrong else 1.0,
        "exact_match": (told == truth).all(1).double().mean().item(),
        "cross_entropy": F.binary_cross_entropy_with_logits(logits.double(), labels.double()).item(),
        "count": len(labels),
    }


def calibration_error(logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"], *, bins: int = 10) -> float:
    """How far probabilities are from the shares that come true, 0 to 1: the expected calibration error.

    Examples are put into bins by the probability of the class that is predicted; of each bin the mean probability and
    the accuracy are compared, and the differences are averaged by the examples of the bin. After C. Guo et al., On
    Calibration of Modern Neural Networks (2017).
    """
    probability, predicted = logits.double().softmax(1).max(1)
    right = (predicted == labels).double()
    number = (probability * bins).long().clamp(max=bins - 1)
    gaps = torch.zeros(bins, dtype=torch.float64).index_add_(0, number, probability - right)
    return gaps.abs().sum().item() / len(labels)


def calibrated_classification(logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]) -> dict[str, float]:
    """The measures of `classification`, and `calibration_error`."""
    return classification(logits, labels) | {"calibration_error": calibration_error(logits, labels)}


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


def recall_by_class(
    logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"], names: Sequence[str]
) -> dict[str, float]:
    """Returns the share of each class that was found, 0 to 1, by its name; classes without examples are left out."""
    counts = confusion(logits.argmax(1), labels, classes=len(names))
    _, recall = precision_recall(counts)
    there = counts.sum(1) > 0
    return {name: share for name, share, is_there in zip(names, recall.tolist(), there.tolist()) if is_there}


def reconstruction(outputs: Float[Tensor, "batch ..."], inputs: Float[Tensor, "batch ..."]) -> dict[str, float]:
    """The mean squared difference between what a model makes of its inputs and these, in the units of the inputs."""
    return {"mse": F.mse_loss(outputs.double(), inputs.double()).item(), "count": len(inputs)}


# By these names a run says how its model is measured.
MEASURES: dict[str, Measure] = {
    "classification": classification,
    "calibrated_classification": calibrated_classification,
    "regression": regression,
    "multilabel": multilabel,
    "reconstruction": reconstruction,
}


def baseline(targets: Tensor, test_targets: Tensor, *, measure: Measure | None = None) -> dict[str, Any]:
    """The measures of what one would say without looking at the inputs: of classes the shares that they have in the
    training `targets`, so the most frequent one, of tags those of more than half, and of numbers their mean. Without
    `measure` that of `classification` or `regression`.
    """
    if targets.dtype.is_floating_point:
        outputs = targets.mean(0, keepdim=True)
        if measure is multilabel:
            outputs = outputs.clamp(0.5 / len(targets), 1 - 0.5 / len(targets)).logit()
        measure = measure or regression
    else:
        classes = int(max(targets.max(), test_targets.max())) + 1
        counts = torch.bincount(targets.flatten().long(), minlength=classes)
        # A class that was never seen is not impossible.
        outputs = (counts.clamp(min=0.5) / len(targets)).log()[None]
        measure = measure or classification
    return measure(outputs.expand(len(test_targets), *outputs.shape[1:]), test_targets)


def dataset_baseline(
    measure: Measure, dataset: Dataset, *, targets: Literal["labels", "inputs"] = "labels"
) -> dict[str, Any]:
    """The `baseline` of a data set's test split, where the labels are wanted, or the inputs themselves: of pictures the
    mean picture."""
    if targets == "labels":
        labels, test_labels = dataset.train.labels, dataset.test.labels
        return {} if labels is None or test_labels is None else baseline(labels, test_labels, measure=measure)
    total = sum(inputs.sum(0, dtype=torch.float64) for inputs, _ in dataset.batches("train", size=1000))
    assert isinstance(total, Tensor)
    mean = (total / len(dataset.train)).float()[None]
    test = torch.cat([inputs for inputs, _ in dataset.batches("test", size=1000)])
    return baseline(mean, test, measure=measure)
