"""What an error of torch means, in plain words: the shapes and dtypes written out, and what to do about it.

The files beside this one are tables of `Row`s, one for each family of errors; `explain` looks for the first that fits.
To explain one more error, add a row where it belongs and provoke the error in `tests/test_explain.py`.
"""

import contextlib
import re
from dataclasses import dataclass

from torchbook.errors import TorchbookError
from torchbook.explain import autograd, data, devices, dtypes, files, indexing, layers, losses, python, shapes
from torchbook.explain.rule import Found, Row
from torchbook.explain.traceback_context import Scene

__all__ = ["Explanation", "explain"]

# The first row that fits wins: what names one particular mistake comes before what would fit many.
ROWS: tuple[Row, ...] = (
    *losses.ROWS,
    *layers.ROWS,
    *shapes.ROWS,
    *devices.ROWS,
    *dtypes.ROWS,
    *autograd.ROWS,
    *indexing.ROWS,
    *data.ROWS,
    *files.ROWS,
    *python.ROWS,
)

_LONGEST = 20_000
_WORKER = re.compile(
    r"Caught \w+ in DataLoader worker process \d+\.\n.*^(?P<told>\w[\w.]*: .*)", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Explanation:
    """An error in plain words.

    `kind` is the family (`shape`, `dtype`, `device`, `autograd`, `index`, `value`, `memory`, `file` or `python`) and
    `name` the particular mistake, such as `matmul-shapes`. `what` says what is wrong and `fix` what to do; both are
    Markdown of one paragraph. `terms` can be looked up in the glossary. `seen` lists the tensors of the line that
    failed, one `x: float32 [3, 4]` each, as far as they could be found.
    """

    kind: str
    name: str
    what: str
    fix: str
    terms: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    def __str__(self) -> str:
        seen = f"In that line: {'; '.join(self.seen)}." if self.seen else ""
        return "\n".join(part for part in (self.what, seen, f"What to do: {self.fix}") if part)


def explain(error: BaseException) -> Explanation | None:
    """What an error means and what to do, or None if it is none that this package knows.

    The error may be one that was just caught (its traceback then tells shapes that its message leaves out) or one
    without a traceback. It never raises, whatever the error is.
    """
    if isinstance(error, TorchbookError):
        return None
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:  # somebody's own exception that cannot say what it is
        return None
    # A data loader's worker sends its traceback as text; the last error in it is the one that counts.
    caught = _WORKER.search(text)
    told = (caught["told"] if caught else text)[:_LONGEST]
    place = "In a worker process of the data loader: " if caught else ""
    for row in ROWS:
        if match := re.search(row.pattern, told):
            return _explanation(row, match, error, place)
    return None


def _explanation(row: Row, match: re.Match[str], error: BaseException, place: str) -> Explanation | None:
    # The objects of a failed program may fail in any way when they are looked at; then the message alone must do.
    for scene in (Scene.of, lambda _: Scene()):
        with contextlib.suppress(Exception):
            found = Found(match, scene(error), error)
            what, fix = row.say(row.what, found), row.say(row.fix, found)
            return Explanation(row.kind, row.name, place + what, fix, row.terms, found.scene.seen)
    return None
