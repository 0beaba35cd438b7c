"""A document that is open on a page: a cell may fail or be changed by the reader, and the others go on."""

import ast
from dataclasses import replace
from pathlib import Path

from torchbook.course.grading.earlier_answers import use
from torchbook.course.runtime.cell import CellError, last_line
from torchbook.course.runtime.dataflow import NOBODY, Step, steps
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.session import Session
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_names import names_of
from torchbook.course.texts.document_parts import Cell
from torchbook.errors import TorchbookError

# The module of which a document asks for the learner's answers.
EARLIER = "torchbook.course.earlier"


class LiveSession(Session):
    """A session in which an error is shown where it happened; what needs that cell keeps its last state and waits."""

    def __init__(self, document: Document, **controls: object):
        self._lacking: set[str] = set()  # the names that a cell which has failed would have made
        self._written = document
        super().__init__(document, **controls)

    def rewrite(self, cell: str, source: str) -> tuple[str, ...]:
        """Gives a cell other code, runs it and what needs it, and returns the ids of the parts that show something
        else. Code that cannot run shows its error, and the names stay as they are.

        Raises:
            TorchbookError: there is no such cell.
        """
        old = next((step for step in self.steps if step.id == cell and isinstance(step.part, Cell)), None)
        if old is None:
            raise TorchbookError(f"{self.document.name}: there is no cell {cell!r}")
        try:
            ast.parse(source)
            taken = names_of(source).made & {name for step in self.steps if step is not old for name in step.made}
            if taken := taken - NOBODY:
                raise TorchbookError(f"another block of this lesson makes {min(taken)!r}; choose another name here")
            changed = self.document.changed(cell, source)
            order = steps(changed)
        except SyntaxError as error:
            return self._failed(old, Fragment(error=f"SyntaxError: {error.msg} (line {error.lineno} of this block)"))
        except TorchbookError as error:
            return self._failed(old, Fragment(error=str(error).split(": ", 1)[-1]))
        new = next(step for step in order if step.id == cell)
        for name in old.made - new.made:
            self.names.pop(name, None)
        self._lacking -= old.made
        self.document, self.steps = changed, order
        return self._again(old.made | new.made, also=cell)

    def put_back(self, cell: str) -> tuple[str, ...]:
        """Gives a cell the code of its document again."""
        source = next((part.source for part in self._written.flat if isinstance(part, Cell) and part.id == cell), "")
        return self.rewrite(cell, source)

    def use_answers(self, answers: dict[str, Path]) -> tuple[str, ...]:
        """Takes these answers of the learner for what has passed, runs again what uses any, and returns the ids of the
        parts that show something else."""
        use(answers)
        asking = [step for step in self.steps if isinstance(step.part, Cell) and EARLIER in step.part.source]
        return self._again(frozenset().union(*(step.made for step in asking))) if asking else ()

    def _failed(self, step: Step, fragment: Fragment) -> tuple[str, ...]:
        before = self.fragments.get(step.id)
        self.fragments[step.id] = fragment
        return (step.id,) if fragment != before else ()

    def _run(self, step: Step) -> None:
        if step.used & self._lacking:
            self.fragments[step.id] = replace(self.fragments.get(step.id, Fragment()), waits=True)
            self._lacking |= step.made
            return
        try:
            super()._run(step)
        except CellError as error:
            self.fragments[step.id] = Fragment(
                error=last_line(error.__cause__ or error), explanation=_words(error.__cause__)
            )
            self._lacking |= step.made
        else:
            self._lacking -= step.made


def _words(error: BaseException | None) -> str:
    from torchbook.explain import explain

    explanation = explain(error) if isinstance(error, Exception) else None
    return f"{explanation.what} {explanation.fix}".strip() if explanation else ""
