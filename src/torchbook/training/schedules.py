"""Learning-rate schedules: a function from the number of steps done to a factor on the learning rate."""

import math
from collections.abc import Callable

Schedule = Callable[[int], float]


def constant() -> Schedule:
    """The learning rate as it is."""
    return lambda step: 1.0


def linear(steps: int, *, warmup: int = 0) -> Schedule:
    """Up from zero in `warmup` steps, then down to zero on a line after `steps` in all."""

    def factor(step: int) -> float:
        if step < warmup:
            return (step + 1) / (warmup + 1)
        return max(0.0, (steps - step) / max(1, steps - warmup))

    return factor


def cosine(steps: int, *, warmup: int = 0) -> Schedule:
    """Up from zero in `warmup` steps, then down to zero on half a cosine (Loshchilov and Hutter, 2017)."""

    def factor(step: int) -> float:
        if step < warmup:
            return (step + 1) / (warmup + 1)
        return 0.5 + 0.5 * math.cos(math.pi * min(1.0, (step - warmup) / max(1, steps - warmup)))

    return factor


def one_cycle(steps: int, *, rise: float = 0.3, start: float = 1 / 25, end: float = 1 / 250_000) -> Schedule:
    """Up from `start` to 1 in the first `rise` of the steps, down to `end` in the others, both on half a cosine.

    The learning rate of the optimizer is the peak (Smith, 2018; the numbers are those of
    `torch.optim.lr_scheduler.OneCycleLR`).
    """
    top = rise * steps - 1
    last = steps - 1

    def factor(step: int) -> float:
        if step <= top:
            return _between(start, 1.0, step / top if top else 1.0)
        return _between(1.0, end, min(1.0, (step - top) / max(1e-9, last - top)))

    return factor


def _between(first: float, second: float, progress: float) -> float:
    return second + (first - second) / 2 * (1 + math.cos(math.pi * progress))
