"""A lesson from its first cell to its last, as Jupyter would run it: in one namespace, in order, without reactivity."""

import ast
import contextlib
import io
import sys
import types
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from torchbook.course.texts.cell import Cell
from torchbook.course.texts.lesson import LessonFile
from torchbook.errors import TorchbookError


@dataclass(frozen=True)
class Played:
    """A cell that was run: what it showed (None for nothing) and what it printed."""

    cell: Cell
    shown: Any = None
    printed: str = ""


def play(lesson: LessonFile) -> list[Played]:
    """Runs the cells of a lesson, each after those that make what it needs, and returns them in their order.

    Raises:
        TorchbookError: a cell fails.
    """
    module = types.ModuleType(f"torchbook_lesson_{lesson.number:02}")
    module.__file__ = str(lesson.file)
    sys.modules[module.__name__] = module
    try:
        return sorted(_played(lesson, module.__dict__), key=lambda one: lesson.cells.index(one.cell))
    finally:
        del sys.modules[module.__name__]


def _played(lesson: LessonFile, names: dict[str, Any]) -> Iterator[Played]:
    for cell in in_order(lesson.cells):
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                shown = _run(cell, names, str(lesson.file))
        except Exception as error:
            where = f"{lesson.file.name}, the cell at line {cell.line}"
            raise TorchbookError(f"{where}: {type(error).__name__}: {error}") from error
        if cell.kind == "setup":
            _replace_blocks(names)
        yield Played(cell, shown, printed.getvalue())


def _run(cell: Cell, names: dict[str, Any], file: str) -> Any:
    from marimo import MarimoStopError

    # The lines of an error are those of the file.
    tree = ast.parse("\n" * (cell.line - 1) + cell.source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    try:
        exec(compile(tree, file, "exec"), names)
        return eval(compile(ast.Expression(last.value), file, "eval"), names) if isinstance(last, ast.Expr) else None
    except MarimoStopError as stop:
        return stop.output


def _replace_blocks(names: dict[str, Any]) -> None:
    """Puts what stands still in the place of what a lesson shows in the browser."""
    from torchbook.course import notebook
    from torchbook.course.export import blocks

    for name in ("exercise", "quiz"):
        shown = getattr(notebook, name, None)
        for alias in [one for one, value in names.items() if value is shown and shown is not None]:
            names[alias] = getattr(blocks, name)


def in_order(cells: Sequence[Cell], *, free: Container[Cell] = ()) -> list[Cell]:
    """The cells in their order, but before each one those that define what it needs; a cell in `free` needs nothing."""
    makers = {name: cell for cell in cells for name in cell.defines}
    ordered: list[Cell] = []
    begun: list[Cell] = []

    def run(cell: Cell) -> None:
        if cell in begun:  # done, or a circle, which marimo itself refuses
            return
        begun.append(cell)
        needed = {id(makers[name]): makers[name] for name in cell.needs if name in makers and cell not in free}
        for maker in sorted(needed.values(), key=cells.index):
            run(maker)
        ordered.append(cell)

    for cell in cells:
        run(cell)
    return ordered
