"""What a part of a document shows when it has run, as text that a page, a file or another process can have."""

from dataclasses import asdict, dataclass, field
from typing import Any

from torchbook.record import made


@dataclass(frozen=True)
class Fragment:
    """The texts of the `values` in prose; what a cell has `printed`, the `value` of its last expression, its `error` or
    its `drawing` (SVG or HTML that does not move, with an `alternative` in words); and of a picture to touch its
    `state`, the `scripts` that draw it from that, and whether Python `answers` what the reader does there.
    `explanation` says in words what an error means; what `waits` is of before, for the cell with that id has failed.
    A control whose options are computed has `options` and the `chosen` one; `table` is the HTML of a table, without
    anything that runs, and `markdown` text that has its own marks. What is `slow` takes a moment to compute, which is
    not seen: fragments that differ in it alone are equal.
    """

    values: tuple[str, ...] = ()
    printed: str = ""
    value: str = ""
    error: str = ""
    explanation: str = ""
    drawing: str = ""
    alternative: str = ""
    scripts: tuple[str, ...] = ()
    state: dict[str, Any] = field(default_factory=dict)
    answers: bool = False
    options: tuple[Any, ...] = ()
    chosen: Any = None
    table: str = ""
    markdown: str = ""
    waits: str = ""
    slow: bool = field(default=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """Its fields that are not empty."""
        return {key: value for key, value in asdict(self).items() if value or (key == "chosen" and value is not None)}


# What `as_json` writes, as a shape of `torchbook.record`.
_TEXTS = ("printed", "value", "error", "explanation", "drawing", "alternative", "table", "markdown")
FIELDS: dict[str, Any] = {f"{name}?": str for name in _TEXTS}
FIELDS |= {"values?": [str], "scripts?": [str], "options?": list, "state?": dict, "answers?": bool, "waits?": str}


def from_json(fields: dict[str, Any], name: object = "a fragment") -> Fragment:
    """The fragment that `as_json` has written; `name` says in a message where it is.

    Raises:
        TorchbookError: a field is unknown.
    """
    restored: dict[str, Any] = {key: tuple(each) if isinstance(each, list) else each for key, each in fields.items()}
    return made(Fragment, restored, name)
