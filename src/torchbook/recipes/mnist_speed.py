"""99 % of MNIST in seconds."""

import torch

from torchbook.data.load import load_images
from torchbook.evaluation import classification, final_test
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Supervised, fit
from torchbook.training.schedules import one_cycle


def mnist_speed(
    run: Run,
    *,
    data: str = "handwriting",
    epochs: int = 1,
    batch_size: int = 512,
    replicas: int = 2,
    width: int = 16,
    hidden: int = 128,
    learning_rate: float = 0.012,
    weight_decay: float = 0.01,
    seed: int = 0,
) -> dict:
    """99 % of MNIST in one epoch of a few seconds: a small network, data in memory, one cycle of a high rate, and two
    replicas that each compute half of a batch. Each thing that makes it fast is a row of `benchmarks/ladder.py`.

    Cost: 20 seconds, 600 MB.
    """
    dataset = load_images(data, seed=seed)
    shape, outputs = dataset.sample_shape, len(dataset.card.classes)
    model = build("quick", sample_shape=shape, outputs=outputs, width=width, hidden=hidden, seed=seed)
    batches = dataset.batches("train", size=batch_size, seed=seed)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=learning_rate, betas=(0.7, 0.9), weight_decay=weight_decay, fused=True
    )
    schedule = one_cycle(epochs * len(batches))
    task = Supervised(model, optimizer, measure=classification, schedule=schedule, replicas=replicas, choice=run.choice)
    fit(run, task, dataset, batches, epochs=epochs)
    return final_test(run, task, dataset)
