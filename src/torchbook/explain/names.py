"""Rules for names that do not exist: in another function, in another case of letters, from a library, of an object."""

import ast
import builtins
import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from torchbook.explain.failing_code import FailingCode, text_of
from torchbook.explain.near_names import names_of, nearest
from torchbook.explain.rule import Match, Rule

_IMPORTS = {
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "from torch.nn import functional as F",
    "optim": "from torch import optim",
    "np": "import numpy as np",
    "numpy": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "sns": "import seaborn as sns",
    "Path": "from pathlib import Path",
    "Image": "from PIL import Image",
    "tqdm": "from tqdm import tqdm",
    "Counter": "from collections import Counter",
    "defaultdict": "from collections import defaultdict",
    "DataLoader": "from torch.utils.data import DataLoader",
    "Dataset": "from torch.utils.data import Dataset",
    "TensorDataset": "from torch.utils.data import TensorDataset",
    "random_split": "from torch.utils.data import random_split",
    "Tensor": "from torch import Tensor",
    "train_test_split": "from sklearn.model_selection import train_test_split",
    "transforms": "from torchvision import transforms",
    "deepcopy": "from copy import deepcopy",
}
_IMPORTS |= {
    name: f"import {name}"
    for name in [
        "math",
        "os",
        "sys",
        "time",
        "random",
        "json",
        "csv",
        "copy",
        "glob",
        "pickle",
        "re",
        "shutil",
        "itertools",
        "functools",
        "collections",
        "datetime",
        "string",
        "pathlib",
        "warnings",
        "statistics",
    ]
}
_OTHER_LANGUAGES = {
    "true": "True",
    "false": "False",
    "TRUE": "True",
    "FALSE": "False",
    "none": "None",
    "null": "None",
    "NULL": "None",
    "nil": "None",
    "undefined": "None",
    "NaN": "float('nan')",
    "nan": "float('nan')",
    "inf": "float('inf')",
    "raw_input": "input",
    "xrange": "range",
    "unicode": "str",
    "this": "self",
}
_BLOCKS = {ast.For: "for", ast.While: "while", ast.If: "if", ast.Try: "try", ast.With: "with"}


def _fix(match: Match) -> str:
    name, code = match["name"], match.context.code
    for advice in _advices(name, code):
        if advice:
            return advice
    return f"Give it a value in a line before this one, and check the spelling of `{name}` everywhere."


def _advices(name: str, code: FailingCode) -> Iterator[str]:
    """Yields advice for an unknown name, the most certain first."""
    if _is_in_super(name, code):
        yield "`super()` needs no name of a class: write `super().__init__()`."
    if name in _OTHER_LANGUAGES:
        yield f"In Python it is written `{_OTHER_LANGUAGES[name]}`."
    if name == "self":
        yield _self(code)
    if name in ("display", "get_ipython"):
        yield "It exists in notebooks only; in a program write `print(...)`, and `plt.show()` for a picture."
    if name == "__file__":
        yield "It exists in programs only, not in a notebook; use `Path.cwd()` there."
    if code.owner is not None and name in names_of(code.owner):
        if longer := next((other for other in code.local_names if name in other.split("_")), ""):
            yield f"Did you mean `{longer}`, a name of this function, or `self.{name}`, which belongs to the object?"
        yield f"Did you mean `self.{name}`? What belongs to the object is written with `self.` before it."
    if _is_text(name, code):
        yield f'If a string is meant, put it into quotes: `"{name}"`.'
    if name in _IMPORTS:
        yield f"Import it at the top of the file: `{_IMPORTS[name]}`."
    yield _made_elsewhere(name, code)
    if name == "device":
        yield ("Choose it once, at the top of the program: `device = 'cuda' if torch.cuda.is_available() else 'cpu'`.")
    if isinstance(vars(torch).get(name), torch.dtype):
        yield f"It belongs to torch: `torch.{name}`."
    own = {other for other in code.names if not other.startswith("__")}
    near = nearest(name, sorted(own)) if len(name) > 1 else ""
    near_own = nearest(name, names_of(code.owner)) if code.owner is not None else ""
    if near:
        yield f"Did you mean `{near}`?"
    if near_own and not near_own.startswith("_"):
        yield f"Did you mean `self.{near_own}`?"
    if near := nearest(name, _later_names(code)):
        yield f"Did you mean `{near}`, which gets its value further down in the file?"
    yield _parameter(name, code)
    yield _from_a_library(name, code)
    if _is_called(name, code):
        near = nearest(name, [other for other in vars(builtins) if not other.startswith("_") and other.islower()])
        # Nobody means `help` or `input` by a name that is like them.
        alike = abs(len(near) - len(name)) <= 1 and near not in (
            "help",
            "input",
            "exit",
            "quit",
            "license",
            "copyright",
        )
        if near and alike and near.rstrip("s") != name.rstrip("s"):
            yield f"Did you mean `{near}`?"


def _self(code: FailingCode) -> str:
    scope = code.scope
    if isinstance(scope, ast.FunctionDef):
        rest = "".join(f", {item.arg}" for item in scope.args.args)
        return f"The first parameter of a method is `self`: `def {scope.name}(self{rest}):`."
    return "`self` exists inside the methods of a class only: check the indentation of this line."


