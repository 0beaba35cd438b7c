"""What a value is, in words: its kind, its shape with the names of its dimensions, its numbers where they are few."""

import types
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

Sizes = Mapping[str, int]


def named(shape: Any, sizes: Sizes) -> str:
    """A shape with the names of its dimensions where they are known, for instance `[batch 4, classes 3]`."""
    free = dict(sizes)
    words = []
    for size in shape:
        name = next((name for name, known in free.items() if known == size), None)
        free.pop(name or "", None)
        words.append(f"{name} {size}" if name else str(size))
    return f"[{', '.join(words)}]"


def described(value: Any, sizes: Sizes) -> str:
    """What a value is, in a few words and without its numbers."""
    if isinstance(value, Tensor):
        return f"a tensor {named(value.shape, sizes)} of {plain(value.dtype)}"
    if isinstance(value, np.ndarray):
        return f"a NumPy array {list(value.shape)} of {value.dtype}"
    if isinstance(value, bool | int | float | str):
        return f"{family(value)}, {value!r}"
    if isinstance(value, list | tuple | Mapping):
        return f"{family(value)} of {len(value)}"
    return family(value)


def shown(value: Any, sizes: Sizes) -> str:
    """A value as text: Python with its numbers where they are few, else what it is and its range."""
    text = _shown(value, sizes)
    told = isinstance(value, Tensor) and value.ndim > 0 and text.startswith("tensor(")
    return f"{text}  # {named(value.shape, sizes)}" if told else text


def _shown(value: Any, sizes: Sizes) -> str:
    if isinstance(value, Tensor) and value.device.type != "meta":
        if value.numel() <= 40:
            kind = "" if value.dtype in (torch.float32, torch.int64, torch.bool) else f", dtype={value.dtype}"
            grad = ", requires_grad=True" if value.requires_grad else ""
            return f"tensor({_listed(value.detach())}{kind}{grad})"
        numbers = value.detach().flatten() if value.dtype.is_floating_point else value.to(torch.int64)
        return f"{described(value, sizes)}, from {number(numbers.min())} to {number(numbers.max())}"
    if isinstance(value, Mapping):
        return "{" + ",\n ".join(f"{key!r}: {_shown(one, sizes)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        joint = ",\n " if any(isinstance(one, Tensor) for one in value) else ", "
        text = joint.join(_shown(one, sizes) for one in value)
        return f"[{text}]" if isinstance(value, list) else f"({text}{',' * (len(value) == 1)})"
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType):
        return value.__name__
    if type(value).__repr__ is object.__repr__:  # an address in memory tells nobody anything
        return f"<{type(value).__name__}>"
    try:
        text = number(value) if isinstance(value, float) else repr(value)
    except Exception:  # the learner's own __repr__
        return family(value)
    return text if len(text) <= 300 else text[:300] + "..."


def _listed(value: Tensor) -> str:
    if value.ndim == 0:
        return number(value)
    joint = ", " if value.ndim == 1 else "," + "\n" * (value.ndim - 1) + "        "
    return f"[{joint.join(_listed(row) for row in value)}]"


def number(value: Any, digits: int = 4) -> str:
    """Returns a number as text; a float with a few digits."""
    value = value.item() if isinstance(value, Tensor) else value
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.{digits}g}"
    return f"{text}.0" if text.lstrip("-").isdigit() else text


def told_apart(one: Any, other: Any) -> tuple[str, str]:
    """Returns two numbers as texts, with as many digits as it takes to tell them apart."""
    for digits in (4, 6, 8, 17):
        texts = number(one, digits), number(other, digits)
        if texts[0] != texts[1]:
            break
    return texts


def plain(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def family(value: Any) -> str:
    for kind, name in (
        (bool, "a bool"),
        (int, "an int"),
        (float, "a float"),
        (str, "text"),
        (list | tuple, "a list or tuple"),
        (Mapping, "a dict"),
        (Tensor, "a tensor"),
        (np.ndarray, "a NumPy array"),
    ):
        if isinstance(value, kind):
            return name
    if value is Ellipsis:
        return "... (still to be written)"
    return f"an object of type {type(value).__name__}"
