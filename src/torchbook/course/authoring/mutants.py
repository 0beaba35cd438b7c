"""Mutants: a right answer with one small thing changed, made by operators on its syntax tree.

A check that does not notice a mutant would not notice a learner who made that slip. The operators: another arithmetic,
comparing or logical operator; a sign dropped; a constant moved by one, doubled, set to zero or negated; a condition
turned round; a named argument dropped (`dim=`, `keepdim=`); two arguments swapped; a call or an attribute such as `.T`
replaced by what it is applied to; a function or dtype replaced by its neighbour (`sum` and `mean`); a variable by
another one of its function; a statement, decorator or `with` dropped.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}

NEIGHBOURS = {
    one: other
    for pair in (
        ("sum", "mean"),
        ("max", "min"),
        ("amax", "amin"),
        ("argmax", "argmin"),
        ("zeros", "ones"),
        ("zeros_like", "ones_like"),
        ("sub_", "add_"),
        ("cos", "sin"),
        ("floor", "ceil"),
        ("train", "eval"),
        ("float", "double"),
        ("float32", "float64"),
    )
    for one, other in (pair, pair[::-1])
}

# Names whose attributes are functions, so that `torch.exp(x)` is about `x` and not about `torch`.
MODULES = {"torch", "nn", "F", "math", "np", "functional", "random", "optim"}


@dataclass(frozen=True)
class Mutant:
    """A changed answer; `name` says which line became which."""

    name: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """All mutants of an answer that differ from it and from each other, in the order of its lines."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    found: list[Mutant] = []
    names: dict[str, int] = {}
    for statement, parent, field, index, node, variables in list(_places(tree)):
        before = _line(statement)
        for change in [*_changes(node, parent, field), *_renamed(node, variables)]:
            _put(parent, field, index, change)
            text = ast.unparse(ast.fix_missing_locations(tree))
            after = "(dropped)" if isinstance(change, ast.Pass) else _line(change if node is statement else statement)
            _put(parent, field, index, node)
            if text in seen or not _compiles(text):
                continue
            seen.add(text)
            name = f"{before} -> {after}"
            names[name] = names.get(name, 0) + 1
            found.append(Mutant(name if names[name] == 1 else f"{name} ({names[name]})", text + "\n"))
    return found


Place = tuple[ast.AST, ast.AST, str, int | None, ast.AST, list[str]]


def _places(tree: ast.AST) -> Iterator[Place]:
    """Each node that may change: its statement, its parent, where it is in it, itself, and the variables around it."""

    def walk(node: ast.AST, statement: ast.AST, variables: list[str]) -> Iterator[Place]:
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "type_params"):
                continue
            children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for index, child in children:
                if (
                    not isinstance(child, ast.AST)
                    or isinstance(child, ast.Import | ast.ImportFrom)
                    or _docstring(child)
                ):
                    continue
                own = child if isinstance(child, ast.stmt) else statement
                around = _variables(child) if isinstance(child, ast.FunctionDef) else variables
                yield own, node, field, index, child, around
                yield from walk(child, own, around)

    return walk(tree, tree, [])


def _variables(function: ast.FunctionDef) -> list[str]:
    """The names of the arguments and variables of a function, but `self`, in the order of their first appearance."""
    names = [argument.arg for argument in function.args.args if argument.arg != "self"]
    stored = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return list(dict.fromkeys(names + stored))


def _renamed(node: ast.AST, variables: list[str]) -> Iterator[ast.AST]:
    """The next variable in the place of one that is read."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in variables and len(variables) > 1:
        yield ast.Name(variables[(variables.index(node.id) + 1) % len(variables)], ast.Load())


def _changes(node: ast.AST, parent: ast.AST, field: str) -> Iterator[ast.AST]:
    for other in OPERATORS.get(type(node), ()):
        yield other()
    if isinstance(node, ast.Constant):
        yield from map(ast.Constant, _constants(node.value))
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield _copy(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.comprehension) and node.ifs:
        yield _copy(node, ifs=[])
    if isinstance(node, ast.Call):
        yield from _calls(node)
    if isinstance(node, ast.Attribute):
        if node.attr in NEIGHBOURS:
            yield _copy(node, attr=NEIGHBOURS[node.attr])
        if isinstance(node.ctx, ast.Load) and node.attr in ("T", "mT", "data", "grad", "real"):
            yield node.value
    if isinstance(node, ast.Name) and node.id in NEIGHBOURS and isinstance(parent, ast.Call) and field == "func":
        yield ast.Name(NEIGHBOURS[node.id], ast.Load())
    if isinstance(node, ast.With):
        yield ast.If(ast.Constant(True), node.body, [])
    if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Pass):
        yield ast.Pass()
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        for index in range(len(node.decorator_list)):
            yield _copy(node, decorator_list=node.decorator_list[:index] + node.decorator_list[index + 1 :])


def _constants(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, float):
        yield from ((2 * value, 0.0, -value) if value else (1.0,))


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    for index in range(len(node.keywords)):
        yield _copy(node, keywords=node.keywords[:index] + node.keywords[index + 1 :])
    if len(node.args) >= 2:
        yield _copy(node, args=[node.args[1], node.args[0], *node.args[2:]])
    function = node.func
    if isinstance(function, ast.Attribute) and not _is_module(function.value):
        yield function.value
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]


def _is_module(node: ast.AST) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in MODULES


def _copy(node: Any, **fields: Any) -> Any:
    return type(node)(**{name: getattr(node, name, None) for name in node._fields} | fields)


def _put(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _line(statement: ast.AST) -> str:
    """The first line of a statement, decorators and all that opens it."""
    lines = ast.unparse(ast.fix_missing_locations(statement)).splitlines()
    while len(lines) > 1 and lines[0].startswith("@"):
        lines[:2] = [" ".join(lines[:2])]
    return lines[0] if lines else ""


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True
