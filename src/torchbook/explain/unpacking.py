"""Rules for values that are taken apart into several names."""

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Tensor, nn
from torch.utils.data import DataLoader

from torchbook.explain.failing_code import UNKNOWN, definition, text_of
from torchbook.explain.objects import capital, nothing, nothing_fix, type_in_words
from torchbook.explain.rule import Match, Rule


def _unpacked(match: Match) -> tuple[ast.AST | None, ast.expr | None, Any]:
    """Returns the names on the left, the expression on the right and its object, of an assignment or a loop."""
    code, statement = match.context.code, match.context.code.statement
    if isinstance(statement, ast.Assign):
        return statement.targets[0], statement.value, code.value(statement.value)
    if isinstance(statement, ast.For):
        return statement.target, statement.iter, code.value(statement.iter)
    return None, None, UNKNOWN


def _unpack_number(match: Match) -> str:
    target, right, _ = _unpacked(match)
    if match["type"] == "NoneType":
        return nothing_fix(match)
    if isinstance(match.context.code.statement, ast.For):
        names = [text_of(item) for item in target.elts] if isinstance(target, ast.Tuple) else ["i", "x"]
        return (
            f"Each entry of `{text_of(right)}` is one thing, and there are {len(names)} names for it: count along, `for"
            f" {', '.join(names)} in enumerate({text_of(right)})`, or write one name."
        )
    if isinstance(right, ast.Call):
        return f"`{text_of(right.func) or 'The call'}` gives one value: write one name on the left."
    return "Write one name on the left, or give as many values on the right."


def _too_many(match: Match) -> str:
    target, right, value = _unpacked(match)
    count = len(target.elts) if isinstance(target, ast.Tuple) else match["want"]
    if isinstance(match.context.code.statement, ast.For):
        return (
            f"Each part of `{text_of(right) or 'the list of the loop'}` has more than the {count} entries that the"
            " names on the left stand for."
        )
    size = _size(value)
    if size is not None and right is not None:
        return f"`{text_of(right)}` has {size} entries, and on the left there are {count} names."
    return f"On the right of `=` there are more than {count} values for {count} names."


def _too_few(match: Match) -> str:
    want, got = match["want"], match["got"]
    values = f"{got} value{'' if got == '1' else 's'}"
    if isinstance(match.context.code.statement, ast.For):
        return f"The loop has {want} names for each entry, but an entry holds only {values}."
    return f"On the left of `=` there are {want} names, but on the right only {values}."


def _size(value: Any) -> int | None:
    if isinstance(value, Tensor):
        return value.shape[0] if value.dim() else None
    return len(value) if isinstance(value, tuple | list | dict | str) else None


def _gives_one_tensor(model: nn.Module) -> bool:
    """Returns True for a layer of torch whose result is certain to be one tensor."""
    last = model[-1] if isinstance(model, nn.Sequential) and len(model) else model
    return isinstance(last, nn.Linear | nn.modules.conv._ConvNd | nn.Embedding | nn.Flatten | nn.Sigmoid | nn.Softmax)


