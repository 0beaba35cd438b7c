"""An exercise on the page of a lesson in marimo: its card, and the file that others may change, too."""

import contextlib
import threading
from typing import Any

import traitlets

from torchbook.course.cards import exercise_card
from torchbook.course.grading.exercise import Exercise, read_exercise
from torchbook.course.learner import study, workspace
from torchbook.course.learner.workspace import Workspace
from torchbook.course.notebook import page
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


class ExerciseCard(Card, scripts=("python.js", "editor.js", "exercise.js", "exercise_widget.js")):
    """One exercise on one page. The page saves, checks and asks; what it shows are the traits."""

    head = traitlets.Dict().tag(sync=True)
    prompt = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    standing = traitlets.Dict().tag(sync=True)
    checking = traitlets.Bool(False).tag(sync=True)
    verdict = traitlets.Dict().tag(sync=True)
    hints: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    solution = traitlets.Dict().tag(sync=True)
    card: exercise_card.ExerciseCard

    def __init__(self, own: Workspace, exercise: Exercise) -> None:
        super().__init__()
        self.wrap(lambda shown_on: exercise_card.ExerciseCard(own, exercise, page=shown_on, html=page.html))

    def watch(self) -> None:
        """Shows what other editors save, until the cell runs again or the page is closed."""
        import marimo

        closing = page.closing()

        def look() -> None:
            pause = threading.Event()
            while not closing():
                pause.wait(LOOK)
                with contextlib.suppress(OSError):
                    self.card.look()

        marimo.Thread(target=look, daemon=True).start()
