"""A case as the learner can repeat it: the call with its arguments, or the lines of the case with its values."""

import ast
import inspect
from typing import Any

from torch import Tensor, nn

from torchbook.course.grading.behaviour import Behaviour
from torchbook.course.grading.cases import Case, Draw
from torchbook.course.grading.describe import Sizes, shown


def retold(behaviour: Behaviour, case: Case, draw: Draw) -> str:
    """The last call of a function of the answer, or the lines of the case where it used the answer's own classes."""
    if not behaviour.calls or not _is_python(list(behaviour.calls[-1].before.values())):
        return _lines(case, draw)
    call = behaviour.calls[-1]
    lines, words = [], []
    for name, value in call.before.items():
        if isinstance(value, Tensor | list | dict | nn.Module):
            lines.append(f"{name} = {shown(value, draw.sizes)}")
            words.append(name)
        else:
            words.append(f"{name}={shown(value, draw.sizes)}")
    return "\n".join([*lines, f"{call.function}({', '.join(words)})"])


def _is_python(value: Any) -> bool:
    """Whether a value can be written down; an object that only has an address in memory cannot."""
    if isinstance(value, list | tuple):
        return all(map(_is_python, value))
    return type(value).__repr__ is not object.__repr__


def _lines(case: Case, draw: Draw) -> str:
    """The body of a case without what it returns, names without `answer.`, drawn values in the place of draws."""
    source, start = inspect.getsourcelines(case.function)
    tree = ast.parse("".join(source))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    values: dict[tuple[int, int], list[Any]] = {}
    for line, column, value in draw.drawn:
        values.setdefault((line - start + 1, column), []).append(value)
    function = _Plain(values, draw.sizes, case.arguments).visit(function)
    body = [one for one in function.body if not isinstance(one, ast.Return)]
    if body:
        return "\n".join(ast.unparse(ast.fix_missing_locations(one)) for one in body)
    (last,) = function.body
    return ast.unparse(ast.fix_missing_locations(last)).removeprefix("return ")


class _Plain(ast.NodeTransformer):
    """Replaces draws that happened once and the case's arguments by their values, and `answer.name` by `name`."""

    def __init__(self, values: dict[tuple[int, int], list[Any]], sizes: Sizes, arguments: dict[str, Any]):
        self.values, self.sizes, self.arguments = values, sizes, arguments

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.arguments and isinstance(node.ctx, ast.Load):
            return ast.Name(shown(self.arguments[node.id], self.sizes))
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        drawn = self.values.get((node.lineno, node.col_offset), [])
        if drawn:
            text = shown(drawn[0], self.sizes).partition("  #")[0] if len(drawn) == 1 else f"one of {drawn}"
            return ast.Name(text)
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "answer":
            return ast.Name(node.attr)
        return self.generic_visit(node)
