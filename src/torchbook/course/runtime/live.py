"""A document that is open on a page: a cell may fail or be changed by the reader, and the others go on."""

import ast
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from torchbook.course.grading.earlier_answers import use
from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.surroundings import use_source
from torchbook.course.runtime.cell import CellError, NoError, last_line
from torchbook.course.runtime.dataflow import NOBODY, Step, steps
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.session import Session
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_names import names_of
from torchbook.course.texts.document_parts import Cell
from torchbook.errors import TorchbookError


class LiveSession(Session):
    """A session in which an error is shown where it happened; what needs that cell keeps its last state and waits.

    `place` puts a picture in its place, and says whether its reader has changed it there before. What pictures need
    whose ids are `wanted` runs before the rest; somebody may add to them meanwhile.
    """

    def __init__(
        self,
        document: Document,
        /,
        *,
        place: Callable[[str, Picture], bool] = lambda id, picture: False,
        wanted: Collection[str] = (),
        **controls: object,
    ):
        self._lacking: set[str] = set()  # the names that a cell which has failed would have made
        self._written = document
        self._place, self._wanted = place, wanted
        self._late: list[Picture] = []  # used by cells before the reader's changes were known
        super().__init__(document, **controls)

    def touch(self, *pictures: Picture) -> tuple[str, ...]:
        """Runs again what uses pictures that have changed, but neither what makes them nor the pictures. Returns the
        ids of the parts that show something else than before."""
        names = {name for name, value in self.names.items() if any(value is picture for picture in pictures)}
        places = {id for id, picture in self.pictures.items() if any(picture is each for each in pictures)}
        return self._again(names, kept={step.id for step in self.steps if step.made & names or step.id in places})

    def _begin(self) -> None:
        """Runs all steps, first those that a picture needs which is waited for."""
        use_source(self.source_of)
        pending, early = list(self.steps), []
        while pending:
            ahead = next((step for step in pending if step.id in self._wanted), None)
            step = self._first(pending, ahead) if ahead else pending[0]
            if step is not pending[0]:
                early.append(step)
            pending.remove(step)
            self._run(step)
        # What ran ahead has not seen what those before it change in place.
        order = self.steps.index
        changed = {
            name
            for step in early
            for before in self.steps[: order(step)]
            if before not in early
            for name in self._mutated.get(before.id, frozenset()) & step.used
        }
        if changed:
            self._again(changed)
        self._caught_up()

    def _first(self, pending: list[Step], wanted: Step) -> Step:
        """The first of the pending steps that a wanted one needs, or that itself."""
        needed = set(wanted.used)
        for step in reversed(pending[: pending.index(wanted)]):
            if step.made & needed:
                needed |= step.used
        return next(step for step in pending if step is wanted or step.made & needed)

    def _again(self, changed: Collection[str], *, also: str = "", kept: Collection[str] = ()) -> tuple[str, ...]:
        ids = super()._again(changed, also=also, kept=kept)
        return tuple(dict.fromkeys((*ids, *self._caught_up())))

    def _caught_up(self) -> tuple[str, ...]:
        """Runs again what has used a picture before it had the reader's changes."""
        late, self._late = self._late, []
        return self.touch(*late) if late else ()

    def _placed(self, id: str, value: object) -> Fragment:
        if not isinstance(value, Picture):
            return super()._placed(id, value)
        again = self.pictures.get(id) is not value
        self.pictures[id] = value
        if self._place(id, value) and again:
            names = {name for name, each in self.names.items() if each is value}
            above = self.steps[: next(at for at, step in enumerate(self.steps) if step.id == id)]
            if any(step.used & names for step in above):
                self._late.append(value)
        return Fragment(scripts=type(value).scripts)  # the page has its state from elsewhere

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
        asking = [step for step in self.steps if isinstance(step.part, Cell) and step.part.uses_answers]
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
        except NoError as error:  # the reader has repaired it, and what is said of the error waits
            self.fragments[step.id] = error.fragment
            raised = {step.part.raises} if isinstance(step.part, Cell) else set()
            self._lacking = self._lacking - step.made | raised
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
