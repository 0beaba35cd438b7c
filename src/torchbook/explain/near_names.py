"""Names that somebody may have meant: of an object, of the parameters of a function, of a library elsewhere."""

import contextlib
import inspect
import re
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import torch
from torch import nn

from torchbook.command_answer import closest
from torchbook.explain.failing_code import UNKNOWN

# Where torch's names are looked for, and how a person writes the place.
_ROOMS = {
    "torch": "torch",
    "torch.nn": "nn",
    "torch.nn.functional": "F",
    "torch.optim": "torch.optim",
    "torch.optim.lr_scheduler": "torch.optim.lr_scheduler",
    "torch.utils.data": "torch.utils.data",
    "torch.nn.utils": "nn.utils",
    "torch.nn.init": "nn.init",
    "torch.linalg": "torch.linalg",
    "torch.autograd": "torch.autograd",
    "torch.cuda": "torch.cuda",
    "numpy": "np",
    "numpy.random": "np.random",
    "numpy.linalg": "np.linalg",
    "math": "math",
    "random": "random",
}


def nearest(name: str, names: Iterable[str], *, cutoff: float = 0.7) -> str:
    """Returns the most similar name, "" if none is similar: one other letter, or a share of letters alike."""
    names = [other for other in names if isinstance(other, str) and other != name]
    folded = {other.casefold().strip("_").replace("_", ""): other for other in reversed(names)}
    if same := folded.get(name.casefold().strip("_").replace("_", "")):
        return same
    near = closest(name, names, cutoff=cutoff)
    if near:
        return near
    return next((other for other in names if len(name) > 2 and _one_letter_off(name, other)), "")


def _one_letter_off(name: str, other: str) -> bool:
    return len(name) == len(other) and sum(a != b for a, b in zip(name, other)) == 1


def names_of(value: Any) -> list[str]:
    """Returns the names that an object has, public ones first, without running any code of it."""
    if isinstance(value, ModuleType):
        names = list(vars(value))
    else:
        attributes = getattr(value, "__dict__", {})
        parts = (attributes.get(part, ()) for part in ("_modules", "_parameters", "_buffers"))
        names = [*(name for part in parts for name in part), *attributes, *dir(type(value))]
        if isinstance(value, type):
            names += dir(value)
    return sorted(dict.fromkeys(names), key=lambda name: name.startswith("_"))


def elsewhere(name: str, *, but: str = "") -> str:
    """Returns where torch, numpy or math have a name, in any case of its letters, such as `torch.optim.Adam`."""
    matches: list[str] = []
    for room, written in _ROOMS.items():
        module = sys.modules.get(room)
        if module is None or room == but:
            continue
        if (name in vars(module) and callable(vars(module)[name])) or (room == "math" and name in vars(module)):
            matches.insert(
                0 if not any(f".{name}" in match for match in matches) else len(matches), f"{written}.{name}"
            )
    return matches[0] if matches else ""


def parameters(function: Any) -> list[str]:
    """Returns the names of the parameters of a function or class, from its documentation where it is not Python's."""
    if function is UNKNOWN or function is None:
        return []
    if isinstance(function, nn.Module):
        function = type(function).forward
    if isinstance(function, type) and function in (nn.RNN, nn.LSTM, nn.GRU):
        return [name for name in parameters(nn.RNNBase) if name != "mode"]  # they take any, and pass it on
    with contextlib.suppress(ValueError, TypeError):
        named = inspect.signature(function).parameters.values()
        names = [item.name for item in named if item.kind not in (item.VAR_POSITIONAL, item.VAR_KEYWORD)]
        if names or isinstance(function, type) or not getattr(function, "__doc__", ""):
            return [name for name in names if name != "self"]
    # torch's own functions say in their documentation how they are called, in one way or in several.
    heads = re.findall(
        r"^[ .]*(?:function:: *)?\w+\(([^\n]*)\) *->", getattr(function, "__doc__", None) or "", re.MULTILINE
    )
    names = [name for head in heads for name in re.findall(r"(\w+)(?:: [\w.\[\], ]+)?(?:=[^,]*)?(?:,|$)", head)]
    return [name for name in dict.fromkeys(names) if name not in ("self", "Tensor")]


def signature(function: Any, name: str) -> str:
    """Returns a name with the parameters that must be given, such as `Linear(in_features, out_features)`."""
    if isinstance(function, nn.Module):
        function = type(function).forward
    with contextlib.suppress(ValueError, TypeError):
        named = list(inspect.signature(function).parameters.values())
        needed = [
            item.name
            for item in named
            if item.default is item.empty
            and item.kind not in (item.VAR_POSITIONAL, item.VAR_KEYWORD)
            and item.name != "self"
        ]
        more = len(named) > len(needed) + ("self" in (item.name for item in named))
        return f"{name}({', '.join([*needed, *(['...'] if more else [])])})"
    return ""


def torch_function(name: str) -> Any:
    """Returns torch's function or method of a name, `UNKNOWN` if there is none."""
    return getattr(torch, name, None) or getattr(torch.Tensor, name, None) or UNKNOWN
