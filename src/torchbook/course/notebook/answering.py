"""An exercise on the page of a lesson: what is asked, an editor on the answer's file, check, hints and the verdict."""

import contextlib
import threading
from typing import Any

import traitlets

from torchbook.course.grading.exercise import Exercise, read_exercise
from torchbook.course.learner import progress, study, workspace
from torchbook.course.learner.study import Hint
from torchbook.course.learner.workspace import Workspace
from torchbook.course.notebook import page, telling
from torchbook.course.notebook.answer_file import AnswerFile
from torchbook.course.notebook.card import Card
from torchbook.course.workers import processes

LOOK = 0.25  # seconds between two looks at the file


def exercise(name: str) -> Any:
    """The exercise of that name, as the last expression of a cell of a lesson.

    In a browser it can be answered; the answer is the file in the learner's workspace, which the terminal checks too.
    Elsewhere it is a note that shows nothing by itself.

    Raises:
        TorchbookError: there is no such exercise; the message has the nearest name.
    """
    if not page.opened():
        return Note(_named(workspace.find() or Workspace(workspace.usual_folder()), name))
    own = page.own_workspace()
    card = ExerciseCard(own, _named(own, name))
    card.watch()
    _warm_soon()
    return card


def _warm_soon() -> None:
    """Starts what the first check needs, when the page has had its time to open."""
    timer = threading.Timer(2.0, processes.warm, kwargs={"lessons": True})
    timer.daemon = True
    timer.start()


def _named(own: Workspace, name: str) -> Exercise:
    folders = (folder for root in own.roots() for folder in root.glob("[0-9][0-9]_*") if name.isidentifier())
    found = next((folder / name for folder in folders if (folder / name / "prompt.md").is_file()), None)
    return read_exercise(found) if found else study.find_exercise(own.exercises(), name)


class Note:
    """An exercise where it cannot be answered: what is asked, and the command that checks it, as Markdown."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise

    def _repr_markdown_(self) -> str:
        one = self.exercise
        return (
            f"**Exercise: {one.title}** (about {one.minutes} minutes)\n\n{one.prompt}\n\n"
            f"Answer it in your workspace and check it with `torchbook check {one.name}`."
        )


class ExerciseCard(Card, scripts=("python.js", "editor.js", "exercise.js")):
    """One exercise on one page. The page saves, checks and asks; what it shows are the traits."""

    head = traitlets.Dict().tag(sync=True)
    prompt = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    standing = traitlets.Dict().tag(sync=True)
    checking = traitlets.Bool(False).tag(sync=True)
    verdict = traitlets.Dict().tag(sync=True)
    hints: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    solution = traitlets.Dict().tag(sync=True)
    commands = ("opened", "save", "check", "hint", "show_solution", "reset")

    def __init__(self, own: Workspace, exercise: Exercise) -> None:
        self.own, self.exercise, self.file = own, exercise, AnswerFile(own, exercise)
        self._asking = threading.Lock()
        self._asked: bytes | None = None  # what is to be checked; None when there is nothing, or it is gone
        super().__init__(
            head={
                "name": exercise.name,
                "title": exercise.title,
                "minutes": exercise.minutes,
                "number": exercise.number,
                "hints": len(exercise.hints),
                "path": str(self.file.path),
            },
            prompt=page.html(exercise.prompt),
            text=self.file.known,
        )
        self._tell_standing(hints=True)

    def watch(self) -> None:
        """Shows what other editors save, until the cell runs again or the page is closed."""
        import marimo

        closing = page.closing()

        def look() -> None:
            pause = threading.Event()
            while not closing():
                pause.wait(LOOK)
                with contextlib.suppress(OSError):
                    if (text := self.file.changed()) is not None:
                        self.text = text

        marimo.Thread(target=look, daemon=True).start()

    def opened(self) -> None:
        """The learner has begun to work on it."""
        progress.record(self.own.database, self.exercise.name, "opened")

    def save(self, text: str, base: str) -> None:
        """Saves what was typed over `base` and tells what is in the file now."""
        saved = self.file.save(text, base=base)
        self.text = saved.text
        if saved.original:
            self.notice = f"This file was not written in UTF-8. As it was, it is kept in {saved.original}"
        self.send({"saved": saved.text, "kept": str(saved.kept or "")})

    def check(self, text: str, base: str) -> None:
        """Saves and checks, without anybody waiting for it; what is asked during a check is checked after it."""
        self.notice = ""
        self.save(text, base)
        with self._asking:
            self._asked = self.file.path.read_bytes()
            if self.checking:
                return
            self.checking = True
        threading.Thread(target=self._check, daemon=True).start()

    def _check(self) -> None:
        told: dict[str, Any]
        while self.checking:
            asked = self._asked
            try:
                told = {"verdict": telling.verdict(study.check(self.own, self.exercise, source=asked))}
                told["standing"] = telling.standing(study.standing(self.own, self.exercise))
            except Exception as error:  # whatever it is, the page must not wait for ever
                told = {"notice": str(error) or type(error).__name__}
            # All at once, so that whoever sees the verdict can ask for the next.
            with self._asking, self.hold_sync():
                if self._asked is None:
                    told = {}
                for name, value in told.items():
                    setattr(self, name, value)
                self.checking = self._asked not in (asked, None)

    def hint(self) -> None:
        """The next hint."""
        study.hint(self.own, self.exercise)
        self._tell_standing(hints=True)

    def show_solution(self) -> None:
        """The solution if it is open, else why it is not."""
        self.solution = telling.solution(study.solution(self.own, self.exercise))
        self._tell_standing()

    def reset(self) -> None:
        """Begins again with the starter; a check that is going on says nothing more of what was there."""
        copy = self.file.reset(lambda: study.reset(self.own, self.exercise))
        with self._asking:
            self._asked = None
            self.text, self.verdict, self.solution = self.file.known, {}, {}
        self._tell_standing(hints=True)
        self.send({"reset": self.file.known, "kept": str(copy or "")})

    def _tell_standing(self, *, hints: bool = False) -> None:
        now = study.standing(self.own, self.exercise)
        self.standing = telling.standing(now)
        if hints:
            shown = self.exercise.hints[: now.hints_now]
            self.hints = [telling.hint(Hint(text, i, len(self.exercise.hints))) for i, text in enumerate(shown, 1)]
