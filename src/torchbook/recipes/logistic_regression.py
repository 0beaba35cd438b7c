"""Multinomial logistic regression: one weighted sum of the pixels for each class."""

import torch

from torchbook.data.load import load_images
from torchbook.evaluation import classification, final_test
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Supervised, fit
from torchbook.training.schedules import one_cycle


def logistic_regression(
    run: Run,
    *,
    data: str = "digits",
    image_size: int | None = None,
    epochs: int = 20,
    batch_size: int = 32,
    learning_rate: float = 0.003,
    weight_decay: float = 0.001,
    seed: int = 0,
) -> dict:
    """The simplest classifier of pictures: the logit of a class is a weighted sum of the pixels, and softmax with
    cross-entropy makes it learn. It sees no shapes, only which pixels are bright, and still reads nine digits of ten.

    Cost: 2 seconds, 400 MB.
    """
    dataset = load_images(data, image_size=image_size, seed=seed)
    model = build("linear", sample_shape=dataset.sample_shape, outputs=len(dataset.card.classes), seed=seed)
    batches = dataset.batches("train", size=batch_size, seed=seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=weight_decay)
    schedule = one_cycle(epochs * len(batches))
    task = Supervised(model, optimizer, measure=classification, schedule=schedule, choice=run.choice.in_float32())
    fit(run, task, dataset, batches, epochs=epochs)
    return final_test(run, task, dataset)
