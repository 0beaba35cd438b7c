"""The worker's side of `live`: imports the file of a lesson and runs one of its functions, report by report."""

import contextlib
import importlib.util
import io
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from torchbook.course.notebook.border import packed, unpacked
from torchbook.errors import TorchbookError

Send = Callable[[dict[str, Any]], None]
# How a request to a worker names the function below.
PERFORM = "torchbook.course.notebook.elsewhere:perform"
MOST_PRINTED = 20_000


def perform(request: dict[str, Any], send: Send, heard: Iterator[dict[str, Any]]) -> None:
    """Runs `request["function"]` of the lesson `request["lesson"]` and sends each report that it yields.

    If it `listens`, its first argument is an iterator of what it is told meanwhile. What is sent: `report` and
    `printed` as they come, at the end `finished`, or `failed` with what went wrong.
    """
    lesson = Path(request["lesson"])
    sys.stdin = io.StringIO()
    sys.stdout = sys.stderr = Printed(send)
    warnings.simplefilter("ignore")
    try:
        function = function_of(lesson, request["function"])
        arguments = unpacked(request["arguments"])
        listening = [map(unpacked, heard)] if request.get("listens") else []
        for number, report in enumerate(function(*listening, **arguments), 1):
            send({"report": packed(checked(report), f"report {number} of {request['function']}")})
    except TorchbookError as error:
        send({"failed": str(error)})
    except BaseException as error:
        send({"failed": told(error, lesson)})
    else:
        send({"finished": True})


def function_of(lesson: Path, name: str) -> Callable[..., Any]:
    """A function that stands at the top level of a lesson's file."""
    specification = importlib.util.spec_from_file_location(f"lesson_{lesson.stem}", lesson)
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    function = getattr(module, name, None)
    if not callable(function):
        raise TorchbookError(
            f"{lesson.name} has no function {name!r} at its top level; in the lesson it stands in a cell of its own, "
            "and uses nothing but its arguments and what the setup cell imports"
        )
    return function


def checked(report: Any) -> dict[str, Any]:
    """A report, which is a dict."""
    if not isinstance(report, dict):
        raise TorchbookError(f"a function that runs live yields dicts, got {report!r}")
    return report


def told(error: BaseException, lesson: Path) -> str:
    """An exception in words, with the line of the lesson that it comes from."""
    lines = [one for one in traceback.extract_tb(error.__traceback__) if Path(one.filename) == lesson]
    place = f" in line {lines[-1].lineno}: {lines[-1].line}" if lines else ""
    return f"{type(error).__name__}: {error}{place}"


class Printed(io.TextIOBase):
    """Standard output of the function: the first characters are sent, the rest is dropped."""

    def __init__(self, send: Send) -> None:
        self.send, self.left = send, MOST_PRINTED

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.left > 0 and text:
            with contextlib.suppress(OSError):
                self.send({"printed": text[: self.left]})
            self.left -= len(text)
        return len(text)
