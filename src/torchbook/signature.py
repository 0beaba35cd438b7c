"""The signature and the docstring of a function, read from its source: nothing is imported, so torch need not be."""

import ast
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from inspect import Parameter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
# Where the names in annotations come from, beside torchbook's own modules.
_LIGHT = ("collections.abc", "pathlib", "typing")


@dataclass(frozen=True)
class Signature:
    """The parameters of a function by name, with their types and defaults, and its docstring."""

    parameters: Mapping[str, Parameter]
    doc: str = ""

    def without(self, *names: str) -> "Signature":
        """Returns the signature without the parameters of these names."""
        return Signature(
            {name: parameter for name, parameter in self.parameters.items() if name not in names}, self.doc
        )

    @property
    def summary(self) -> str:
        """The first paragraph of the docstring in one line."""
        return " ".join(self.doc.split("\n\n")[0].split())

    @property
    def headline(self) -> str:
        """The first sentence of the docstring, up to its colon or full stop."""
        return re.split(r"(?<=[.:])\s", self.summary, maxsplit=1)[0].rstrip(":.")

    @property
    def sentence(self) -> str:
        """The first sentence of the docstring, without its full stop."""
        return re.split(r"(?<=\.)\s", self.summary, maxsplit=1)[0].rstrip(".")


@lru_cache(maxsize=100)
def read(place: str) -> Signature:
    """Returns the signature of the function at `place`, for instance `recipes.cnn:cnn`.

    A type that is no type of Python's own or of `typing` (a class of torchbook) stays a text.
    """
    module, _, name = place.partition(":")
    names = _Names(module)
    function = names.tree[name]
    assert isinstance(function, ast.FunctionDef), place
    given = function.args
    arguments = [
        *((argument, Parameter.POSITIONAL_ONLY) for argument in given.posonlyargs),
        *((argument, Parameter.POSITIONAL_OR_KEYWORD) for argument in given.args),
        *((argument, Parameter.KEYWORD_ONLY) for argument in given.kwonlyargs),
    ]
    defaults: list[ast.expr | None] = [*given.defaults, *given.kw_defaults]
    defaults = [*[None] * (len(arguments) - len(defaults)), *defaults]
    parameters = {
        argument.arg: Parameter(
            argument.arg,
            kind,
            default=Parameter.empty if default is None else names.value(default),
            annotation=names.type(argument.annotation),
        )
        for (argument, kind), default in zip(arguments, defaults, strict=True)
    }
    return Signature(parameters, ast.get_docstring(function) or "")


class _Names(dict[str, Any]):
    """The names of a module that annotations and defaults use, each looked up when it is asked for."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self.tree, self.sources = _read_module(module)

    def __missing__(self, name: str) -> Any:
        if isinstance(node := self.tree.get(name), ast.expr):
            self[name] = self.value(node)
        elif (module := self.sources.get(name, "")) in _LIGHT:
            self[name] = getattr(import_module(module), name)
        elif module.startswith("torchbook."):
            self[name] = _Names(module.removeprefix("torchbook."))[name]
        else:
            raise KeyError(name)
        return self[name]

    def value(self, node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), "<signature>", "eval"), {}, self)

    def type(self, node: ast.expr | None) -> Any:
        if node is None:
            return Parameter.empty
        try:
            return self.value(node)
        except NameError:
            return ast.unparse(node)


@lru_cache(maxsize=100)
def _read_module(module: str) -> tuple[dict[str, ast.AST], dict[str, str]]:
    """Returns what stands at the top of a module by name: functions and values, and where imported names come from."""
    tree: dict[str, ast.AST] = {}
    sources: dict[str, str] = {}
    for node in ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            tree[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            tree[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            tree[node.target.id] = node.value
        elif isinstance(node, ast.ImportFrom):
            sources |= {alias.asname or alias.name: node.module or "" for alias in node.names}
    return tree, sources


def imported(place: str) -> Any:
    """Imports the function at `place`, for instance `recipes.cnn:cnn`, and returns it."""
    module, _, name = place.partition(":")
    return getattr(import_module(f"torchbook.{module}"), name)


def of(function: Any) -> Signature:
    """Returns the signature of a function that is imported."""
    signature = inspect.signature(function, eval_str=True)
    return Signature(signature.parameters, inspect.getdoc(function) or "")
