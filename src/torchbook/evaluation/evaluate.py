"""Measuring a task, while it is trained and once at the end."""

import statistics
from typing import Any

from torchbook.data.batches import Batches
from torchbook.data.dataset import Dataset
from torchbook.evaluation.describe import describe
from torchbook.evaluation.measures import baseline
from torchbook.run import Run
from torchbook.training.autotune import try_out
from torchbook.training.loop import Task, train


def evaluate(task: Task, batches: Batches) -> dict[str, Any]:
    """What the task measures on these batches (for classes `accuracy`, `loss`, `count`), all examples weighing the
    same."""
    return task.evaluate(batches)


def final_test(run: Run, task: Task, dataset: Dataset, batches: Batches | None = None, **more: Any) -> dict[str, Any]:
    """Ends a run: its best weights are measured on the test set, for the first and only time, and the result is
    written.

    `batches` are those of the test set where the recipe prepares them in its own way, `more` is what else belongs to
    the result. The result has `run`, `recipe`, `data`, `seconds`, `test`, how fast it was trained
    (`samples_per_second`, `share_of_peak`), and for comparison `baseline`, `parameters` and `flops` per sample.
    """
    modules = task.modules()
    run.keep_if_none(task)
    run.load_weights(modules)
    device = next(modules["model"].parameters()).device
    batches = batches or dataset.batches("test", size=1000, device=device)
    test = task.evaluate(batches)
    card = dataset.card
    if run.read_only:
        # What the recipe found out while it trained cannot be found again.
        more |= {name: value for name, value in (run.result or {}).items() if name in more}
    else:
        run.describe_model(modules["model"], card, dataset.sample_shape, task.choice)
    labels, test_labels = dataset.train.labels, dataset.test.labels
    entries = run.entries()
    result = {
        "data": card.name,
        "seconds": entries[-1]["seconds"] if entries else 0.0,
        **_speed(entries),
        "test": test,
        "baseline": baseline(labels, test_labels) if labels is not None and test_labels is not None else {},
        **describe(modules["model"], dataset.sample_shape),
        "notes": list(card.notes),
        **more,
    }
    return run.finish(result)


def _speed(entries: list[dict[str, Any]]) -> dict[str, float]:
    """Samples per second and the part of the machine's peak, as the epoch in the middle had them."""
    middle = {
        name: [entry[name] for entry in entries if entry.get(name)] for name in ("samples_per_second", "share_of_peak")
    }
    return {name: statistics.median(values) for name, values in middle.items() if values}


def fit(
    run: Run, task: Task, dataset: Dataset, batches: Batches, *, epochs: int, patience: int = 0, **more: Any
) -> dict[str, Any]:
    """The loop of most recipes: train, measure on the validation set after every epoch, and at last on the test set.

    With `patience` it ends when the validation set has seen no better model for so many epochs (early stopping). The
    weights that are tested are the best ones of the validation set, in either case. `more` goes into the result. A long
    training tries out first what is fastest here (`torchbook.training.autotune`).
    """
    valid = dataset.batches("valid", size=1000, device=batches.device)
    try_out(run, task, batches, epochs=epochs)
    for report in train(task, batches, epochs=epochs, run=run):
        run.log(report, evaluate(task, valid))
        if patience and run.epochs_since_best >= patience:
            break
    return final_test(run, task, dataset, **more)
