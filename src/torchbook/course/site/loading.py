"""What a reader would have to wait for, done before a lesson is opened: modules are imported, notebooks compiled."""

import ast
import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import is_dataclass, replace
from functools import cache, lru_cache, partial, wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marimo._schemas.serialization import NotebookSerialization

# Libraries break when two threads import them at once. Whoever may be the first to import something takes this, and
# a lesson does not begin while somebody else has it.
importing = threading.RLock()

# Seconds that a reader who opens a lesson has the machine alone, and until when somebody has.
ALONE = 5.0
_alone_until = 0.0


def first_of_all() -> None:
    """A reader opens a lesson: what is done ahead for others waits."""
    global _alone_until
    _alone_until = time.monotonic() + ALONE


def prepare(lesson: Path) -> None:
    """Imports and compiles what a lesson that is opened runs. What is wrong with it is said when it is run."""
    first_of_all()
    with importing, contextlib.suppress(Exception):
        for work in ahead(lesson):
            work()
    first_of_all()


def ahead(lesson: Path) -> Iterator[Callable[[], object]]:
    """The parts of `prepare`; between two of them a reader may come."""
    with contextlib.suppress(OSError, SyntaxError):
        for name in imported(tree(lesson)):
            yield partial(import_module, name)
        yield partial(_compile, lesson, lesson.stat().st_mtime_ns)


@lru_cache(maxsize=200)
def _compile(lesson: Path, changed: int) -> None:
    """Compiles a lesson's cells as a session does and as a kernel does, to be remembered."""
    from marimo._ast import compiler, load

    app = load.load_app(str(lesson))
    for cell_id, cell in app._cell_manager.valid_cells() if app else ():
        compiler.compile_cell(cell._cell.code, cell_id, filename=str(lesson))


def in_turn(works: Iterable[Callable[[], object]]) -> None:
    """Does one after the other, while nobody opens a lesson. What fails fails again when it is needed."""
    for work in works:
        while (rest := _alone_until - time.monotonic()) > 0:
            time.sleep(rest)
        with importing, contextlib.suppress(Exception):
            work()
        time.sleep(0.01)  # nobody gets a lock that is taken again at once


def imported(program: ast.Module) -> Iterator[str]:
    """The modules that a program imports, in their order."""
    for node in ast.walk(program):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def tree(file: Path) -> ast.Module:
    """A lesson's program.

    Raises:
        SyntaxError: it is not Python.
    """
    return _tree(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=200)
def _tree(file: Path, changed: int) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def parse_in_turn() -> None:
    """Lets Python be parsed by one thread at a time, here and in marimo.

    Where another thread comes in between, because the garbage collector has called back, CPython 3.11 raises
    `SystemError: AST constructor recursion depth mismatch`: a page or a lesson breaks off, once in a while.
    """
    from marimo._ast import compiler

    one = threading.RLock()

    def locked(parse: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(parse)
        def parsed(*args: Any, **named: Any) -> Any:
            with one:
                return parse(*args, **named)

        return parsed

    ast.parse = locked(ast.parse)
    compiler.ast_compile = locked(compiler.ast_compile)


@cache
def remember() -> None:
    """Lets marimo parse a notebook and compile a cell once. It would do both three times before a lesson is shown,
    and it never changes what it has parsed and compiled."""
    from marimo._ast import compiler, parse
    from marimo._ast.cell import CellImpl
    from marimo._runtime import runtime

    known = lru_cache(maxsize=50)(parse.parse_notebook)

    def parsed(contents: str, filepath: str = "<marimo>") -> "NotebookSerialization | None":
        found = known(contents)
        return found and replace(found, filename=filepath)

    parse.parse_notebook = parsed

    compile_cell = compiler.compile_cell

    @lru_cache(maxsize=10_000)
    def compiled_once(code: str, cell_id: Any, filename: str | None, changed: int) -> CellImpl:
        return compile_cell(code, cell_id, filename=filename)

    def compiled(code: str, cell_id: Any, *, filename: str | None = None, **others: Any) -> CellImpl:
        if any(others.values()):
            return compile_cell(code, cell_id, filename=filename, **others)
        found = compiled_once(code, cell_id, filename, Path(filename).stat().st_mtime_ns if filename else 0)
        # What a session writes into a cell is its own: its states, which are small data classes.
        states: dict[str, Any] = {name: copy(value) for name, value in vars(found).items() if is_dataclass(value)}
        return replace(found, **states)

    compiler.compile_cell = runtime.compile_cell = compiled  # type: ignore[assignment]
