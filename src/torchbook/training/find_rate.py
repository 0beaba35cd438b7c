"""Finding a learning rate: a short training whose rate grows at every step until the loss blows up."""

import copy
import math
from dataclasses import dataclass

from torchbook.data.batches import Batches
from torchbook.errors import TorchbookError
from torchbook.training.first_batch import check_first
from torchbook.training.task import Task


@dataclass(frozen=True)
class RangeTest:
    """The rates that were tried, the smoothed loss at each, and a rate to begin with."""

    rates: list[float]
    losses: list[float]
    suggestion: float


def find_learning_rate(
    task: Task, batches: Batches, *, lowest: float = 1e-5, highest: float = 10.0, steps: int = 100
) -> RangeTest:
    """The learning-rate range test (Smith, 2017): the rate grows from `lowest` to `highest` over `steps` steps.

    It ends early when the smoothed loss is four times the best one. The suggestion is the rate at which the loss fell
    fastest. The task and the batches are afterwards as they were before.

    Raises:
        TorchbookError: the loss fell nowhere.
    """
    if not 0 < lowest < highest or steps < 10:
        raise TorchbookError(
            f"expected 0 < lowest < highest and 10 steps or more, got {lowest} to {highest} in {steps} steps"
        )
    check_first(task, batches)
    before = copy.deepcopy((task.state_dict(), batches.state_dict()))
    schedule, rates = task.schedule, task.learning_rates
    growth = (highest / lowest) ** (1 / (steps - 1))
    first = task.steps
    task.schedule, task.learning_rates = lambda step: lowest * growth ** (step - first), [1.0] * len(rates)
    tried: list[float] = []
    losses: list[float] = []
    average = 0.0
    try:
        while len(tried) < steps:
            for batch in batches:
                loss = float(next(iter(task.step(task.placed(batch)).values())))
                # An exponential average with its beginning corrected, as in Adam.
                average = 0.9 * average + 0.1 * loss
                smooth = average / (1 - 0.9 ** (len(tried) + 1))
                if not math.isfinite(smooth) or (losses and smooth > 4 * min(losses)):
                    return _result(tried, losses)
                tried.append(lowest * growth ** len(tried))
                losses.append(smooth)
                if len(tried) == steps:
                    break
        return _result(tried, losses)
    finally:
        task.schedule, task.learning_rates = schedule, rates
        task.load_state_dict(before[0])
        batches.load_state_dict(before[1])


def _result(rates: list[float], losses: list[float]) -> RangeTest:
    reach = max(2, len(losses) // 10)
    slopes = [losses[i + reach] - losses[i] for i in range(len(losses) - reach)]
    steepest = min(range(len(slopes)), key=slopes.__getitem__, default=None)
    # A thousandth of the loss is noise.
    if steepest is None or slopes[steepest] > -1e-3 * abs(losses[0]):
        raise TorchbookError("the loss fell at no learning rate; look at the labels, the loss and the normalisation")
    return RangeTest(rates, losses, rates[steepest + reach // 2])
