"""The callable that an error of a call is about, found in the failing line or by its name."""

from collections.abc import Sequence
from typing import Any

from torch import nn

from torchbook.explain.failing_code import UNKNOWN, definition
from torchbook.explain.near_names import torch_function
from torchbook.explain.rule import Match


def called_name(match: Match) -> str:
    """Returns the name of the callable as it is written in a call: `Linear` for `outer.<locals>.Linear.__init__`."""
    return match["function"].rpartition("<locals>.")[2].removesuffix(".__init__").removesuffix(".forward")


def called_function(match: Match) -> Any:
    """Returns the callable of the error, from the failing line or by its name; `UNKNOWN` if it is not found."""
    code, name = match.context.code, called_name(match)
    first, _, last = name.partition(".")
    callee = code.callee
    if callee is not UNKNOWN and _carries(callee, match["function"]):
        return callee
    candidates = [code.names.get(first, UNKNOWN), *(type(value) for value in code.names.values())]
    if "self" in match.context.arguments:
        candidates.append(type(match.context.arguments["self"]))
    for candidate in candidates:
        if getattr(candidate, "__name__", None) == first:
            if match["function"].endswith(".forward") and not last:
                return getattr(candidate, "forward", UNKNOWN)
            return getattr(candidate, last, UNKNOWN) if last else candidate
    return torch_function(name) if not last else UNKNOWN


def _carries(callee: Any, function: str) -> bool:
    names = {getattr(callee, "__qualname__", ""), getattr(type(callee), "__qualname__", "")}
    inner = function.rpartition("<locals>.")[2]
    return any(
        name and inner in (name, f"{name}.__init__", f"{name}.forward", name.rpartition(".")[2]) for name in names
    )


def own_function(match: Match) -> Any:
    """Returns the function that a person wrote and that got the wrong arguments, None if it is not theirs."""
    function = called_function(match)
    if isinstance(function, type):
        function = vars(function).get("__init__")
    elif isinstance(function, nn.Module):
        function = type(function).forward
    return function if definition(function) is not None else None


def listed(names: Sequence[str], most: int = 8) -> str:
    if not names:
        return "nothing"
    return ", ".join(f"`{name}`" for name in names[:most]) + (" and more" if len(names) > most else "")
