"""The line of a person's own code that failed: its syntax tree, its objects, and where a name got its value."""

import ast
import builtins
import inspect
import linecache
import os
import re
import sys
import sysconfig
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType, TracebackType
from typing import Any

import torch
from torch import Tensor, nn

# Where torch is, with the separator at the end: torchbook is often installed beside it.
TORCH = f"{Path(torch.__file__).parent}{os.sep}"
_LIBRARIES = tuple(
    f"{folder}{os.sep}"
    for folder in (
        *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        Path(torch.__file__).parent,
        Path(__file__).parents[1],
    )
)
# What may be read from a tensor: none of these runs a person's code.
_READABLE = {"grad", "shape", "T", "data", "dtype", "device"}
_LONGEST = 60

# What stands for an object that cannot be found without running code.
UNKNOWN: Any = object()


@dataclass(frozen=True)
class Origin:
    """The place where a name got its value: the expression (None for a loop, an import, a definition) and its line."""

    value: ast.expr | None
    line: int


@dataclass(frozen=True)
class FailingCode:
    """The innermost line of a person's code in a traceback.

    `direct` says that the line itself failed, not a library that it called. `names` are those that the line can see
    and `local_names` those of its function alone; `owner` is its `self`.
    `expression` is the part that failed, `statement` the whole, `scope` the function (or module) around it; these
    are None where there is no source.
    """

    file: str = ""
    line: int = 0
    function: str = ""
    direct: bool = False
    names: Mapping[str, Any] = field(default_factory=dict)
    local_names: Mapping[str, Any] = field(default_factory=dict)
    tree: ast.Module | None = None
    scope: ast.AST | None = None
    statement: ast.stmt | None = None
    expression: ast.AST | None = None

    @classmethod
    def of(cls, trace: TracebackType) -> "FailingCode":
        """Returns the failing code of a step of a traceback."""
        frame = trace.tb_frame
        code = frame.f_code
        names = {**frame.f_globals, **frame.f_locals}
        local_names = {} if code.co_name == "<module>" else dict(frame.f_locals)
        tree = _tree(code.co_filename, trace.tb_lineno)
        span = list(code.co_positions())[trace.tb_lasti // 2]
        scope = statement = expression = None
        if tree is not None:
            statement = _statement(tree, trace.tb_lineno)
            scope = _scope(tree, code)
            expression = _expression(tree, span)
        return cls(
            code.co_filename,
            trace.tb_lineno,
            code.co_name,
            trace.tb_next is None,
            names,
            local_names,
            tree,
            scope,
            statement,
            expression,
        )

    @classmethod
    def of_text(cls, text: str) -> "FailingCode":
        """Returns the innermost line of a person's code in a printed traceback, which has no objects."""
        frames = re.findall(r'^ *File "([^"]+)", line (\d+), in (\S+)', text, re.MULTILINE)
        own = [(file, int(line), function) for file, line, function in frames if is_own(file)]
        if not own:
            return cls()
        file, line, function = own[-1]
        tree = _tree(file, line)
        statement = _statement(tree, line) if tree is not None else None
        around = [node for node in ast.walk(tree or ast.Module([], [])) if isinstance(node, ast.FunctionDef)]
        inside = [node for node in around if node.name == function and node.lineno <= line <= (node.end_lineno or 0)]
        scope = [*inside, tree][0]
        return cls(file, line, function, frames[-1][0] == file, tree=tree, scope=scope, statement=statement)

    @property
    def owner(self) -> Any:
        """The object whose method the line is in, None outside of one."""
        return self.local_names.get("self")

    @property
    def call(self) -> ast.Call | None:
        """The call that failed, None if it was no call."""
        return self.expression if isinstance(self.expression, ast.Call) else None

    @property
    def receiver(self) -> str:
        """The source of the object whose method was called, with the brackets that it needs; "" without one."""
        function = None if self.call is None else self.call.func
        if not isinstance(function, ast.Attribute) or isinstance(self.value(function.value), ModuleType):
            return ""
        return text_of(function).removesuffix(f".{function.attr}")

    @property
    def callee(self) -> Any:
        """The object that was called, `UNKNOWN` if it cannot be found."""
        return UNKNOWN if self.call is None else self.value(self.call.func)

    def value(self, node: ast.AST | None) -> Any:
        """Returns the object that an expression stands for, without running code; `UNKNOWN` where that is needed."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self.names.get(node.id, vars(builtins).get(node.id, UNKNOWN))
        if isinstance(node, ast.Attribute):
            return attribute(self.value(node.value), node.attr)
        if isinstance(node, ast.Subscript):
            container, key = self.value(node.value), self.value(node.slice)
            if type(container) in (dict, list, tuple) and key is not UNKNOWN:
                try:
                    return container[key]
                except (LookupError, TypeError):
                    return UNKNOWN
        return UNKNOWN

    def origin(self, node: ast.AST | str | None) -> Origin | None:
        """Returns where a name got its value last, before the failing line if there is such a place."""
        name = node.id if isinstance(node, ast.Name) else node
        if not isinstance(name, str):
            return None
        places = self.assignments(name)
        before = [place for place in places if place.line < self.line] or places
        here = [place for place in places if place.line == self.line]
        if before and here and not _could_be(before[-1].value, self.names.get(name, UNKNOWN)):
            return here[-1]  # in a loop this line itself gave the value, a turn before
        return before[-1] if before else None

    def assignments(self, name: str) -> list[Origin]:
        """Returns the places where a name gets a value: in the function of the line, else in the file."""
        return next((places for scope in (self.scope, self.tree) if (places := _assignments(scope, name))), [])

    def source_of(self, node: ast.AST | str | None) -> ast.expr | None:
        """Returns the expression behind a node: of a name the one that it got its value from, else the node itself."""
        if isinstance(node, ast.expr) and not isinstance(node, ast.Name):
            return node
        place = self.origin(node)
        return place.value if place else None

    def hidden_import(self, node: ast.AST | None) -> str:
        """Returns where a module's name got another value, if the module has what the node asks for: "in line 4"."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return ""
        name, lines, modules = node.value.id, set(), []
        for part in ast.walk(self.tree or ast.Module([], [])):
            if not isinstance(part, ast.Import | ast.ImportFrom):
                continue
            for alias in part.names:
                if (alias.asname or alias.name) == name:
                    package = f"{part.module}." if isinstance(part, ast.ImportFrom) else ""
                    lines.add(part.lineno)
                    modules.append(sys.modules.get(f"{package}{alias.name}"))
        value = self.names.get(name)
        if any(value is module for module in modules) or not any(hasattr(module, node.attr) for module in modules):
            return ""
        others = [place.line for place in self.assignments(name) if place.line not in lines]
        if others:
            return f"in line {others[-1]}"
        return f"as an argument of `{self.function}`" if name in self.local_names else ""

    def parts(self) -> Iterator[ast.AST]:
        """Yields the nodes of the failing expression."""
        return ast.walk(self.expression) if self.expression is not None else iter(())

    def class_definition(self, name: str) -> ast.ClassDef | None:
        """Returns the definition of a class in the person's file, None if it is not there."""
        classes = (node for node in ast.walk(self.tree or ast.Module([], [])) if isinstance(node, ast.ClassDef))
        return next((node for node in classes if node.name == name), None)

    def python_warning(self) -> str:
        """Returns Python's own warning about the failing expression, such as "...; perhaps you missed a comma?"."""
        if not isinstance(self.expression, ast.expr):
            return ""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            compile(ast.Expression(self.expression), self.file, "eval")
        return next((str(item.message) for item in caught if issubclass(item.category, SyntaxWarning)), "")


def is_own(file: str) -> bool:
    """Returns True for code of a person, False for that of Python, of an installed package or of torchbook."""
    if (
        file.startswith("<frozen")
        or f"{os.sep}site-packages{os.sep}" in file
        or file.endswith((".pyx", ".pxd", ".pxi"))
    ):
        return False
    # The cells of a lesson stand in its document.
    return not file.endswith(".py") or not file.startswith(_LIBRARIES)


def text_of(node: ast.AST | None) -> str:
    """Returns the source of an expression in one line; "" if it is too long for a sentence."""
    text = "" if node is None else ast.unparse(node)
    return text if len(text) <= _LONGEST and "\n" not in text else ""


def attribute(owner: Any, name: str) -> Any:
    """Returns an attribute without running any code of its owner; `UNKNOWN` where that is needed."""
    if owner is UNKNOWN or owner is None:
        return UNKNOWN
    if isinstance(owner, ModuleType):
        return vars(owner).get(name, UNKNOWN)
    if isinstance(owner, Tensor) and name in _READABLE:
        # Asking a result for its gradient, which it does not keep, makes torch warn.
        lacks = name == "grad" and not owner.is_leaf and not owner.retains_grad
        return None if lacks else getattr(owner, name)
    if isinstance(owner, nn.Module) and not isinstance(owner, type):
        value = registered(owner, name)
        if value is not None:
            return value
    try:
        value = inspect.getattr_static(owner, name)
    except AttributeError:
        return UNKNOWN
    if isinstance(value, staticmethod | classmethod):
        return value.__func__
    return UNKNOWN if isinstance(value, property) else value


def registered(module: nn.Module, name: str) -> Any:
    """Returns a parameter, buffer, layer or plain attribute of a module, looked up without running any of its code."""
    attributes = vars(module)
    registries = (attributes.get(registry, {}) for registry in ("_parameters", "_buffers", "_modules"))
    return next((registry[name] for registry in (*registries, attributes) if name in registry), None)


def definition(function: Any) -> ast.FunctionDef | None:
    """Returns the definition of a function that a person wrote, None for all others."""
    function = function.__func__ if isinstance(function, MethodType) else function
    if not isinstance(function, FunctionType) or not is_own(function.__code__.co_filename):
        return None
    code = function.__code__
    tree = _tree(code.co_filename, code.co_firstlineno)
    node = _scope(tree, code) if tree is not None else None
    return node if isinstance(node, ast.FunctionDef) else None


def returns_nothing(node: ast.FunctionDef) -> bool:
    """Returns True for a function in which no `return` has a value."""
    return not any(
        isinstance(part, ast.Return | ast.Yield | ast.YieldFrom) and part.value is not None for part in _inside(node)
    )


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """Yields the nodes of a scope, but not those of the functions and classes in it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _inside(child)


def _tree(file: str, line: int) -> ast.Module | None:
    lines = linecache.getlines(file)
    if file.endswith(".md"):  # only the cell is Python; empty lines keep the numbers as they are
        fences = [number for number, text in enumerate(lines) if text.startswith("```")]
        first = max((number for number in fences if number < line), default=-1)
        last = min((number for number in fences if number >= line), default=len(lines))
        lines = ["\n"] * (first + 1) + lines[first + 1 : last]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse("".join(lines)) if lines else None
    except (SyntaxError, ValueError, RecursionError):
        return None


def _statement(tree: ast.Module, line: int) -> ast.stmt | None:
    """Returns the innermost statement of a line."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max(around, key=lambda node: (node.lineno, -(node.end_lineno or 0)), default=None)


def _scope(tree: ast.Module, code: CodeType) -> ast.AST | None:
    """Returns the definition of the function that a code object was made from, the tree itself for a module."""
    if code.co_name == "<module>":
        return tree
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


def _expression(tree: ast.Module, span: tuple[int | None, ...]) -> ast.AST | None:
    """Returns the node at a span of the source; of several the outermost."""
    first, last, start, end = span
    for node in ast.walk(tree):
        if (
            getattr(node, "lineno", None) == first
            and node.end_lineno == last  # type: ignore[attr-defined]
            and node.col_offset == start  # type: ignore[attr-defined]
            and node.end_col_offset == end  # type: ignore[attr-defined]
        ):
            return node.value if isinstance(node, ast.Expr) else node
    return None


def _could_be(source: ast.expr | None, value: Any) -> bool:
    """Returns False if an expression is a list, a dictionary or a constant, and the value is of another type."""
    kinds = {ast.List: list, ast.Dict: dict, ast.Set: set, ast.ListComp: list, ast.DictComp: dict}
    if isinstance(source, ast.Constant):
        return type(source.value) is type(value)
    return type(source) not in kinds or isinstance(value, kinds[type(source)])


def _assignments(scope: ast.AST | None, name: str) -> list[Origin]:
    """Returns the places in a scope where a name gets a value, in the order of their lines."""
    places = []
    for node in _inside(scope) if scope is not None else ():
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Assign):
            places += [Origin(value, line) for target in node.targets for value in _given(target, node.value, name)]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            places += [Origin(value, line) for value in _given(node.target, node.value, name)]
        elif isinstance(node, ast.For):
            places += [Origin(None, line) for part in ast.walk(node.target) if _is(part, name)]
        elif isinstance(node, ast.withitem) and node.optional_vars is not None and _is(node.optional_vars, name):
            places.append(Origin(node.context_expr, node.context_expr.lineno))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            places += [Origin(None, line) for alias in node.names if (alias.asname or alias.name) == name]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            places.append(Origin(None, line))
    return sorted(places, key=lambda place: place.line)


def _given(target: ast.AST, value: ast.expr, name: str) -> list[ast.expr | None]:
    """Returns the part of a value that a name in the target gets: itself, a part of a display, None if not certain."""
    if _is(target, name):
        return [value]
    if isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            return [given for inner, part in zip(target.elts, value.elts) for given in _given(inner, part, name)]
        return [None for part in ast.walk(target) if _is(part, name)]
    return []


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
