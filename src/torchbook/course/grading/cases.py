"""What the checks of an exercise are written with: cases over values drawn at random.

    FORBIDDEN = ("softmax",)

    @case("random scores", repeat=5)
    @case("a batch of one", batch=1)
    def rows(answer, draw):
        return answer.softmax(draw.normal("batch classes"))

A case is a function of `answer`, the names that an answer file defines, and `draw`, its source of values. It runs
twice with equal values: once with the solution and once with the learner's file. What it returns is compared, structure
first: a tensor, a number, text, None, or tuples, lists and dicts of them. Arguments that a function changes in place,
or does not where it should, are noticed by themselves, and so are exceptions: an answer raises where the solution does.
"""

import functools
import itertools
import random
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from torchbook.errors import TorchbookError


@dataclass(frozen=True, eq=False)
class Case:
    """One case: the function, how often it runs with fresh values, fixed sizes and arguments, and tolerances."""

    name: str
    function: Callable[..., Any]
    repeat: int = 1
    rtol: float | None = None
    atol: float | None = None
    fixed: dict[str, Any] = field(default_factory=dict)

    def draws(self, seed: int) -> list["Draw"]:
        """A source of values for each repetition; equal seeds give equal values."""
        accepted = self.arguments
        sizes = {name: value for name, value in self.fixed.items() if name not in accepted}
        seeds = [zlib.crc32(f"{seed}/{self.name}/{turn}".encode()) for turn in range(self.repeat)]
        return [Draw(one, sizes, small=turn == 0) for turn, one in enumerate(seeds)]

    @property
    def arguments(self) -> dict[str, Any]:
        """The fixed values that the function takes as arguments; the others are sizes."""
        code = self.function.__code__
        accepted = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        return {name: value for name, value in self.fixed.items() if name in accepted}


