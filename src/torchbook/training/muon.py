"""SGD with Nesterov momentum, some of whose updates are made orthogonal first: Muon."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

# The quintic `a x + b x^3 + c x^5` that takes singular values between 0 and 1 near 1 in few steps (Jordan, 2024).
QUINTIC = (3.4445, -4.7750, 2.0315)


class Muon(torch.optim.Optimizer):
    """Momentum, then an orthogonal update (K. Jordan, Muon, 2024), for parameter groups with `orthogonal=True`; plain
    SGD with Nesterov momentum for the others.

    A matrix of gradients is mostly a few strong directions; made orthogonal, all directions are learnt at the same
    speed. A filter `[out, in, height, width]` counts as a matrix of `out` rows. As the size of such an update does not
    depend on the gradient, the filters keep a fixed norm, the square root of `out`, and the learning rate alone says
    how far they turn. (`torch.optim.Muon` takes matrices only, and lets the norm grow.)

    `steps` is the number of Newton-Schulz iterations. `weight_decay` of plain groups is the part of a weight that a
    step takes away, whatever the learning rate.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.24,
        *,
        momentum: float = 0.6,
        orthogonal: bool = False,
        weight_decay: float = 0.0,
        steps: int = 3,
    ):
        defaults = {"lr": lr, "momentum": momentum, "orthogonal": orthogonal, "weight_decay": weight_decay}
        super().__init__(params, defaults | {"steps": steps, "initial_lr": lr})
        for group in self.param_groups:
            group["initial_lr"] = group["lr"]

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update of every parameter that has a gradient."""
        loss = closure() if closure is not None else None
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._update(weight, group)
        return loss

    def _update(self, weight: Tensor, group: dict[str, Any]) -> None:
        state = self.state[weight]
        if not state:
            state["velocity"] = torch.zeros_like(weight)
        gradient, rate = weight.grad, group["lr"]
        assert gradient is not None
        if not group["orthogonal"] and group["weight_decay"]:
            # A part of the weight, in the size of gradients; it falls with the schedule as the rate does.
            gradient = gradient.add(weight, alpha=group["weight_decay"] / group["initial_lr"])
        velocity = state["velocity"].mul_(group["momentum"]).add_(gradient)
        direction = gradient.add(velocity, alpha=group["momentum"])
        if group["orthogonal"]:
            weight.mul_(len(weight) ** 0.5 / weight.norm())
            direction = orthogonalized(direction.flatten(1), steps=group["steps"]).view_as(weight)
        weight.add_(direction, alpha=-rate)


def orthogonalized(matrix: Float[Tensor, "rows columns"], *, steps: int = 3) -> Float[Tensor, "rows columns"]:
    """Nearly the nearest matrix with orthonormal rows (or columns): singular values of about 1, same singular vectors.

    Newton-Schulz iterations need matrix products only, so they run in the number format of the matrix, on any device.
    """
    first, third, fifth = QUINTIC
    x = matrix / (matrix.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        square = x @ x.T
        x = first * x + (third * square + fifth * square @ square) @ x
    return x.T if tall else x
