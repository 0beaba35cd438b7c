"""The callable that an error of a call is about, found in the failing line or by its name."""

import ast
from collections.abc import Sequence
from typing import Any

from torch import nn

from torchbook.explain.failing_code import UNKNOWN, definition, text_of
from torchbook.explain.near_names import torch_function
from torchbook.explain.rule import Match


def called_name(match: Match) -> str:
    """Returns the name of the callable as it is written in a call: `Linear` for `outer.<locals>.Linear.__init__`."""
    name = match["function"].rpartition("<locals>.")[2].removesuffix(".__init__").removesuffix(".forward")
    call = match.context.code.call
    if call is not None and name == f"_{text_of(call.func).rpartition('.')[2]}":
        return name[1:]  # torch's own function behind the public one
    return public.__name__ if (public := _public_class(match)) else name


def _public_class(match: Match) -> type | None:
    """Returns the class that was called where the message names a private one that it inherits from."""
    kind = match.context.code.callee
    private = match["function"].partition(".")[0]
    inner = private.startswith("_") or private == "RNNBase"
    if not isinstance(kind, type) or not inner or kind.__name__ == private:
        return None
    return kind if private in (parent.__name__ for parent in kind.__mro__) else None


def called_function(match: Match) -> Any:
    """Returns the callable of the error, from the failing line or by its name; `UNKNOWN` if it is not found."""
    code, name = match.context.code, called_name(match)
    first, _, last = name.partition(".")
    callee = _public_class(match) or code.callee
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
    """Returns True if a callable has the name that a message gives, or the constructor of a class with that name."""
    if isinstance(callee, type) and any(f"{parent.__name__}.__init__" == function for parent in callee.__mro__):
        return True
    names = {getattr(callee, "__qualname__", ""), getattr(type(callee), "__qualname__", "")}
    inner = function.rpartition("<locals>.")[2]
    return any(
        name and inner in (name, f"{name}.__init__", f"{name}.forward", name.rpartition(".")[2]) for name in names
    )


def called_class(match: Match, name: str) -> type | None:
    """Returns the class of this name that the failing line calls or sees, None if there is none."""
    callee = match.context.code.callee
    kinds = [callee, *match.context.code.names.values()]
    return next((kind for kind in kinds if isinstance(kind, type) and kind.__name__ == name), None)


def called_by_library(match: Match) -> bool:
    """Returns True if not the person's line but a library called the function that the error is about."""
    code, name = match.context.code, called_name(match).rpartition(".")[2]
    calls = [part for part in ast.walk(code.statement or ast.Module([], [])) if isinstance(part, ast.Call)]
    called = {text_of(call.func).rpartition(".")[2] for call in calls}
    return code.statement is not None and not code.direct and name not in called


def own_function(match: Match) -> Any:
    """Returns the function that a person wrote and that got the wrong arguments, None if it is not theirs."""
    function = called_function(match)
    if isinstance(function, type):
        function = vars(function).get("__init__")
    elif isinstance(function, nn.Module):
        function = type(function).forward
    return function if definition(function) is not None else None


def listed(names: Sequence[str], most: int = 8) -> str:
    """Returns names in quotes, the first few of many."""
    if not names:
        return "nothing"
    return ", ".join(f"`{name}`" for name in names[:most]) + (" and more" if len(names) > most else "")
