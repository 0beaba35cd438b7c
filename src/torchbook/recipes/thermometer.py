"""A straight line from a thermometer's unknown scale to degrees Celsius."""

import torch
import torch.nn.functional as F

from torchbook.data.load import load_numeric
from torchbook.evaluation import evaluate, final_test, regression
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Supervised, train


def thermometer(
    run: Run, *, data: str = "thermometer", epochs: int = 500, learning_rate: float = 0.1, seed: int = 0
) -> dict:
    """The simplest learning there is: two numbers, a weight and a bias, by gradient descent on the mean squared error.
    The readings are normalised first; with raw readings steps must be some three thousand times smaller.

    Cost: 1 second, 300 MB.
    """
    dataset = load_numeric(data, task="regression", seed=seed)
    model = build("linear", sample_shape=dataset.sample_shape, outputs=len(dataset.card.targets), seed=seed)
    batches = dataset.batches("train", size=len(dataset.train), seed=seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    task = Supervised(model, optimizer, loss=F.mse_loss, measure=regression)
    for report in train(task, batches, epochs=epochs, every=max(1, epochs // 50), run=run):
        run.log(report, evaluate(task, dataset.batches("valid", size=1000)))
    return final_test(run, task, dataset)
