"""A document that is open on a page: a cell may fail or be changed by the reader, and the others go on."""

import ast
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from torchbook.course.grading.earlier_answers import use
from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.surroundings import use_source
from torchbook.course.runtime.cell import CellError, NoError, last_line
from torchbook.course.runtime.dataflow import NOBODY, Step, UnknownName, steps, touched
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.printed import Printed
from torchbook.course.runtime.session import Session
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_names import fixed_names, imports_of, names_of
from torchbook.course.texts.document_parts import Cell, Part, Prose, TrueCurve, TrueNumber
from torchbook.errors import TorchbookError


class LiveSession(Session):
    """A session in which an error is shown where it happened; what needs that cell keeps its last state and waits.

    All parts run at the beginning, unless `at_once` is False: then `move`, `rewrite` and `touch` run what they need,
    and `proceed` the rest, a part each time.

    `place` puts a picture in its place, and says whether its reader has changed it there before. What pictures need
    whose ids are `wanted` runs before the rest; somebody may add to them meanwhile. `ran` is called after each part
    that runs because something was moved, changed or touched.
    """

    def __init__(
        self,
        document: Document,
        /,
        *,
        place: Callable[[str, Picture], bool] = lambda id, picture: False,
        wanted: Collection[str] = (),
        ran: Callable[[], None] = lambda: None,
        at_once: bool = True,
        **controls: object,
    ):
        self._lacking: dict[str, str] = {}  # the names that a cell which has failed would have made, and its id
        self._written = document
        self._place, self._wanted, self._ran, self._at_once = place, wanted, ran, at_once
        self.running: tuple[str, Printed] | None = None  # the cell that runs, and what it prints
        self._refused: dict[str, Fragment] = {}  # what cells show whose new code cannot run: it stays until it can
        self._late: list[Picture] = []  # used by cells before the reader's changes were known
        super().__init__(document, **controls)

    def touch(self, *pictures: Picture) -> tuple[str, ...]:
        """Runs again what uses pictures that have changed, but neither what makes them nor the pictures. Returns the
        ids of the parts that show something else than before."""
        names = {name for name, value in self.names.items() if any(value is picture for picture in pictures)}
        places = {id for id, picture in self.pictures.items() if any(picture is each for each in pictures)}
        return self._again(names, kept={step.id for step in self.steps if step.made & names or step.id in places})

    def proceed(self, soon: Collection[str] = (), slow: Collection[str] = ()) -> bool:
        """Runs the next part that has not run yet: first what a picture needs which is waited for, then what those need
        whose ids are in `soon`. Returns True if there was one; parts that are `slow`, and what needs them, are left.
        """
        left = self._pending - self._behind(slow)
        groups = (self._pending & {*self._wanted}, left & {*soon}, left)
        target = next((step.id for ids in groups for step in self.steps if step.id in ids), None)
        if target:
            self._run_ahead(self.needed([target])[0])
            self._caught_up()
        if not self._pending:
            self._repair()
        return target is not None

    def _behind(self, ids: Collection[str]) -> set[str]:
        """Returns the parts that cannot run unless those with these ids run before, and those themselves."""
        behind: set[str] = set()
        names: set[str] = set()
        fixed = self._fixed()
        for step in self.steps:
            if step.id in self._pending and (step.id in ids or step.used & names):
                behind.add(step.id)
                names |= step.made | (step.used - fixed if isinstance(step.part, Cell) else set())
        return behind

    def has_run(self, ids: Collection[str]) -> bool:
        """Returns True if all parts with these ids have run."""
        return not self._pending & {*ids}

    def run_now(self, ids: Collection[str]) -> None:
        """Runs the parts with these ids that have not run yet, and what they need."""
        self._run_each(self.needed([id for id in ids if id in self._pending]))
        self._caught_up()

    def needed(self, ids: Collection[str]) -> list[Step]:
        """The steps with these ids, and those that have not run yet and must run before them, in order.

        Any cell above that uses a value may change it in place, unless the name is that of a module, function or class.
        """
        fixed = self._fixed()
        names: set[str] = set()
        order: list[Step] = []
        for step in reversed(self.steps):
            pending = step.id in self._pending
            changes = isinstance(step.part, Cell) and step.used & (names - fixed)
            if step.id in ids or (pending and (step.made & names or changes)):
                order.append(step)
                names |= step.used
        return order[::-1]

    def _fixed(self) -> frozenset[str]:
        sources = [step.part.source for step in self.steps if isinstance(step.part, Cell)]
        return frozenset().union(*map(fixed_names, sources))

    def _begin(self) -> None:
        """Runs all parts, or nothing yet."""
        use_source(self.source_of)
        self._pending = {step.id for step in self.steps}
        self._early: list[str] = []
        self._due: set[str] = set()  # what is going to run anyway
        while self._at_once and self.proceed():
            pass

    def _run_each(self, steps: Collection[Step]) -> None:
        self._due = {step.id for step in steps}
        for step in steps:
            self._run_ahead(step)
            self._ran()

    def _run_ahead(self, step: Step) -> None:
        self._due.discard(step.id)
        if step.id in self._pending:
            self._pending.discard(step.id)
            if any(before.id in self._pending for before in self.steps[: self.steps.index(step)]):
                self._early.append(step.id)
        self._run(step)

    def _repair(self) -> None:
        """Runs again what ran ahead and has not seen what those before it change in place, or has changed in place what
        those before it have used."""
        early, self._early = self._early, []
        changed: set[str] = set()
        for place, step in enumerate(self.steps):
            if step.id not in early:
                continue
            for before in self.steps[:place]:
                if before.id not in early:
                    changed |= self._mutated.get(before.id, frozenset()) & step.used
                    changed |= self._mutated.get(step.id, frozenset()) & before.used
        if changed:
            self._again(changed)

    def _again(self, changed: Collection[str], *, also: str = "", kept: Collection[str] = ()) -> tuple[str, ...]:
        before = dict(self.fragments)
        targets = {step.id for step in touched(self.steps, changed, self._mutated, also=also, kept=kept)}
        self._run_each(self.needed(targets))
        ids = tuple(id for id, fragment in self.fragments.items() if fragment != before.get(id))
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
            past = self.fragments.keys() - self._due - {id}
            if any(step.used & names for step in self.steps if step.id in past):
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
        self._refused.pop(cell, None)
        try:
            changed, order = self._with(cell, source)
        except SyntaxError as error:
            return self._failed(old, Fragment(error=f"SyntaxError: {error.msg} (line {error.lineno} of this block)"))
        except UnknownName as error:
            return self._failed(old, _import_error(source) or Fragment(error=_unknown(error, cell, source)))
        except TorchbookError as error:
            return self._failed(old, Fragment(error=str(error).split(": ", 1)[-1]))
        new = next(step for step in order if step.id == cell)
        before, after = (imports_of(step.part.source) for step in (old, new) if isinstance(step.part, Cell))
        unchanged = {name for name in before.keys() & after if before[name] == after[name]}
        for name in (old.made - new.made) | (before.keys() - unchanged):
            self.names.pop(name, None)
        self._found(old.made)
        self.document, self.steps = changed, order
        return self._again((old.made | new.made) - unchanged, also=cell)

    def adopt(self, cells: Mapping[str, str]) -> None:
        """Gives cells other code by their ids before anything has run, and runs nothing. Where that code cannot be part
        of the lesson its own code runs, and the error is shown."""
        with suppress(SyntaxError, TorchbookError):  # all together first, for one may need what another makes
            document = self.document
            for cell, source in cells.items():
                ast.parse(source)
                document = document.changed(cell, source)
            self.steps = steps(document)
            self.document = document
            return
        left, accepted = dict(cells), True
        while left and accepted:
            accepted = False
            for cell, source in list(left.items()):
                with suppress(SyntaxError, TorchbookError):
                    self.document, self.steps = self._with(cell, source)
                    del left[cell]
                    accepted = True
        for cell, source in left.items():
            with suppress(TorchbookError):  # a page of an older version may have cells that are no longer there
                self.rewrite(cell, source)

    def _with(self, cell: str, source: str) -> tuple[Document, tuple[Step, ...]]:
        """The document with other code in a cell, and its steps.

        Raises:
            SyntaxError: the code is no Python.
            TorchbookError: there is no such cell, or its names are not those that the others need.
        """
        if not any(step.id == cell and isinstance(step.part, Cell) for step in self.steps):
            raise TorchbookError(f"{self.document.name}: there is no cell {cell!r}")
        ast.parse(source)
        taken = names_of(source).made & {name for step in self.steps if step.id != cell for name in step.made}
        if taken := taken - NOBODY:
            raise TorchbookError(
                f"{self.document.name}: another block of this lesson makes {min(taken)!r}; choose another name here"
            )
        changed = self.document.changed(cell, source)
        return changed, steps(changed)

    def put_back(self, cell: str) -> tuple[str, ...]:
        """Gives a cell the code of its document again."""
        return self.rewrite(cell, self._source_of(cell))

    def use_answers(self, answers: dict[str, Path]) -> tuple[str, ...]:
        """Takes these answers of the learner for what has passed, runs again what uses any, and returns the ids of the
        parts that show something else."""
        use(answers)
        asking = [step for step in self.steps if isinstance(step.part, Cell) and step.part.uses_answers]
        return self._again(frozenset().union(*(step.made for step in asking))) if asking else ()

    def _failed(self, step: Step, fragment: Fragment) -> tuple[str, ...]:
        self.run_now([step.id])  # its names are those of the code before
        before = self.fragments.get(step.id)
        self.fragments[step.id] = self._refused[step.id] = fragment
        return (step.id,) if fragment != before else ()

    def _stream(self, step: Step) -> Printed:
        stream = super()._stream(step)
        self.running = step.id, stream
        return stream

    def _run(self, step: Step) -> None:
        self._run_or_fail(step)
        if step.id in self._refused:
            self.fragments[step.id] = self._refused[step.id]

    def _run_or_fail(self, step: Step) -> None:
        if lacking := sorted(step.used & self._lacking.keys()):
            guilty = self._lacking[lacking[0]]
            self.fragments[step.id] = replace(self.fragments.get(step.id, Fragment()), waits=guilty)
            self._lack(step, guilty)
            return
        try:
            try:
                super()._run(step)
            finally:
                self.running = None
        except NoError as error:  # the reader has repaired it, and what is said of the error waits
            self.fragments[step.id] = error.fragment
            self._found(step.made)
            if isinstance(step.part, Cell):
                self._lacking[step.part.raises] = step.id
        except CellError as error:
            cause = error.__cause__
            if isinstance(step.part, Prose | TrueNumber | TrueCurve):  # no place for an error: it stands as it was
                self.fragments[step.id] = replace(self.fragments.get(step.id, Fragment()), waits=step.id)
            else:
                message, words = last_line(cause or error), _words(cause)
                self.fragments[step.id] = Fragment(printed=error.printed, error=message, explanation=words)
            self._lack(step, step.id)
        else:
            self._found(step.made)
            self._explain_other_error(step.part)

    def _explain_other_error(self, part: Part) -> None:
        """Explains what a cell raises on purpose if its code is the reader's: the lesson speaks of its own error."""
        if not isinstance(part, Cell) or not part.raises or part.source == self._source_of(part.id):
            return
        words = _words(self.names[part.raises])
        self.fragments[part.id] = replace(self.fragments[part.id], explanation=words)

    def _source_of(self, cell: str) -> str:
        """Returns the code that a cell has in its document, "" if there is no such cell."""
        return next((part.source for part in self._written.flat if isinstance(part, Cell) and part.id == cell), "")

    def _imports(self, step: Step) -> set[str]:
        """Imports what a step would have imported that has failed or waits, and returns the names that are there."""
        imports = imports_of(step.part.source) if isinstance(step.part, Cell) else {}
        for name, statement in imports.items():
            if name not in self.names:
                with suppress(Exception):
                    exec(statement, self.names)
        self._found(imports.keys() & self.names.keys())
        return {name for name in imports if name in self.names}

    def _lack(self, step: Step, guilty: str) -> None:
        """Notes that the names which a step would have made are not there because of the `guilty` one."""
        self._lacking |= dict.fromkeys(step.made - self._imports(step), guilty)

    def _found(self, names: Collection[str]) -> None:
        """Notes that these names are there again, or needed no more."""
        self._lacking = {name: guilty for name, guilty in self._lacking.items() if name not in names}


def _unknown(error: UnknownName, cell: str, source: str) -> str:
    """Returns what a block shows when a name is missing: its own, with its line, or one that a later block uses."""
    near = f" Did you mean {error.near!r}?" if error.near else ""
    if error.step.id != cell:
        return f"NameError: a later block uses {error.name!r}, and no block makes it any more.{near}"
    names = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name) and node.id == error.name)
    line = next((f" (line {node.lineno} of this block)" for node in names), "")
    return f"NameError: name {error.name!r} is not defined{line}.{near}"


def _import_error(source: str) -> Fragment | None:
    """Returns what a block shows whose import fails, so that a name is missing; None if all its imports succeed."""
    for statement in imports_of(source).values():
        try:
            exec(statement, {})
        except Exception as error:
            return Fragment(error=last_line(error), explanation=_words(error))
    return None


def _words(error: BaseException | None) -> str:
    from torchbook.explain import explain

    explanation = explain(error) if isinstance(error, Exception) else None
    return f"{explanation.what} {explanation.fix}".strip() if explanation else ""
