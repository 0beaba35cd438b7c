"""A document that runs: its cells in order in one namespace, and again what a control touches."""

import time
import types
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from torchbook.command_answer import nearest
from torchbook.course.pictures.picture import Picture as MovingPicture
from torchbook.course.runtime.cell import evaluate, located, run_cell
from torchbook.course.runtime.dataflow import Step, steps, touched
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.mutation import mutated, states
from torchbook.course.runtime.output import in_prose, shown
from torchbook.course.runtime.printed import Printed
from torchbook.course.runtime.truth import true_curve, true_number
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_control import check_value, computed_options
from torchbook.course.texts.document_parts import Cell, Control, Picture, Prose, TrueCurve, TrueNumber
from torchbook.course.texts.document_values import values
from torchbook.errors import TorchbookError

_SLOW = 0.2  # seconds of the processor


class Session:
    """A document with its names and what its parts show, by their ids.

    session = run(document, x=1.0)
    session.names["y"], session.fragments["the-question-c1"].value
    session.move(x=2.0)     # runs again what needs x, and says which parts show something new
    """

    def __init__(self, document: Document, **controls: object):
        self.document, self.steps = document, steps(document)
        self.controls = {step.part.name: step.part for step in self.steps if isinstance(step.part, Control)}
        self.positions: dict[str, object] = {name: control.value for name, control in self.controls.items()}
        self.module = types.ModuleType(f"lesson_{document.label}")
        self.fragments: dict[str, Fragment] = {}
        self.pictures: dict[str, MovingPicture] = {}  # by the ids of their places
        self._mutated: dict[str, frozenset[str]] = {}
        self._set(controls)
        self._begin()

    @property
    def names(self) -> dict[str, Any]:
        """The namespace in which its cells run."""
        return self.module.__dict__

    def move(self, **controls: object) -> tuple[str, ...]:
        """Gives controls other values, runs again what needs them, and returns the ids of the parts that show something
        else than before.

        Raises:
            TorchbookError: there is no such control, or it cannot have that value.
            CellError: a cell has failed.
        """
        self._set(controls)
        return self._again(controls.keys())

    def broken_claims(self) -> list[str]:
        """The claims of the document that do not hold now, each with its line."""
        return [
            f"{self.document.name}:{claim.line}: {claim.expression} does not hold with {self.positions}"
            for claim in self.document.front.claims
            if not evaluate(self.document, claim.expression, claim.line, self.names)
        ]

    def source_of(self, name: str) -> str:
        """Returns the code that makes a name, with all that it needs."""
        needed, parts = {name}, []
        for step in reversed(self.steps):
            if not step.made & needed:
                continue
            needed |= step.used
            value = f"{step.part.name} = {self.positions[step.part.name]!r}" if isinstance(step.part, Control) else ""
            parts.append(step.part.source if isinstance(step.part, Cell) else value)
        return "\n".join(reversed(parts))

    def _begin(self) -> None:
        """Runs all steps for the first time."""
        for step in self.steps:
            self._run(step)

    def _again(self, changed: Collection[str], *, also: str = "", kept: Collection[str] = ()) -> tuple[str, ...]:
        """Runs again what needs these names, and returns the ids of the parts that show something else than before."""
        before = dict(self.fragments)
        for step in touched(self.steps, changed, self._mutated, also=also, kept=kept):
            self._run(step)
        return tuple(id for id, fragment in self.fragments.items() if fragment != before.get(id))

    def _set(self, controls: dict[str, object]) -> None:
        for name, value in controls.items():
            if name not in self.controls:
                raise TorchbookError(
                    f"{self.document.name}: there is no control {name!r}; {nearest(name, self.controls)}"
                )
            control = self.controls[name]
            check_value(control, value, f"{self.document.name}:{control.line}: {control.kind}")
            self.positions[name] = value

    def _run(self, step: Step) -> None:
        part = step.part
        if isinstance(part, Control):
            if part.expression:
                self.fragments[part.id] = self._computed(part)
            self.names[part.name] = self.positions[part.name]
            return
        before, began = states(self.names), time.process_time()
        if isinstance(part, Cell):
            fragment = run_cell(self.document, part, self.names, prints=self._stream(step))
        elif isinstance(part, Picture):
            fragment = self._placed(part.id, evaluate(self.document, part.expression, part.line, self.names))
        elif isinstance(part, TrueNumber | TrueCurve):
            fragment = self._true(part)
        else:
            fragment = self._filled(part)
        if time.process_time() - began > _SLOW:
            fragment = replace(fragment, slow=True)
        self.fragments[part.id] = fragment
        self._mutated[part.id] = mutated(before, states(self.names)) - step.made

    def _stream(self, step: Step) -> Printed:
        """Where a cell prints to."""
        return Printed()

    def _placed(self, id: str, value: object) -> Fragment:
        if isinstance(value, MovingPicture):
            self.pictures[id] = value
        return Fragment(**shown(value))

    def _computed(self, control: Control) -> Fragment:
        """Computes the options of a control, and keeps its position if that is still one of them."""
        value = evaluate(self.document, control.expression, control.line, self.names)
        options = computed_options(control, value, f"{self.document.name}:{control.line}: {control.kind}")
        if self.positions[control.name] not in options:
            self.positions[control.name] = options[0]
        return Fragment(options=options, chosen=self.positions[control.name])

    def _true(self, part: TrueNumber | TrueCurve) -> Fragment:
        """Computes what a guess is compared with."""
        value = evaluate(self.document, part.expression, part.line, self.names)
        with located(self.document, part.line):
            return true_number(part, value) if isinstance(part, TrueNumber) else true_curve(part, value)

    def _filled(self, prose: Prose) -> Fragment:
        texts = []
        for each in values(prose.text, prose.line, self.document.name):
            value = evaluate(self.document, each.expression, each.line, self.names)
            with located(self.document, each.line):
                texts.append(in_prose(value, each))
        return Fragment(values=tuple(texts))


def run(document: Document, /, **controls: object) -> Session:
    """Runs a document from its top to its end, with other values for some of its controls.

    Raises:
        TorchbookError: there is no such control, a value is none that it can have, or names are not in order.
        CellError: a cell has failed; the message has its line.
    """
    return Session(document, **controls)
