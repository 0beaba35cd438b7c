"""The names that a piece of Python makes and those that it takes from elsewhere, known from its code."""

import ast
import builtins
import symtable
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Names:
    """The names bound at the top of some code, and those that it uses and does not bind, but for Python's own."""

    made: frozenset[str]
    used: frozenset[str]


@lru_cache(maxsize=2000)
def names_of(source: str) -> Names:
    """The names of some Python that is free of syntax errors."""
    nodes = [node for statement in ast.parse(source).body for node in _at_top(statement)]
    made = {name for node in nodes for name in _bound(node)}
    taken = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    # What is inside of functions, classes and comprehensions has tables of its own.
    for table in _inner(symtable.symtable(source, "<cell>", "exec")):
        for symbol in table.get_symbols():
            if symbol.is_referenced() and symbol.is_global():
                taken.add(symbol.get_name())
            if symbol.is_assigned() and symbol.is_declared_global():
                made.add(symbol.get_name())
    return Names(frozenset(made), frozenset(taken - made - set(dir(builtins))))


@lru_cache(maxsize=2000)
def fixed_names(source: str) -> frozenset[str]:
    """The names of modules, functions and classes that some Python makes at its top: what nobody changes in place."""
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return frozenset(name for node in ast.parse(source).body if isinstance(node, kinds) for name in _bound(node))


@lru_cache(maxsize=2000)
def imports_of(source: str) -> Mapping[str, str]:
    """The names that some Python binds at its top by an import and by nothing else, each with that import."""
    imports: dict[str, str] = {}
    others: set[str] = set()
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            others.update(name for node in _at_top(statement) for name in _bound(node))
            continue
        module = f"{'.' * statement.level}{statement.module or ''}" if isinstance(statement, ast.ImportFrom) else ""
        for alias in statement.names:
            name = (alias.asname or alias.name).partition(".")[0]
            text = f"{f'from {module} ' * bool(module)}import {ast.unparse(alias)}"
            # `import torch` and `import torch.nn` bind one name.
            imports[name] = f"{imports[name]}; {text}" if name in imports else text
    return {name: text for name, text in imports.items() if name not in others}


def _at_top(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that belong to the module's own scope."""
    yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        arguments = node.args
        outside: list[ast.AST | None] = [*arguments.defaults, *arguments.kw_defaults]
        if not isinstance(node, ast.Lambda):
            every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
            outside += [*node.decorator_list, node.returns, *(argument.annotation for argument in every if argument)]
    elif isinstance(node, ast.ClassDef):
        outside = [*node.decorator_list, *node.bases, *(word.value for word in node.keywords)]
    elif isinstance(node, _COMPREHENSIONS):
        outside = [node.generators[0].iter]
        yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr))
    else:
        outside = list(ast.iter_child_nodes(node))
    for child in outside:
        if child is not None:
            yield from _at_top(child)


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.NamedExpr):
        yield node.target.id
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)
