"""What a reader would have to wait for, done before a lesson is opened: modules are imported, notebooks parsed."""

import ast
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marimo._schemas.serialization import NotebookSerialization

# Libraries break when two threads import them at once. Whoever may be the first to import something takes this, and
# a lesson does not begin while somebody else has it.
importing = threading.RLock()


def prepare(lesson: Path) -> None:
    """Imports what a lesson imports, and parses it. What is wrong with the lesson is said when it is run."""
    remember_parsed()
    with importing, contextlib.suppress(Exception):
        for name in imported(lesson.read_text(encoding="utf-8")):
            import_module(name)


def first_cell() -> None:
    """The first cell of all takes longer than every other: marimo loads what runs it."""
    with importing:
        import marimo

        marimo.App().run()


def imported(source: str) -> Iterator[str]:
    """The modules that a program imports, in their order."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@cache
def remember_parsed() -> None:
    """Lets marimo parse a notebook once. It would do so three times before a lesson is shown, a quarter of a second
    each, and it never changes what it has parsed."""
    from marimo._ast import parse

    known = lru_cache(maxsize=50)(parse.parse_notebook)

    def parsed(contents: str, filepath: str = "<marimo>") -> "NotebookSerialization | None":
        found = known(contents)
        return found and replace(found, filename=filepath)

    parse.parse_notebook = parsed
