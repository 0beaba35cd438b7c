"""A run's kept model, measured again on the test split of its data."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from torchbook.data.dataset import Dataset
from torchbook.data.load import load_images
from torchbook.data.source import Source
from torchbook.data.splits import fewer
from torchbook.errors import TorchbookError
from torchbook.evaluation.evaluate import summary
from torchbook.evaluation.frechet import SAMPLES, judge
from torchbook.evaluation.measures import MEASURES, dataset_baseline
from torchbook.inference.predict import Trained, load_model
from torchbook.run import Run
from torchbook.training.adversarial import sample


def evaluate_run(run: Run, *, data: str | Path | None = None) -> dict[str, Any]:
    """The result of a run with its test measured again: the model comes from the run, the data from where they were, or
    from `data` where they were moved to; nothing is trained or written.

    Raises:
        TorchbookError: the run has no model yet, its data are gone or have changed, or it was measured by a measure
            that torchbook does not know.
    """
    trained = load_model(run)
    own = data_of(run, trained, data=data)
    run.learns_from(own.batches("train", size=1).fingerprint())
    # Inputs are prepared as they were when it was trained.
    dataset = replace(own, card=trained.card)
    plain: dict[str, Any] = {}
    if trained.is_generator:
        count = (run.result or {}).get("samples", SAMPLES)
        pictures = sample(trained.model, count, device=trained.choice.device)
        test = judge(own)(dataset.batches("test", size=1000), pictures)
    else:
        test, plain = _measured(run, trained, dataset)
    if run.result is not None:
        return run.result | {"run": str(run.path), "test": test}
    return {"run": str(run.path), "recipe": run.recipe} | summary(run, trained.model, dataset, test, plain)


def data_of(run: Run, trained: Trained, *, data: str | Path | None = None) -> Dataset:
    """The data set that a run was trained on, by the arguments of its recipe that are options of the data."""
    arguments = run.about["arguments"] | {k: v for k, v in (run.result or {}).items() if k in ("gate",)}
    source, seed = Source.again(arguments["data"], moved_to=data), arguments.get("seed", 0)
    if trained.card.kind == "images":
        size = arguments.get("image_size") or trained.card.extra.get("image_size")
        dataset = load_images(source, image_size=size, test=arguments.get("test"), tasks=(), seed=seed)
        return fewer(dataset, arguments.get("pictures_per_class"), seed=seed)
    options = {k: v for k, v in arguments.items() if k in source.parameters and k != "seed" and v is not None}
    return source.load(seed=seed, **options)


def _measured(run: Run, trained: Trained, dataset: Dataset) -> tuple[dict[str, Any], dict[str, Any]]:
    """The measures of the model on the test split, and those of the baseline."""
    about = run.model_description()
    name, targets = about.get("measure") or trained.card.task, about.get("targets", "labels")
    if name not in MEASURES:
        raise TorchbookError(
            f"the run {run.path} was measured by {name!r}, which is none of {', '.join(MEASURES)}; build its task"
            " again, call run.load_weights({'model': model}) and evaluate(task, batches)"
        )
    outputs = trained.outputs(dataset.test.inputs)
    wanted = dataset.normalize(dataset.test.inputs) if targets == "inputs" else dataset.test.labels
    if wanted is None:
        raise TorchbookError(f"the test split of {dataset.card.name} has no labels to measure with")
    measure = MEASURES[name]
    return measure(outputs, wanted), dataset_baseline(measure, dataset, targets=targets)
