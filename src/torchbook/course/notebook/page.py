"""What is asked about the page that a lesson runs on: is it open in a browser, which file is it, how is text shown."""

import contextlib
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from torchbook.course.learner import workspace
from torchbook.course.learner.workspace import Workspace


def opened() -> bool:
    """Whether the lesson is open in a browser; as a program or in a test it is not."""
    if "marimo" not in sys.modules:
        return False
    import marimo

    return marimo.running_in_notebook()


def closing() -> Callable[[], bool]:
    """Whether a `marimo.Thread` has to end, to be asked in it: its cell runs again, or the page is closed.

    marimo tells a thread only the former; when a page is closed, the thread that runs its cells ends. Call this there.
    """
    import marimo

    cells = threading.current_thread()
    return lambda: marimo.current_thread().should_exit or not cells.is_alive()


def lesson_file() -> Path | None:
    """The file of the lesson that runs, if it has one."""
    import marimo
    from marimo._runtime.context import safe_get_context

    context = safe_get_context()
    if context is not None and context.filename:
        return Path(context.filename).resolve()
    with contextlib.suppress(Exception):
        place = marimo.notebook_location()
        return Path(str(place)) if place and Path(str(place)).is_file() else None
    return None


@lru_cache(maxsize=1000)
def html(markdown: str) -> str:
    """Markdown as HTML of the page, formulas included; it is at home inside a card too."""
    import marimo

    return marimo.md(markdown).text


def own_workspace() -> Workspace:
    """The learner's workspace; it is made where there is none."""
    return workspace.find() or workspace.make(workspace.usual_folder())[0]
