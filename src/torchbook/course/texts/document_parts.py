"""The parts of a lesson's document: what stands below each other on its page.

A part's `id` is the anchor of the heading above it, its kind and its count there (`the-question-p2`), so that a
translation finds it again; `line` is its line in the document.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from torchbook.course.texts.document_diagram import Diagram
from torchbook.course.texts.document_values import Value

CellKind = Literal["shown", "hidden", "stage", "deeper", "rubric"]
ControlKind = Literal["slider", "choice", "number", "button"]


@dataclass(frozen=True)
class Heading:
    """A heading of level 2 or 3; its id is its anchor in the address of the page."""

    id: str
    line: int
    level: int
    text: str


@dataclass(frozen=True)
class Prose:
    """A block of Markdown: a paragraph, a list, a table, a formula."""

    id: str
    line: int
    text: str


@dataclass(frozen=True)
class Cell:
    """Python that runs. `shown` is the reader's code, `hidden` is not to be seen, `stage` feeds a picture, folded,
    `deeper` is folded with its output; a `rubric` does not run with its page. With `raises` it must fail, and the error
    gets that name."""

    id: str
    line: int
    source: str
    kind: CellKind = "shown"
    raises: str = ""

    @property
    def uses_answers(self) -> bool:
        """Returns True if it asks for what the learner has built."""
        return "torchbook.course.earlier" in self.source


@dataclass(frozen=True)
class Control:
    """Something to move: it gives `name` its value. A slider and a number have `minimum`, `maximum` and `step`; a
    choice, and a slider over uneven values, have `options`, or an `expression` that computes them, and then no value
    before it has run. A button counts how often it was pressed."""

    id: str
    line: int
    kind: ControlKind
    name: str
    value: object
    label: str = ""
    minimum: int | float | None = None
    maximum: int | float | None = None
    step: int | float | None = None
    options: tuple[object, ...] = ()
    expression: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture to touch, as the Python expression that makes it."""

    id: str
    line: int
    expression: str


@dataclass(frozen=True)
class Card:
    """An exercise by its name, or the quiz of a lesson by its number."""

    id: str
    line: int
    kind: Literal["exercise", "quiz"]
    name: str


@dataclass(frozen=True)
class Option:
    """An answer to choose, and what is said to those who choose it."""

    right: bool
    text: Prose
    reason: Prose


@dataclass(frozen=True)
class TrueNumber:
    """The number that a guess is compared with: the `value` that gives it, as its line has it in `text`, its unit, and
    the range of its slider if there is one. Percentages have a range in per cent."""

    id: str
    line: int
    text: str
    value: Value
    unit: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def expression(self) -> str:
        """The Python that gives the number."""
        return self.value.expression

    @property
    def is_share(self) -> bool:
        """Returns True if it is shown in per cent, and guessed so."""
        return self.value.format.endswith("%")


@dataclass(frozen=True)
class Axis:
    """An axis of a drawing: its name and its two ends."""

    name: str
    low: float
    high: float


@dataclass(frozen=True)
class TrueCurve:
    """The curve that a drawn one is compared with: the Python that gives its heights, or its places and heights, as
    its line has it in `text`, and the axes that it is drawn on."""

    id: str
    line: int
    text: str
    expression: str
    across: Axis
    up: Axis


@dataclass(frozen=True)
class Guess:
    """A question before the answer is seen, with its options, or with the `truth` that the reader gives as a number or
    a drawing; `after` is seen when that was done."""

    id: str
    line: int
    question: tuple[Prose, ...]
    options: tuple[Option, ...]
    after: tuple[Prose, ...]
    truth: TrueNumber | TrueCurve | None = None


@dataclass(frozen=True)
class Box:
    """Parts that belong together: a `story` in a frame, what is `deeper` and folded, text `beside` its picture, or what
    is folded until the exercise of the `title` is `solved`."""

    id: str
    line: int
    kind: Literal["story", "deeper", "beside", "solved"]
    title: str
    parts: "tuple[Part, ...]"


Part = Heading | Prose | Cell | Control | Picture | Diagram | Card | Guess | TrueNumber | TrueCurve | Box


def flat(parts: Iterable[Part]) -> Iterator[Part]:
    """All parts in the order of the page: a box and a guess, and then what is in them."""
    for part in parts:
        yield part
        if isinstance(part, Box):
            yield from flat(part.parts)
        elif isinstance(part, Guess):
            yield from part.question
            for option in part.options:
                yield from (option.text, option.reason)
            if part.truth:
                yield part.truth
            yield from part.after


def with_source(parts: "tuple[Part, ...]", id: str, source: str) -> "tuple[Part, ...]":
    """The same parts, but for the code of one cell."""

    def changed(part: Part) -> Part:
        if isinstance(part, Box):
            return replace(part, parts=with_source(part.parts, id, source))
        return replace(part, source=source) if isinstance(part, Cell) and part.id == id else part

    return tuple(map(changed, parts))
