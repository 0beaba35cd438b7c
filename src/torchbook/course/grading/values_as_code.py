"""A value as Python that makes it again, or one like it where it has too many numbers to read."""

import ast
import inspect
import math
import textwrap
import types
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from torchbook.course.grading.behaviour import ModelState
from torchbook.course.grading.describe import Sizes, named, number

MOST_NUMBERS = 40
_PLAIN_DTYPES = (torch.float32, torch.int64, torch.bool)


class Unwritable(Exception):
    """The value cannot be written down: only the lines that made it can."""


def as_line(name: str, value: Any, sizes: Sizes) -> str:
    """Returns the lines that give a value a name, with the names of a tensor's dimensions behind it.

    Raises:
        Unwritable: the value is an object of a class that cannot be written down.
    """
    if isinstance(value, ModelState):
        states = ",\n    ".join(f"{key!r}: {as_code(tensor)}" for key, tensor in value.values.items())
        lines = [f"{name} = {_module(value.module)}"]
        lines += [f"{name}.load_state_dict({{\n    {states},\n}})"] * bool(states)
        lines += [f"{name}.eval()"] * (not any(value.mode))
        return "\n".join(lines)
    if _is_own_function(value):
        try:
            source = textwrap.dedent(inspect.getsource(value))
        except OSError:
            source = ""
        if not source.startswith(f"def {value.__name__}("):
            raise Unwritable
        return source.rstrip() + (f"\n{name} = {value.__name__}" if value.__name__ != name else "")
    text = f"{name} = {as_code(value)}"
    if not isinstance(value, Tensor) or value.ndim == 0:
        return text
    like = ", one like it: there are too many numbers to show" if _is_too_long(value) else ""
    return f"{text}  # {named(value.shape, sizes)}{like}"


def as_code(value: Any) -> str:
    """Returns an expression of `torch`, `nn`, `np` and Python that has this value.

    Raises:
        Unwritable: the value is an object of a class that cannot be written down.
    """
    if isinstance(value, Tensor):
        return _tensor(value)
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biuf":
            raise Unwritable
        tensor = torch.from_numpy(value)
        if _is_too_long(tensor):
            return f"{as_code(tensor)}.numpy()"
        return f"np.array({_listed(tensor)}, dtype=np.{value.dtype})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{as_code(key)}: {as_code(item)}" for key, item in value.items()) + "}"
    if type(value) in (list, tuple):
        joint = ",\n " if any(isinstance(item, Tensor) for item in value) else ", "
        text = joint.join(map(as_code, value))
        return f"[{text}]" if isinstance(value, list) else f"({text}{',' * (len(value) == 1)})"
    if isinstance(value, float):
        return number(value) if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, torch.device):
        return f'"{value}"'
    if value is None or isinstance(value, bool | int | str | bytes | torch.dtype | range | slice):
        return repr(value)
    name = getattr(value, "__name__", "")
    if isinstance(value, types.BuiltinFunctionType) and getattr(torch, name, None) is value:
        return f"torch.{name}"
    raise Unwritable


def optimizer_as_code(optimizer: torch.optim.Optimizer, modules: Mapping[str, Any]) -> str:
    """Returns the line that makes an optimizer of one of these modules, by name.

    Raises:
        Unwritable: it has other parameters than one of the modules, or several groups.
    """
    own = [id(parameter) for group in optimizer.param_groups for parameter in group["params"]]
    for name, module in modules.items():
        if own == [id(parameter) for parameter in module.parameters()] and len(optimizer.param_groups) == 1:
            settings = inspect.signature(type(optimizer)).parameters
            group = optimizer.param_groups[0]
            changed = [
                f"{key}={as_code(group[key])}"
                for key, setting in settings.items()
                if key in group and key != "params" and (key == "lr" or group[key] != setting.default)
            ]
            return f"torch.optim.{type(optimizer).__name__}({', '.join([f'{name}.parameters()', *changed])})"
    raise Unwritable


def _tensor(value: Tensor) -> str:
    dtype = "" if value.dtype in _PLAIN_DTYPES else f", dtype={value.dtype}"
    grad = ", requires_grad=True" if value.requires_grad else ""
    shape = ", ".join(map(str, value.shape))
    if value.device.type == "meta":
        return f'torch.empty({shape or "()"}{dtype}{grad}, device="meta")'
    if value.numel() == 0:
        return f"torch.empty({shape}{dtype}{grad})"
    if not _is_too_long(value):
        return f"torch.tensor({_listed(value.detach())}{dtype}{grad})"
    low, high = value.detach().min().item(), value.detach().max().item()
    if value.dtype.is_floating_point:
        like = f"torch.empty({shape}{dtype}).uniform_({number(low)}, {number(high)})"
        return f"{like}.requires_grad_()" if grad else like
    dtype = "" if value.dtype == torch.int64 else f", dtype={value.dtype}"
    return f"torch.randint({int(low)}, {int(high) + 1}, {tuple(value.shape)}{dtype})"


def _is_too_long(value: Tensor) -> bool:
    return value.device.type != "meta" and value.numel() > MOST_NUMBERS


def _listed(value: Tensor) -> str:
    if value.ndim == 0:
        return as_code(value.item())
    joint = ", " if value.ndim == 1 else ",\n" + " " * 8
    return f"[{joint.join(_listed(row) for row in value)}]"


def _module(module: nn.Module) -> str:
    """Returns the call that makes a module of torch, also where it is one of a class made of it."""
    kind = next(base for base in type(module).__mro__ if base.__module__.startswith("torch.nn."))
    if kind is nn.Sequential:
        return f"nn.Sequential({', '.join(map(_module, module.children()))})"
    if kind is nn.Module or next(module.children(), None) is not None:
        raise Unwritable
    try:
        words = ast.parse(f"f({module.extra_repr()})", mode="eval").body
    except SyntaxError:
        raise Unwritable from None
    assert isinstance(words, ast.Call)
    settings = inspect.signature(kind).parameters
    keywords = {word.arg or "": word.value for word in words.keywords}
    changed = [f"{key}={ast.unparse(word)}" for key, word in keywords.items() if _is_changed(settings, key, word)]
    needed = [ast.unparse(word) for word in words.args]
    while changed and changed[0].partition("=")[0] == [*settings][len(needed)] and len(needed) < 2:
        needed.append(changed.pop(0).partition("=")[2])
    return f"nn.{kind.__name__}({', '.join([*needed, *changed])})"


def _is_changed(settings: Mapping[str, inspect.Parameter], key: str, word: ast.expr) -> bool:
    return key in settings and ast.literal_eval(word) != settings[key].default


def _is_own_function(value: Any) -> bool:
    return isinstance(value, types.FunctionType) and value.__name__.isidentifier()
