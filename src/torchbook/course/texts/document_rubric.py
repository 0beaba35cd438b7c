"""The rubric of a project: functions in the document that judge what the learner has made.

    ```python rubric
    from torchbook.course.grading.rubric import a_person_must_judge, met, not_met

    def learns_xor(engine_training):
        '''It learns the exclusive or.'''
        loss = engine_training.train(steps=200)
        return met(f"The loss is {loss:.3f}.") if loss < 0.05 else not_met(f"The loss is {loss:.3f}, 0.05 is asked.")
    ```

A criterion is a function without an underscore before its name. Its docstring is what the page asks for. Its arguments
say what it is given: `answer` is the module of the learner's file of this project, `run` one of their runs, and the
name of an exercise in the document the module of their answer to it.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from torchbook.command_answer import nearest
from torchbook.course.texts.document_parts import Card, Cell
from torchbook.errors import TorchbookError

if TYPE_CHECKING:
    from torchbook.course.texts.document import Document

OWN = ("answer", "run")


@dataclass(frozen=True)
class Criterion:
    """One criterion: the name of its function, what it asks for in a sentence, the arguments that it takes, its line in
    the document and the id of its cell."""

    name: str
    sentence: str
    takes: tuple[str, ...]
    line: int
    cell: str


def criteria(document: "Document") -> tuple[Criterion, ...]:
    """Returns the criteria of a project, in their order.

    Raises:
        TorchbookError: there is none, or a function says no sentence or takes what nobody gives; with its line.
    """
    cards = [part.name for part in document.flat if isinstance(part, Card) and part.kind == "exercise"]
    every: dict[str, Criterion] = {}
    for cell in _cells(document):
        for node in ast.parse(cell.source).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            place = f"{document.name}:{cell.line + node.lineno}"
            sentence = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
            if not sentence:
                raise TorchbookError(f"{place}: {node.name} has no docstring that says what it asks for")
            if node.name in every:
                raise TorchbookError(f"{place}: {node.name} is also in line {every[node.name].line}")
            takes = tuple(argument.arg for argument in node.args.args)
            for name in takes:
                if name not in (*OWN, *cards):
                    known = nearest(name, [*OWN, *cards])
                    raise TorchbookError(f"{place}: {node.name} takes {name!r}, which nobody gives; {known}")
            if not takes:
                expected = ", ".join([*OWN, *cards])
                raise TorchbookError(f"{place}: {node.name} takes nothing to judge; expected some of {expected}")
            every[node.name] = Criterion(node.name, sentence, takes, cell.line + node.lineno, cell.id)
    if not every and not document.front.draft:
        raise TorchbookError(f"{document.name}:1: a project needs a rubric: functions in a cell 'python rubric'")
    if document.front.after is None:
        raise TorchbookError(f"{document.name}:1: the front matter lacks 'after: ...', the lesson it comes after")
    return tuple(every.values())


def rubric_source(document: "Document") -> str:
    """Returns the code of all cells of the rubric, each line where it stands in the document."""
    lines: list[str] = []
    for cell in _cells(document):
        lines += [""] * (cell.line - len(lines))
        lines += cell.source.splitlines()
    return "\n".join(lines) + "\n"


def _cells(document: "Document") -> Iterable[Cell]:
    return (part for part in document.flat if isinstance(part, Cell) and part.kind == "rubric")
