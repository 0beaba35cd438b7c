"""Apples and oranges from the weather: linear regression from scratch, and the same with `nn`."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchbook.data.load import load_numeric
from torchbook.evaluation import evaluate, final_test, regression
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Supervised, train


def fruit(run: Run, *, data: str = "fruit", epochs: int = 300, learning_rate: float = 0.1, seed: int = 0) -> dict:
    """Linear regression twice: with nothing but tensors (hypothesis, cost, gradient, update), and with `nn.Linear`,
    `F.mse_loss` and `optim.SGD`. Both start from the same weights and must end at the same ones.

    Cost: 1 second, 300 MB.
    """
    dataset = load_numeric(data, task="regression", seed=seed)
    model = build("linear", sample_shape=dataset.sample_shape, outputs=len(dataset.card.targets), seed=seed)
    start = model[1]
    weights, bias = start.weight.detach().clone(), start.bias.detach().clone()
    batches = dataset.batches("train", size=len(dataset.train), seed=seed)
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=learning_rate), loss=F.mse_loss, measure=regression)
    for report in train(task, batches, epochs=epochs, every=max(1, epochs // 50), run=run):
        run.log(report, evaluate(task, dataset.batches("valid", size=1000)))
    assert dataset.train.labels is not None
    inputs = dataset.normalize(dataset.train.inputs)
    weights, bias = from_scratch(inputs, dataset.train.labels, weights, bias, epochs, learning_rate)
    difference = max((model[1].weight - weights).abs().max().item(), (model[1].bias - bias).abs().max().item())
    if difference > 1e-3:
        raise ArithmeticError(f"the two regressions must agree, but their weights differ by {difference:.2g}")
    return final_test(run, task, dataset, difference_from_scratch=difference)


def from_scratch(
    inputs: Tensor, targets: Tensor, weights: Tensor, bias: Tensor, epochs: int, learning_rate: float
) -> tuple[Tensor, Tensor]:
    """Gradient descent with nothing but tensors.

    `inputs` is `[rows, features]`, `targets` `[rows, targets]`, `weights` `[targets, features]`, `bias` `[targets]`.
    The cost is the mean of the squared differences, so its slope is `2 / count` times difference times input.
    """
    for _ in range(epochs):
        difference = inputs @ weights.T + bias - targets
        slope = 2 * difference / difference.numel()
        weights = weights - learning_rate * slope.T @ inputs
        bias = bias - learning_rate * slope.sum(0)
    return weights, bias