def case(
    name: str, *, repeat: int = 1, rtol: float | None = None, atol: float | None = None, **fixed: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a case of a function; several above one function are as many cases.

    `name` is read by the learner. The case runs `repeat` times with fresh values. `fixed` are arguments of the
    function, or sizes: `batch=1` makes the dimension named `batch` 1 long. `rtol` and `atol` replace the tolerances of
    `compare`.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        cases = function.__dict__.setdefault("cases", [])
        cases.insert(0, Case(name, function, repeat, rtol, atol, fixed))
        return function

    return decorate


def collected(namespace: dict[str, Any]) -> list[Case]:
    """The cases of all functions of a module, in the order in which they are written.

    Raises:
        TorchbookError: there is none, or two have the same name.
    """
    found: list[Case] = [one for value in namespace.values() for one in getattr(value, "cases", ())]
    names = [one.name for one in found]
    if not found or len(set(names)) < len(names):
        raise TorchbookError(f"checks.py: expected one or more cases with names of their own, got {names}")
    return found


def _noted(method: Any) -> Any:
    """Writes down each value that is drawn and where in the case, so that the case can be told with its values."""

    @functools.wraps(method)
    def draw(self: "Draw", *args: Any, **kwargs: Any) -> Any:
        value = method(self, *args, **kwargs)
        frame = sys._getframe(1)
        line, _, column, _ = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
        kept = value.detach().clone().requires_grad_(value.requires_grad) if isinstance(value, Tensor) else value
        self.drawn.append((line or 0, column or 0, kept))
        return value

    return draw


class Draw:
    """Random values of a case, the same whenever they are drawn in the same order.

    Shapes are text: `"batch 3"` is two dimensions, the first with a name; `""` is a scalar. A name gets its size at its
    first use, 2 to 7 and different from the others, so that no wrong order of dimensions stays unseen and a message can
    name them. With `small` it is 3, 4 or 5 as long as these last, because the first failure is the one that is shown.
    """

    def __init__(self, seed: int, sizes: dict[str, int] | None = None, *, small: bool = False):
        self.seed = seed
        self.range = (3, 4, 5, 2, 6, 7) if small else range(2, 8)
        self.small = small
        self.fixed = dict(sizes or {})
        self.sizes: dict[str, int] = {}
        self.generator = torch.Generator().manual_seed(seed)
        self.random = random.Random(seed)
        self.drawn: list[tuple[int, int, Any]] = []  # line, column and value of each draw

    def size(self, name: str) -> int:
        """The size of the dimension of that name."""
        if name not in self.sizes:
            free = [n for n in self.range if n not in self.sizes.values() and n not in self.fixed.values()]
            drawn = free[0] if free and self.small else self.random.choice(free or list(range(8, 12)))
            self.sizes[name] = self.fixed.get(name, drawn)
        return self.sizes[name]

    def shape(self, names: str) -> tuple[int, ...]:
        """The sizes of dimensions, each a name or a number."""
        return tuple(int(name) if name.isdigit() else self.size(name) for name in names.split())

    @_noted
    def normal(
        self,
        shape: str = "",
        *,
        mean: float = 0.0,
        std: float = 1.0,
        dtype: torch.dtype = torch.float32,
        requires_grad: bool = False,
    ) -> Tensor:
        """Values of a normal distribution."""
        values = torch.randn(self.shape(shape), generator=self.generator, dtype=torch.float64) * std + mean
        return values.to(dtype).requires_grad_(requires_grad)

    @_noted
    def uniform(
        self,
        shape: str = "",
        low: float = 0.0,
        high: float = 1.0,
        *,
        dtype: torch.dtype = torch.float32,
        requires_grad: bool = False,
    ) -> Tensor:
        """Values between `low` and `high`."""
        values = torch.rand(self.shape(shape), generator=self.generator, dtype=torch.float64) * (high - low) + low
        return values.to(dtype).requires_grad_(requires_grad)

    @_noted
    def integers(self, shape: str, low: int, high: int, *, dtype: torch.dtype = torch.int64) -> Tensor:
        """Whole numbers from `low` to `high`, which is excluded as in `torch.randint`."""
        return torch.randint(low, high, self.shape(shape), generator=self.generator).to(dtype)

    @_noted
    def permutation(self, count: int) -> Tensor:
        """The numbers 0 to `count - 1` in some order, int64."""
        return torch.randperm(count, generator=self.generator)

    @_noted
    def number(self, low: float = -2.0, high: float = 2.0) -> float:
        """A float between `low` and `high`, rounded to three digits."""
        return round(self.random.uniform(low, high), 3)

    @_noted
    def integer(self, low: int, high: int) -> int:
        """An int from `low` to `high`, which is excluded as in `range`."""
        return self.random.randrange(low, high)

    @_noted
    def choice(self, options: Sequence[Any]) -> Any:
        """One of the options."""
        return self.random.choice(list(options))


def gradients(output: Any, *inputs: Tensor) -> list[Tensor | None]:
    """How a weighted sum of `output` changes with each of `inputs`, by autograd; None where no gradient flows.

    The weights differ from value to value, so that a gradient which is right only for a plain sum is found out.
    """
    if not isinstance(output, Tensor) or not output.requires_grad:
        return [None] * len(inputs)
    weights = torch.linspace(1.0, 2.0, output.numel(), dtype=output.dtype).reshape(output.shape)
    return list(torch.autograd.grad((output * weights).sum(), inputs, allow_unused=True, retain_graph=True))


def numerical_gradient(function: Callable[[Tensor], Any], point: Tensor, *, step: float = 1e-5) -> Tensor:
    """The gradient of a function with one number as its value, by central differences; `point` should be float64."""
    flat = point.detach().flatten()
    slopes = []
    for index in range(flat.numel()):
        ends = []
        for sign in (1.0, -1.0):
            moved = flat.clone()
            moved[index] += sign * step
            ends.append(float(function(moved.reshape(point.shape))))
        slopes.append((ends[0] - ends[1]) / (2 * step))
    return torch.tensor(slopes, dtype=point.dtype).reshape(point.shape)
