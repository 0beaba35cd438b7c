"""A multilayer perceptron on a table, with embeddings for its categories."""

from typing import Any

import torch

from torchbook.data import load
from torchbook.data.tables.encoding import explained
from torchbook.errors import TorchbookError
from torchbook.evaluation import final_test
from torchbook.evaluation.linear import linear_baseline
from torchbook.evaluation.measures import MEASURES
from torchbook.evaluation.objective import LOSSES, scaled_error, units
from torchbook.measure_text import measure_text
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Supervised, fit
from torchbook.training.schedules import one_cycle


def table(
    run: Run,
    *,
    data: str = "breast_cancer",
    target: str | None = None,
    kinds: dict[str, str] | None = None,
    time_column: str | None = None,
    window: int | None = None,
    header: bool | None = None,
    epochs: int = 40,
    batch_size: int = 64,
    hidden: tuple[int, ...] = (64, 64),
    dropout: float = 0.1,
    learning_rate: float = 0.005,
    weight_decay: float = 0.05,
    seed: int = 0,
) -> dict:
    """Classes or quantities from the rows of a table, or from windows of rows that follow each other in time, beside
    what the mean or majority and a linear model reach. Any CSV file works by its path: every column is recognised, with
    the reason told; `target`, `kinds`, `time_column`, `window` and `header` say otherwise.

    Cost: 1 second, 400 MB.
    """
    options = {"target": target, "kinds": kinds, "time_column": time_column, "window": window, "header": header}
    dataset = load(data, seed=seed, **{name: value for name, value in options.items() if value is not None})
    card, labels, quantity = dataset.card, dataset.train.labels, dataset.card.task == "regression"
    if labels is None:
        raise TorchbookError(f"the data set {data!r} has nothing to predict; the recipe needs a target")
    shift, scale = units(labels) if quantity else ((), ())
    model = build(
        "table",
        sample_shape=dataset.sample_shape,
        outputs=len(shift) if quantity else len(card.classes),
        embeddings=card.extra.get("embeddings", []),
        hidden=hidden,
        dropout=dropout,
        shift=shift,
        scale=scale,
        seed=seed,
    )
    batches = dataset.batches("train", size=batch_size, seed=seed)
    task = Supervised(
        model,
        torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=weight_decay, fused=True),
        loss=scaled_error(model) if quantity else LOSSES[card.task],
        measure=MEASURES[card.task],
        schedule=one_cycle(epochs * len(batches)),
        choice=run.choice.in_float32(),
    )
    notes = [*card.notes, *explained(card.extra)]
    linear = linear_baseline(dataset)
    beside: dict[str, Any] = {"linear": linear, "verdict": _beside(linear)} if linear else {}
    fit(run, task, dataset, batches, epochs=epochs)
    return final_test(run, task, dataset, notes=notes, **beside)


def _beside(linear: dict[str, float]) -> str:
    if "accuracy" in linear:
        return f"(a linear model: {measure_text('accuracy', linear['accuracy'])})"
    return f"(a linear model: mse {measure_text('mse', linear['mse'])}, r2 {measure_text('r2', linear['r2'])})"
