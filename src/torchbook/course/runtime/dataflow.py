"""Which part of a document needs which other, known from its code alone.

Names of a document are unique and never used before they are made, so that its page, its program and a notebook run in
one order and agree.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from torchbook.command_answer import closest, nearest
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_names import imports_of, names_of
from torchbook.course.texts.document_parts import Cell, Control, Picture, Prose, TrueCurve, TrueNumber
from torchbook.course.texts.document_values import values
from torchbook.errors import TorchbookError

Runnable = Control | Cell | Prose | Picture | TrueNumber | TrueCurve
# A loop's variable that nobody reads may be there twice.
NOBODY = {"_"}


@dataclass(frozen=True)
class Step:
    """A part that is run: the names that it makes, and those that it takes from the parts above it. Those that it has
    `imported` are the same whenever it runs."""

    part: Runnable
    made: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The id of its part."""
        return self.part.id


class UnknownName(TorchbookError):
    """A `step` uses a `name` that no part above it makes; `near` is the name that may have been meant, "" if none is
    like it."""

    def __init__(self, message: str, step: Step, name: str, near: str):
        super().__init__(message)
        self.step, self.name, self.near = step, name, near


def steps(document: Document) -> tuple[Step, ...]:
    """The parts that run, in their order.

    Raises:
        TorchbookError: a name is made twice, or used before it is made, or a control that is tried does not exist.
    """
    every = [step for part in document.flat if (step := _step(part, document.name))]
    lines: dict[str, int] = {}
    for step in every:
        place = f"{document.name}:{step.part.line}"
        for name in sorted(step.used - lines.keys()):
            later = next((other.part.line for other in every if name in other.made), None)
            # A name of the part itself is meant more often than one from far above.
            near = closest(name, step.made) or closest(name, lines) or ""
            meant = f"did you mean {near!r}?" if near else f"known are {', '.join(lines)}"
            reason = f"it is made further down, in line {later}" if later else f"nothing makes it; {meant}"
            raise UnknownName(f"{place}: {name!r} is used here, but {reason}", step, name, near)
        for name in sorted(step.made - NOBODY):
            if name in lines:
                message = f"{name!r} is made here and in line {lines[name]}; names of a document are unique"
                raise TorchbookError(f"{place}: {message}")
            lines[name] = step.part.line
    controls = [step.part.name for step in every if isinstance(step.part, Control)]
    for name in document.front.controls:
        if name not in controls:
            raise TorchbookError(
                f"{document.name}:1: the front matter tries the control {name!r}; {nearest(name, controls)}"
            )
    for claim in document.front.claims:
        for name in sorted(names_of(claim.expression).used - lines.keys()):
            raise TorchbookError(f"{document.name}:{claim.line}: nothing makes {name!r}; {nearest(name, lines)}")
    return tuple(every)


def _step(part: object, name: str) -> Step | None:
    if isinstance(part, Control):
        used = names_of(part.expression).used if part.expression else frozenset()
        return Step(part, frozenset({part.name}), used)
    if isinstance(part, Cell) and part.kind == "rubric":
        return None
    if isinstance(part, Cell):
        names = names_of(part.source)
        made = names.made | ({part.raises} if part.raises else set())
        return Step(part, made, names.used, frozenset(imports_of(part.source)))
    if isinstance(part, Picture | TrueNumber | TrueCurve):
        return Step(part, used=names_of(f"({part.expression}\n)").used)
    if isinstance(part, Prose):
        expressions = [names_of(f"({value.expression}\n)") for value in values(part.text, part.line, name)]
        return Step(part, used=frozenset().union(*(names.used for names in expressions)))
    return None


def touched(
    steps: Iterable[Step],
    changed: Collection[str],
    mutated: Mapping[str, Collection[str]],
    *,
    also: str = "",
    kept: Collection[str] = (),
) -> tuple[Step, ...]:
    """The steps to run again when the values of some names have changed, and the step with the id `also`, in order.

    `mutated` has, by the id of a step, the names of other steps whose values it changes in place: whoever reads or
    changes such a value again needs it as its maker made it, and so the maker runs again too. Steps whose ids are
    `kept` never run again.
    """
    order = tuple(steps)
    makers = {name: step.id for step in order for name in step.made}
    altered = {name for names in mutated.values() for name in names}
    again = {also} if also else set()
    dirty = set(changed)
    before = None
    while before != (len(again), len(dirty)):
        before = (len(again), len(dirty))
        for step in order:
            own = set(mutated.get(step.id, ()))
            if step.id not in again and step.id not in kept and (step.used & dirty or own & dirty or step.made & dirty):
                again.add(step.id)
            if step.id in again:
                dirty |= step.made - step.imported
                for name in (own | (step.used & altered)) & makers.keys():
                    again |= {makers[name]} - set(kept)
    return tuple(step for step in order if step.id in again)
