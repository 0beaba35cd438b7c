"""The loop of most recipes: train, validate after every epoch, keep the best weights, end when nothing gets better."""

from torchbook.data.batches import Batches, at_once
from torchbook.data.dataset import Dataset
from torchbook.run import Run
from torchbook.training.autotune import tune
from torchbook.training.loop import train
from torchbook.training.task import Task


def fit(run: Run, task: Task, dataset: Dataset, batches: Batches, *, epochs: int, patience: int = 0) -> None:
    """Trains `epochs` times over `batches` and measures the validation split of `dataset` after each.

    With `patience` it ends when the validation split has seen no better model for so many epochs (early stopping). The
    run keeps the best weights in either case, for `final_test` of `torchbook.evaluation` and for `predict`. A long
    training of a run that may be tuned tries out first what is fastest here (`torchbook.training.autotune`).
    """
    valid = dataset.batches("valid", size=at_once(dataset.sample_shape))
    tune(run, task, batches, epochs=epochs)
    described = False
    for report in train(task, batches, epochs=epochs, run=run):
        run.log(report, task.evaluate(valid))
        if not described:
            # A run that is stopped from now on can be used already.
            describe(run, task, dataset)
            described = True
        if patience and run.epochs_since_best >= patience:
            break


def describe(run: Run, task: Task, dataset: Dataset) -> None:
    """Writes what the weights that the run has kept belong to, and how they are measured."""
    run.describe_model(
        task.modules()["model"],
        dataset.card,
        dataset.sample_shape,
        task.choice,
        measure=getattr(task.measure, "__name__", None),
        targets=task.targets,
    )
