"""A 3-D convolutional network on volumes."""

from typing import Any

import torch

from torchbook.data import load
from torchbook.errors import TorchbookError
from torchbook.evaluation import final_test
from torchbook.evaluation.objective import objective
from torchbook.run import Run
from torchbook.training import Supervised, fit
from torchbook.training.schedules import one_cycle


def volume(
    run: Run,
    *,
    data: str = "blobs3d",
    epochs: int = 6,
    batch_size: int = 32,
    width: int = 16,
    dropout: float = 0.2,
    learning_rate: float = 0.005,
    weight_decay: float = 0.02,
    seed: int = 0,
) -> dict:
    """A small 3-D CNN: its filters look at depth, height and width at once, for pictures that have a third dimension,
    such as a chest CT. The default volumes are drawn; a folder with one sub-folder of scans per class works by its
    path.

    Cost: 40 seconds, 700 MB.
    """
    dataset = load(data, seed=seed)
    if dataset.card.kind != "volumes":
        raise TorchbookError(f"this recipe needs volumes, but {data} is a data set of {dataset.card.kind}")
    if dataset.card.task == "generation":
        raise TorchbookError(
            f"{data} holds one volume and nothing to tell apart; training needs several of each class, each class in a "
            "folder of its own (torchbook data show looks at one)"
        )
    sizes: dict[str, Any] = {"width": width, "dropout": dropout}
    goal = objective("cnn3d", dataset, sample_shape=dataset.sample_shape, seed=seed, **sizes)
    model = goal.model
    batches = dataset.batches("train", size=batch_size, seed=seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=weight_decay, fused=True)
    schedule = one_cycle(epochs * len(batches))
    task = Supervised(model, optimizer, loss=goal.loss, measure=goal.measure, schedule=schedule, choice=run.choice)
    fit(run, task, dataset, batches, epochs=epochs)
    return final_test(run, task, dataset)
