"""Runs the code of one cell: its lines are those of the document, and it starts from the same chance and settings
whatever ran before it."""

import ast
import contextlib
import random
import sys
import traceback
import zlib
from collections.abc import Iterator
from typing import Any

import numpy
import torch

from torchbook.course.grading.answer_text import remember_lines
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.output import shown
from torchbook.course.runtime.printed import Printed
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_parts import Cell
from torchbook.course.workers.terminal_text import without_escapes
from torchbook.errors import TorchbookError


class CellError(TorchbookError):
    """A cell has failed; the message has the document, the line and the error, which is its `__cause__`, and `printed`
    is what it has printed before."""

    printed = ""


class NoError(CellError):
    """A cell that `raises` came to its end; `fragment` is what it shows instead of the error."""

    def __init__(self, message: str, fragment: Fragment):
        super().__init__(message)
        self.fragment = fragment


def run_cell(document: Document, cell: Cell, names: dict[str, Any], *, prints: Printed | None = None) -> Fragment:
    """Runs a cell in `names` and returns what it shows. What it prints, errors and warnings too, goes into `prints`.

    Raises:
        CellError: it has failed.
        NoError: it has not, although it `raises`.
    """
    tree = ast.parse(cell.source)
    ast.increment_lineno(tree, cell.line)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    prints, value = prints or Printed(), None
    place = f"{document.label.lstrip('0')}/{cell.id}"
    pyplot = PyplotFigures()
    with settled(place), pyplot, contextlib.redirect_stdout(prints), contextlib.redirect_stderr(prints):
        try:
            with located(document, cell.line):
                exec(compile(tree, str(document.file), "exec"), names)
                if isinstance(last, ast.Expr):
                    value = eval(compile(ast.Expression(last.value), str(document.file), "eval"), names)
        except CellError as failed:
            if not cell.raises:
                failed.printed = prints.text
                raise
            names[cell.raises] = error = failed.__cause__
            return Fragment(printed=prints.text, error=last_line(error))
    if value is None and cell.kind in ("shown", "deeper"):
        value = pyplot.last
    fragment = Fragment(printed=prints.text, **shown(value))
    if cell.raises:
        raise NoError(f"{document.name}:{cell.line}: this cell should raise an error, and did not", fragment)
    return fragment


class PyplotFigures:
    """The figures that pyplot opens within a `with` block; `last` is the last of them, None without any. It begins and
    ends with none open, as in a notebook: `plt.show()` need not be the last line, and a block that runs again begins
    with an empty figure."""

    last: Any = None

    def __enter__(self) -> "PyplotFigures":
        self._close()
        return self

    def __exit__(self, *error: object) -> None:
        self.last = self._close()

    @staticmethod
    def _close() -> Any:
        """Closes the figures that are open, and returns the last of them."""
        pyplot = sys.modules.get("matplotlib.pyplot")  # what imports it takes a moment, and most cells draw nothing
        if pyplot is None or not (numbers := pyplot.get_fignums()):
            return None
        last = pyplot.figure(numbers[-1])
        pyplot.close("all")
        return last


def evaluate(document: Document, expression: str, line: int, names: dict[str, Any]) -> Any:
    """The value of an expression on a line of the document.

    Raises:
        CellError: it has failed.
    """
    tree = ast.parse(f"({expression.strip()}\n)", mode="eval")
    ast.increment_lineno(tree, line - 1)
    with located(document, line):
        return eval(compile(tree, str(document.file), "eval"), names)


@contextlib.contextmanager
def located(document: Document, line: int) -> Iterator[None]:
    """Turns an error into a `CellError` that says on which line of the document; `line` is used if none is known."""
    # A document that is only a text has its lines in tracebacks all the same.
    file = str(document.file)
    if not document.file.is_file():
        remember_lines(file, document.source)
    try:
        yield
    except Exception as error:
        frames = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        at = frames[-1] if frames else line
        raise CellError(f"{document.name}:{at}: {last_line(error)}") from error


def last_line(error: BaseException | None) -> str:
    """The last line of a traceback, as Python prints it."""
    return without_escapes("".join(traceback.format_exception_only(error)).strip())


@contextlib.contextmanager
def settled(place: str) -> Iterator[None]:
    """Seeds all chance from the `place` of a cell, and puts settings of torch back to what they were."""
    seed = zlib.crc32(place.encode())
    torch.default_generator.manual_seed(seed)  # torch's own function imports its compiler, which takes a second
    numpy.random.seed(seed)
    random.seed(seed)
    before = torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_num_threads()
    try:
        yield
    finally:
        dtype, gradients, threads = before
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(gradients)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        torch.set_printoptions(profile="default")