def _is_text(name: str, code: FailingCode) -> bool:
    """Returns True if the name stands alone in square brackets after a dictionary that has such a key."""
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Name)
        and node.slice.id == name
        and isinstance(container := code.value(node.value), dict)
        and name in container
        for node in ast.walk(code.statement or ast.Module([], []))
    )


def _is_in_super(name: str, code: FailingCode) -> bool:
    """Returns True for the name of a class in `super(Name, self)`."""
    calls = (node for node in ast.walk(code.statement or ast.Module([], [])) if isinstance(node, ast.Call))
    return any(text_of(call.func) == "super" and call.args and text_of(call.args[0]) == name for call in calls)


def _is_called(name: str, code: FailingCode) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(code.statement or ast.Module([], []))
    )


def _from_a_library(name: str, code: FailingCode) -> str:
    from_math = f"`from math import {name}`" if hasattr(math, name) else ""
    for room, written, first in ((torch, "torch", "import torch"), (nn, "nn", _IMPORTS["nn"]), (F, "F", _IMPORTS["F"])):
        if callable(vars(room).get(name)):
            from_torch = f"`{written}.{name}` (after `{first}`)"
            if not (from_math and room is torch):
                return f"It is in a library: {from_torch}."
            if any(isinstance(value, Tensor) for value in code.names.values()):
                return f"It is in a library: {from_torch}. For one Python number: {from_math}."
            return f"It is in a library: {from_math} is for a Python number, {from_torch} for tensors."
    return f"It is in a library: {from_math}." if from_math else ""


def _later_names(code: FailingCode) -> list[str]:
    nodes = code.tree.body if code.tree is not None else ()
    return [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def _made_elsewhere(name: str, code: FailingCode) -> str:
    """Returns where in the file the name gets a value: in another function, further down, in a block not entered."""
    if code.tree is None:
        return ""
    for function in ast.walk(code.tree):
        if not isinstance(function, ast.FunctionDef) or function is code.scope:
            continue
        stored = {
            node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        method = "self" in (item.arg for item in function.args.args)
        if name in stored and method and function.name == "__init__" and code.owner is not None:
            return (
                f"`{name}` is a name of `__init__` only: store it in the object there, `self.{name} = ...`, and write"
                f" `self.{name}` here."
            )
        if name in stored and not method and not function.name.startswith("__"):
            return (
                f"`{name}` exists inside the function `{function.name}` only. Let that function `return` it and take"
                f" it from there, `{name} = {function.name}(...)`, or pass it in as an argument."
            )
    place = code.origin(name)
    if place is None:
        return ""
    if place.line > code.line:
        return f"It gets its value in line {place.line} only, which is further down: put that line before this one."
    block = _block(code.tree, place.line)
    if block:
        return (
            f"It gets its value in line {place.line}, inside the `{block}` there, which was never entered. Give it a"
            " value before that block, too."
        )
    return ""


def _parameter(name: str, code: FailingCode) -> str:
    """Returns the advice for a name that is known as the parameter of a function alone, "" for all others."""
    for function in ast.walk(code.tree or ast.Module([], [])):
        if isinstance(function, ast.FunctionDef) and name in (item.arg for item in function.args.args):
            return (
                f"`{name}` is a parameter of `{function.name}` and exists inside it only: give it a value here before"
                f" this line, `{name} = ...`."
            )
    return ""


def _block(tree: ast.Module, line: int) -> str:
    """Returns the word of the innermost block around a line that need not be entered, "" if there is none."""
    around = [node for node in ast.walk(tree) if type(node) in _BLOCKS and node.lineno < line <= (node.end_lineno or 0)]  # type: ignore[attr-defined]
    return _BLOCKS[type(max(around, key=lambda node: node.lineno))] if around else ""  # type: ignore[attr-defined]


def _unassigned(match: Match) -> str:
    name, code = match["name"], match.context.code
    if name in code.names and isinstance(code.scope, ast.FunctionDef):
        return (
            f"`{name}` has a value outside of `{code.scope.name}`, but since this function assigns to `{name}`, it is a"
            " name of the function's own here, which has no value yet."
        )
    if code.owner is not None and name in names_of(code.owner):
        return f"`{name}` alone is a name of this function; that of the object is `self.{name}`."
    return (
        f"In this function `{name}` is assigned somewhere, so it is the function's own; here it is used before it has a"
        " value."
    )


def _unassigned_fix(match: Match) -> str:
    name, code = match["name"], match.context.code
    if name in code.names:
        return (
            f"Pass it in and give it back, `return {name}`; or, to change the one outside, begin the function with "
            f"`global {name}`. If the function should have one of its own, give that another name."
        )
    if code.owner is not None and name in names_of(code.owner):
        return f"Write `self.{name}` wherever that of the object is meant."
    place = code.origin(name)
    if place and code.tree is not None and place.line < code.line and (block := _block(code.tree, place.line)):
        return (
            f"Line {place.line} gives it a value only if the `{block}` there is entered. Give it a value before that "
            "block, too."
        )
    return "Assign it before, or pass it in as an argument."


RULES = (
    Rule(
        "value-before-it-exists",
        "python",
        r"cannot access (?:local|free) variable '(?P<name>\w+)'",
        _unassigned,
        _unassigned_fix,
    ),
    Rule(
        "unknown-name", "python", r"name '(?P<name>\w+)' is not defined", "There is nothing called `{name}` here.", _fix
    ),
)
