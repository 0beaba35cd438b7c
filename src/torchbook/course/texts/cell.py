"""A cell of a lesson, read without running it: its code, the names it defines and needs, its prose."""

import ast
import builtins
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

# The placeholder in prose for what the lesson computes: `f"a loss of {loss:.3g}"` is read as "a loss of …".
COMPUTED = "…"

Local = dict[str, list[ast.expr]]

# The functions that put prose on the page.
PROSE = frozenset({"text", "mo.md", "marimo.md"})


@dataclass(frozen=True)
class Cell:
    """A cell: `code` runs and shows its last expression, `setup` imports, `definition` is one function or class.

    `source` is its code as a notebook would have it, without decorator and `return`; `line` is where that begins in the
    file. `hidden` means that the page shows its output and not its code.
    """

    kind: Literal["setup", "code", "definition"]
    source: str
    line: int
    hidden: bool = False
    body: tuple[ast.stmt, ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def defines(self) -> frozenset[str]:
        """The names that other cells may use: those bound at the top level, except those with a leading underscore."""
        return frozenset(name for name in self._bound if not name.startswith("_"))

    @cached_property
    def needs(self) -> frozenset[str]:
        """The names that it takes from other cells."""
        used = {name for table in _tables(self._table) for name in _free_names(table)}
        return frozenset(used - self._bound - set(dir(builtins)))

    @cached_property
    def shows(self) -> str:
        """The function whose result is the cell's output, for instance `text`, `exercise` or `mo.vstack`."""
        last = self.body[-1] if self.body else None
        return _called(last.value) if isinstance(last, ast.Expr) else ""

    @property
    def only_prose(self) -> bool:
        """True if the cell only shows text and defines nothing that another cell may use."""
        return self.shows in PROSE and not self.defines

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Its prose as Markdown, in the order of the file; `COMPUTED` stands for what is computed."""
        local: Local = {}
        for assigned in (node for node in self._nodes if isinstance(node, ast.Assign)):
            for target in assigned.targets:
                if isinstance(target, ast.Name):
                    local.setdefault(target.id, []).append(assigned.value)
        calls = [node for node in self._nodes if isinstance(node, ast.Call) and node.args and _called(node) in PROSE]
        calls.sort(key=lambda call: (call.lineno, call.col_offset))
        return tuple(_dedented(text) for call in calls for text in _texts(call.args[0], local))

    def calls(self, function: str) -> list[set[str]]:
        """Returns the calls of `function`, each as the names of its keyword arguments."""
        calls = [node for node in self._nodes if isinstance(node, ast.Call) and _called(node) == function]
        return [{word.arg or "" for word in call.keywords} for call in calls]

    @property
    def imports(self) -> set[str]:
        """The modules that it imports."""
        direct = {alias.name for node in self._nodes if isinstance(node, ast.Import) for alias in node.names}
        return direct | {node.module or "" for node in self._nodes if isinstance(node, ast.ImportFrom)}

    def arguments(self, function: str) -> tuple[object, ...]:
        """Returns the first arguments of all calls of `function` that are constants: `exercise("softmax")`."""
        calls = [node for node in self._nodes if isinstance(node, ast.Call) and _called(node) == function and node.args]
        return tuple(call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant))

    @cached_property
    def code_lines(self) -> int:
        """The number of its lines of code, without comments, blank lines and docstrings."""
        docstring_lines = {line for node in self._nodes if _is_docstring(node) for line in _lines(node)}
        rows = enumerate((row.strip() for row in self.source.splitlines()), self.line)
        return sum(1 for line, row in rows if row and not row.startswith("#") and line not in docstring_lines)

    @property
    def _nodes(self) -> Iterator[ast.AST]:
        return (node for statement in self.body for node in ast.walk(statement))

    @cached_property
    def _table(self) -> symtable.SymbolTable:
        return symtable.symtable(self.source, "<cell>", "exec")

    @cached_property
    def _bound(self) -> set[str]:
        symbols = self._table.get_symbols()
        return {
            symbol.get_name()
            for symbol in symbols
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
        }


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _free_names(table: symtable.SymbolTable) -> Iterator[str]:
    """Yields the names that a block of code takes from outside of all functions."""
    top = table.get_type() == "module"
    return (
        symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced() and (top or symbol.is_global())
    )


def _called(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def _texts(node: ast.AST, local: Local) -> Iterator[str]:
    """Yields the texts that an expression may give: one, or one for each branch."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body, local)
        yield from _texts(node.orelse, local)
    elif isinstance(node, ast.Name) and node.id in local:
        others = {name: values for name, values in local.items() if name != node.id}
        for value in local[node.id]:
            yield from _texts(value, others)
    elif text := _text(node, local):
        yield text


def _text(node: ast.AST, local: Local) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, local) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left, local) + _text(node.right, local)
    if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.IfExp | ast.Name):
        # A branch that is chosen in the middle of a sentence is prose as well.
        return COMPUTED + "".join(f" {text} " for text in _texts(node.value, local) if text != COMPUTED)
    return COMPUTED


def _dedented(text: str) -> str:
    """Returns the text as `inspect.cleandoc` does, but leaves lines that begin with `COMPUTED` as they are."""
    opening, *rest = text.expandtabs().split("\n")
    widths = [len(line) - len(line.lstrip()) for line in rest if line.strip() and not line.startswith(COMPUTED)]
    margin = min(widths, default=0)
    lines = [opening.lstrip(), *(line if line.startswith(COMPUTED) else line[margin:] for line in rest)]
    return "\n".join(lines).strip("\n")


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _lines(node: ast.AST) -> range:
    return range(node.lineno, node.end_lineno + 1)  # type: ignore[attr-defined]
