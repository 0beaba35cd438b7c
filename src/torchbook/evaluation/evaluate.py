"""Measuring a task, while it is trained and once at the end."""

import statistics
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from torchbook.data.batches import Batches, at_once
from torchbook.data.card.inspection import inspect
from torchbook.data.dataset import Dataset
from torchbook.data.source import DATA_SETS
from torchbook.evaluation.describe import describe
from torchbook.evaluation.measures import (
    calibrated_classification,
    classification,
    dataset_baseline,
    recall_by_class,
)
from torchbook.models.transfer import Transfer
from torchbook.run import Run
from torchbook.training.first_batch import check_evaluated
from torchbook.training.fit import describe as describe_model
from torchbook.training.task import Task

# Of more training examples the findings are left to `torchbook data show`: looking may take longer than the training.
MOST_INSPECTED = 20_000


def evaluate(task: Task, batches: Iterable[Any]) -> dict[str, Any]:
    """Returns the measures of the task on these batches (for classes `accuracy` and `cross_entropy`), all examples
    weighing the same, with the task's own `loss` and the `count` of examples. Any iterable of `(inputs, labels)` is
    taken: `Batches`, a `DataLoader`, a list.
    """
    check_evaluated(task, task_kind=Task)
    return task.evaluate(batches)


def final_test(run: Run, task: Task, dataset: Dataset, batches: Batches | None = None, **more: Any) -> dict[str, Any]:
    """Ends a run: its best weights are measured on the test set, for the first and only time, and the result is
    written.

    `batches` are those of the test set where the recipe prepares them in its own way, `more` is what else belongs to
    the result. The result has `run`, `recipe`, `data`, `seconds`, `test`, how fast it was trained
    (`samples_per_second`, `share_of_peak`), and for comparison `baseline` (the same measures of what one would say
    without looking at the inputs), `parameters` and `flops` per sample.
    """
    run.keep_if_none(task)
    run.load_weights(task.modules())
    describe_model(run, task, dataset)
    batches = batches or dataset.batches("test", size=at_once(dataset.sample_shape))
    test = task.evaluate(batches)
    if task.measure is not None:
        # It belongs to the training: a smoothed or weighted loss cannot be found again from the model alone.
        test.pop("loss", None)
    plain = {} if task.measure is None else dataset_baseline(task.measure, dataset, targets=task.targets)
    return run.finish(
        summary(run, task.modules()["model"], dataset, test, plain) | _by_class(task, dataset, batches) | more
    )


def _by_class(task: Task, dataset: Dataset, batches: Batches) -> dict[str, Any]:
    if task.measure not in (classification, calibrated_classification) or not _classes_differ(dataset):
        return {}
    outputs = torch.cat([task.predict(inputs).cpu() for inputs, _ in batches])
    return by_class(outputs, dataset)


def by_class(outputs: Tensor, dataset: Dataset) -> dict[str, Any]:
    """Returns the share of each class of the test set that was found (`recall`) and their mean (`balanced_accuracy`)
    by the logits; nothing where the classes are about equally many."""
    labels, names = dataset.test.labels, dataset.card.classes
    if labels is None or not _classes_differ(dataset) or outputs.shape[1:] != (len(names),):
        return {}
    shares = recall_by_class(outputs, labels, names)
    return {"recall": shares, "balanced_accuracy": statistics.fmean(shares.values())}


def _classes_differ(dataset: Dataset) -> bool:
    """Tells whether the test set has twice as many of one class as of another, so that accuracy says little of that."""
    labels, names = dataset.test.labels, dataset.card.classes
    if dataset.card.task != "classification" or labels is None or labels.ndim != 1 or len(names) < 2:
        return False
    counts = torch.bincount(labels, minlength=len(names))
    return bool(counts.max() >= 2 * counts.min())


def summary(
    run: Run, model: nn.Module, dataset: Dataset, test: dict[str, Any], plain: dict[str, Any]
) -> dict[str, Any]:
    """The result of a run: what was measured of its model on the test set, beside the baseline and what it costs."""
    entries = run.entries()
    return {
        "data": dataset.card.name,
        "seconds": entries[-1]["seconds"] if entries else 0.0,
        **_speed(entries),
        "test": test,
        "baseline": plain,
        **describe(model, dataset.sample_shape),
        "notes": list(dataset.card.notes),
        **_findings(run, model, dataset),
    }


def _findings(run: Run, model: nn.Module, dataset: Dataset) -> dict[str, Any]:
    """What needs a second look in data that a person brought, the worst first."""
    data = run.about["arguments"].get("data")
    if data is None or str(data).partition("?")[0] in DATA_SETS or len(dataset.train) > MOST_INSPECTED:
        return {}
    findings = inspect(dataset)
    if isinstance(model, Transfer):  # what has learnt elsewhere needs few
        findings = [finding for finding in findings if finding.what != "few"]
    return {"findings": [finding.text for finding in findings]} if findings else {}


def _speed(entries: list[dict[str, Any]]) -> dict[str, float]:
    """Samples per second and the part of the machine's peak, as the epoch in the middle had them."""
    middle = {
        name: [entry[name] for entry in entries if entry.get(name)] for name in ("samples_per_second", "share_of_peak")
    }
    return {name: statistics.median(values) for name, values in middle.items() if values}