def _unpack_fix(match: Match) -> str:
    target, right, value = _unpacked(match)
    written = text_of(right)
    if isinstance(value, Mapping) or isinstance(right, ast.Dict | ast.DictComp):
        return f"Looping over a dictionary gives its keys; for both write `{written}.items()`."
    if isinstance(match.context.code.statement, ast.For):
        return _unpack_in_loop(match, target, right, value, written)
    if isinstance(value, Tensor):
        return (
            f"A tensor is unpacked along its first dimension: use `{written}` as a whole, or `{written}.unbind(1)`"
            " for its columns."
        )
    if (isinstance(right, ast.Attribute) and right.attr == "shape") or (
        isinstance(right, ast.Call) and text_of(right.func).endswith(".size")
    ):
        shape = list(value) if value is not UNKNOWN else None
        return (
            f"A shape has one entry for each dimension{f', {shape} here' if shape else ''}: write as many names, or"
            " `*rest` for the others."
        )
    if isinstance(value, tuple | list):
        return f"Write {len(value)} names on the left, or `first, *rest = {written}`."
    if isinstance(right, ast.Call):
        function = match.context.code.value(right.func)
        called = text_of(right.func) or "the call"
        if called.endswith("subplots"):
            return (
                "It gives the figure and the axes, which are one thing for several pictures: `fig, (left, right) = "
                "plt.subplots(1, 2)`, or `fig, axes = ...` and `axes[0]`."
            )
        if called == "next" or called.endswith("next"):
            return (
                "A batch has as many parts as an example of the data set: print `len(batch)`; the dataset must give"
                " inputs *and* labels."
            )
        tree = definition(type(function).forward if isinstance(function, nn.Module) else function)
        if tree is not None:
            counts = {
                len(part.value.elts)
                for part in ast.walk(tree)
                if isinstance(part, ast.Return) and isinstance(part.value, ast.Tuple)
            }
            if len(counts) == 1:
                return f"`{called}` returns {counts.pop()} values: write as many names on the left."
        if isinstance(function, nn.Module) and _gives_one_tensor(function):
            return (
                f"`{called}` gives one tensor, which is unpacked along its first dimension, the examples: take it as a"
                f" whole, `output = {called}(...)`."
            )
        if isinstance(function, nn.Module) or called == "train_test_split":
            return (
                f"Look at what `{called}` gives back, and write as many names: `print(type({called}(...)))`."
                if called != "train_test_split"
                else (
                    "For each array that it is given, `train_test_split` gives two back: `x_train, x_test, y_train,"
                    " y_test = train_test_split(x, y)`."
                )
            )
        return f"Print what `{called}(...)` gives back, and write as many names on the left."
    return "Print what the right side is, and write as many names on the left."


def _unpack_in_loop(match: Match, target: ast.AST | None, right: ast.expr | None, value: Any, written: str) -> str:
    nested = isinstance(target, ast.Tuple) and any(isinstance(part, ast.Tuple) for part in target.elts)
    enumerated = isinstance(right, ast.Call) and text_of(right.func) == "enumerate"
    if isinstance(target, ast.Tuple) and nested and not enumerated:
        listed = ", ".join(map(text_of, target.elts))
        return f"To count along, `enumerate` is missing: `for {listed} in enumerate({written}):`."
    if enumerated and not nested and isinstance(target, ast.Tuple) and len(target.elts) > 2:
        first, *rest = (text_of(part) for part in target.elts)
        return (
            f"`enumerate` gives a number and *one* entry; the entry is unpacked in brackets: `for {first},"
            f" ({', '.join(rest)}) in {written}:`."
        )
    if isinstance(value, DataLoader):
        data = value.dataset
        if isinstance(data, Tensor | list | np.ndarray):
            return (
                "The data set of this loader holds inputs alone, no labels: `DataLoader(TensorDataset(x, y), ...)`, or"
                " one name in the loop."
            )
        return (
            "A batch has as many parts as `__getitem__` of the data set returns: return inputs *and* labels, or write"
            " as many names."
        )
    names = [text_of(part) for part in target.elts] if isinstance(target, ast.Tuple) else []
    if names and isinstance(value, list | tuple | Tensor) and not enumerated:
        return (
            f"Look at one entry, `print({written}[0])`, and write as many names; to count along: `for"
            f" {', '.join(names)} in enumerate({written}):`; to loop over two lists together: `zip(a, b)`."
        )
    return f"Look at one entry, `print(next(iter({written})))`, and write as many names for it."


RULES = (
    Rule(
        "unpack-too-many",
        "python",
        r"too many values to unpack \(expected (?P<want>\d+)",
        _too_many,
        _unpack_fix,
    ),
    Rule(
        "unpack-too-few",
        "python",
        r"not enough values to unpack \(expected (?P<want>\d+), got (?P<got>\d+)\)",
        _too_few,
        _unpack_fix,
    ),
    Rule(
        "unpack-one",
        "python",
        r"cannot unpack non-iterable (?P<type>[\w.]+) object",
        lambda match: (
            nothing(match, "cannot be unpacked")
            if match["type"] == "NoneType"
            else f"{capital(type_in_words(match['type']))} is one value and cannot be unpacked into several names."
        ),
        _unpack_number,
    ),
)
