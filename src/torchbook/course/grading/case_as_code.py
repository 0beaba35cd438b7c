"""A case as the learner can repeat it: the call with its arguments, or the lines of the case with its values."""

import ast
import functools
import inspect
import textwrap
import types
from typing import Any

import torch

from torchbook.course.grading.behaviour import Behaviour, Call, ModelState
from torchbook.course.grading.cases import Case, Draw
from torchbook.course.grading.describe import shown
from torchbook.course.grading.values_as_code import Unwritable, as_code, as_line, optimizer_as_code

_SHORT = bool | int | float | str | torch.dtype | torch.device | None


def retold(behaviour: Behaviour, case: Case, draw: Draw) -> str:
    """Returns the last call of a function of the answer, or the lines of the case where it used its classes or a graph.

    It runs when it is pasted below the answer, which has imported torch.
    """
    if behaviour.calls:
        try:
            return _call(behaviour.calls[-1], draw)
        except Unwritable:
            pass
    return _lines(case, draw)


def _call(call: Call, draw: Draw) -> str:
    if call.has_graph:
        raise Unwritable
    lines, words, keyword = [], [], False
    modules = {name: value.module for name, value in call.before.items() if isinstance(value, ModelState)}
    for name, value in call.before.items():
        if isinstance(value, _SHORT) and name in call.positional:
            words.append(as_code(value))
            continue
        if isinstance(value, _SHORT):
            keyword = True
            words.append(f"{name}={as_code(value)}")
            continue
        if isinstance(value, torch.optim.Optimizer):
            lines.append(f"{name} = {optimizer_as_code(value, modules)}")
        else:
            lines.append(as_line(name, value, draw.sizes))
        words.append(f"{name}={name}" if keyword else name)
    return "\n".join([*lines, f"{call.function}({', '.join(words)})"])


def _lines(case: Case, draw: Draw) -> str:
    """The body of a case without what it returns, names without `answer.`, drawn values in the place of draws.

    It ends before the first line whose draw never happened; what it uses of the checks stands above.
    """
    plain = _Plain(case, draw)
    body: list[ast.stmt] = []
    for statement in plain.function(case.function).body:
        if plain.is_undrawn(statement):
            break
        if not isinstance(statement, ast.Return) or not body:
            body.append(_Unreturned().visit(statement))
    values = ",\n    ".join(plain.many)
    drawn = [f"drawn = iter([\n    {values},\n])"] * bool(plain.many)
    imports, above = plain.used(body)
    lines = [ast.unparse(ast.fix_missing_locations(statement)) for statement in body]
    return "\n".join([*imports, *drawn, *above, *lines])


@functools.cache
def source_of(function: Any) -> tuple[str, int]:
    """Returns the source of a function or class of the checks, and its first line; kept, for finding it takes long."""
    lines, start = inspect.getsourcelines(function)
    return textwrap.dedent("".join(lines)), max(start, 1)


def _text(value: Any) -> str:
    try:
        return as_code(value)
    except Unwritable:
        return shown(value, {})


class _Unreturned(ast.NodeTransformer):
    """Makes what a case returns an expression of its own."""

    def visit_Return(self, node: ast.Return) -> ast.AST:
        return ast.Expr(node.value or ast.Constant(None))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node


class _Plain(ast.NodeTransformer):
    """Replaces draws and the case's arguments by their values, and `answer.name` by `name`.

    What was drawn once at a place stands there, what was drawn there more often is taken one by one from `many`.
    """

    def __init__(self, case: Case, draw: Draw):
        self.case, self.sizes = case, draw.sizes
        self.arguments: dict[str, Any] = {}
        self.globals = case.function.__globals__
        places = [place for *place, _ in draw.drawn]
        self.once = {tuple(place): value for *place, value in draw.drawn if places.count(place) == 1}
        self.repeated = {tuple(place) for place in places if places.count(place) > 1}
        self.many = [_text(value) for *place, value in draw.drawn if places.count(place) > 1]
        self.start = 0

    def function(self, function: Any) -> Any:
        """The definition of a function or class of the checks, made plain."""
        source, self.start = source_of(function)
        self.arguments = {}
        if function is self.case.function:
            settings = inspect.signature(function).parameters.values()
            defaults = {setting.name: setting.default for setting in settings if setting.default is not setting.empty}
            self.arguments = defaults | self.case.arguments
        definition = ast.parse(source).body[0]
        assert isinstance(definition, ast.FunctionDef | ast.ClassDef)
        definition.decorator_list = []
        return self.visit(definition)

    def used(self, statements: list[ast.stmt]) -> tuple[list[str], list[str]]:
        """Returns what these statements need of the checks: imports, and values and functions with what they need."""
        imports: dict[str, None] = {}
        lines: list[str] = []
        seen = set()
        waiting = list(statements)
        while waiting:
            for node in ast.walk(waiting.pop()):
                name = node.id if isinstance(node, ast.Name) else ""
                if name in seen or name not in self.globals:
                    continue
                seen.add(name)
                value = self.globals[name]
                if isinstance(value, types.ModuleType):
                    package, _, last = value.__name__.rpartition(".")
                    line = f"from {package} import {last}" if package else f"import {last}"
                    imports[line if last == name else f"import {value.__name__} as {name}"] = None
                elif getattr(value, "__module__", "") == self.globals["__name__"] and callable(value):
                    definition = self.function(value)
                    waiting.append(definition)
                    lines.insert(0, ast.unparse(ast.fix_missing_locations(definition)))
                elif callable(value):
                    imports[f"from {value.__module__} import {value.__name__}"] = None
                else:
                    lines.insert(0, f"{name} = {_text(value)}")
        return [line for line in imports if line != "import torch"], lines

    def is_undrawn(self, statement: ast.AST) -> bool:
        return any(isinstance(node, ast.Name) and node.id == "draw" for node in ast.walk(statement))

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        node.args = [argument for argument in node.args if argument.arg not in ("answer", "draw")]
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.arguments and isinstance(node.ctx, ast.Load):
            return ast.Name(_text(self.arguments[node.id]))
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(ast.Attribute(ast.Name("draw"))):
                place = (node.lineno + self.start - 1, node.col_offset)
                if place in self.once:
                    return ast.Name(_text(self.once[place]))
                if place in self.repeated:
                    return ast.Name("next(drawn)")
        match node:
            case ast.Call(ast.Attribute(ast.Name("draw"), "size"), [ast.Constant(name)]) if name in self.sizes:
                return ast.Name(str(self.sizes[name]))
            case ast.Call(ast.Name("getattr"), [ast.Name("answer"), function]):
                return ast.Name(str(self.arguments.get(getattr(function, "id", ""), ast.unparse(function).strip("'"))))
        node.args = [one for one in node.args if not (isinstance(one, ast.Name) and one.id in ("answer", "draw"))]
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "answer":
            return ast.Name(node.attr)
        return self.generic_visit(node)
