"""The front matter of a lesson's document: what the lesson is called, teaches, needs and claims.

    ---
    title: Autograd
    line: One walk backwards finds every slope at once.
    draft: true
    rows: 25, 26
    terms: gradient, computation graph
    controls:
      x: -1.5, 0.0
    claims:
      - w.grad == x
    ---

Code hosts show it as a table. `rows` are numbers of the coverage, `controls` other values that a control must bear,
`claims` Python expressions that hold whatever the controls say. With `draft: true` parts may still be missing. A
project has `after: 9`, the lesson that it comes after.
"""

import ast
import re
from dataclasses import dataclass, field

from torchbook.command_answer import nearest
from torchbook.errors import TorchbookError

FENCE = "---"
_TEXTS = ("title", "line")
_KEYS = (*_TEXTS, "draft", "after", "rows", "terms", "controls", "claims")


@dataclass(frozen=True)
class Claim:
    """A Python expression that must hold, and its line in the document."""

    expression: str
    line: int


@dataclass(frozen=True)
class Front:
    """The front matter; `controls` are the values that each control is tried with beside its own, and a `draft` is not
    finished yet. A project comes `after` the lesson of that number."""

    title: str
    line: str
    rows: tuple[int, ...] = ()
    terms: tuple[str, ...] = ()
    controls: dict[str, tuple[object, ...]] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    draft: bool = False
    after: int | None = None


def read_front(lines: list[str], name: str) -> tuple[Front, int]:
    """The front matter at the top of a document, and the number of lines that it takes; `name` is for messages.

    Raises:
        TorchbookError: it is missing, not closed, or a line is not what it must be; the message has the line.
    """
    if not lines or lines[0].rstrip() != FENCE:
        raise TorchbookError(f"{name}:1: expected front matter: a line ---, then 'title: ...', then a line ---")
    end = next((number for number, text in enumerate(lines[1:], 1) if text.rstrip() == FENCE), None)
    if end is None:
        raise TorchbookError(f"{name}:1: the front matter is not closed; end it with a line ---")
    reader = _Reader(name)
    for number, text in enumerate(lines[1:end], 2):
        if text.strip():
            reader.take(text.rstrip(), number)
    for key in _TEXTS:
        if not reader.texts.get(key):
            raise TorchbookError(f"{name}:1: the front matter lacks '{key}: ...'")
    front = Front(
        title=reader.texts["title"],
        line=reader.texts["line"],
        rows=reader.rows,
        terms=reader.terms,
        controls=reader.controls,
        claims=tuple(reader.claims),
        draft=reader.draft,
        after=reader.after,
    )
    return front, end + 1


class _Reader:
    """Takes the lines of a front matter one by one."""

    def __init__(self, name: str):
        self.name, self.block, self.seen = name, "", set[str]()
        self.texts: dict[str, str] = {}
        self.rows: tuple[int, ...] = ()
        self.terms: tuple[str, ...] = ()
        self.controls: dict[str, tuple[object, ...]] = {}
        self.claims: list[Claim] = []
        self.draft = False
        self.after: int | None = None

    def take(self, text: str, line: int) -> None:
        if text.startswith(" "):
            self._inside(text.strip(), line)
            return
        key, colon, rest = text.partition(":")
        if not colon or key not in _KEYS:
            raise self._error(line, f"{text!r} is no line of a front matter; {nearest(key, _KEYS)}")
        if key in self.seen:
            raise self._error(line, f"{key!r} is there twice")
        self.seen.add(key)
        self.block, rest = "", rest.strip()
        if key in _TEXTS:
            self.texts[key] = rest
        elif key == "draft":
            if rest not in ("true", "false"):
                raise self._error(line, f"draft: expected true or false, got {rest!r}")
            self.draft = rest == "true"
        elif key == "after":
            if not rest.isdecimal():
                raise self._error(line, f"after: expected the number of a lesson such as 9, got {rest!r}")
            self.after = int(rest)
        elif key == "terms":
            self.terms = tuple(part.strip() for part in rest.split(",") if part.strip())
        elif key == "rows":
            if not re.fullmatch(r"\d+(\s*,\s*\d+)*", rest):
                raise self._error(line, f"rows: expected numbers such as '25, 26', got {rest!r}")
            self.rows = tuple(map(int, rest.split(",")))
        elif rest:
            raise self._error(line, f"{key}: expected its entries on lines of their own below, got {rest!r}")
        else:
            self.block = key

    def _inside(self, text: str, line: int) -> None:
        if self.block == "claims" and text.startswith("- "):
            expression = text[2:].strip()
            try:
                ast.parse(expression, mode="eval")
            except SyntaxError as error:
                raise self._error(line, f"the claim {expression!r} is no Python expression: {error.msg}") from None
            self.claims.append(Claim(expression, line))
        elif self.block == "controls" and (match := re.fullmatch(r"([A-Za-z_]\w*): *(.+)", text)):
            try:
                self.controls[match[1]] = ast.literal_eval(f"({match[2]},)")
            except (ValueError, SyntaxError):
                raise self._error(line, f"{match[1]}: expected values such as '0.1, 2.0', got {match[2]!r}") from None
        else:
            raise self._error(
                line,
                f"{text!r} is in no list; expected 'controls:' with '  name: value' or 'claims:' with '  - ...'",
            )

    def _error(self, line: int, message: str) -> TorchbookError:
        return TorchbookError(f"{self.name}:{line}: {message}")
