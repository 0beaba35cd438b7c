"""`torchbook check --watch`: a full screen that checks an answer whenever its file is saved."""

import contextlib
import queue
import signal
import threading
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.live import Live

from torchbook.command_answer import Answer
from torchbook.course.grading.answer_text import stamp_of
from torchbook.course.grading.checking import Verdict
from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import study
from torchbook.course.learner.workspace import Workspace
from torchbook.course.terminal.keys import keys
from torchbook.course.terminal.screen import Screen
from torchbook.course.workers.processes import warm
from torchbook.errors import TorchbookError

POLL = 0.1  # seconds between two looks at the files; a key is seen at once


def watch(workspace: Workspace, name: str | None = None, *, seconds: float = 10.0) -> Answer:
    """Shows the exercise of that name, or the one the learner is at, until `q`; `seconds` is the limit of an answer.

    Raises:
        TorchbookError: there is no terminal to show it on, or no such exercise.
    """
    exercises = workspace.exercises()
    first = study.find_exercise(exercises, name) if name else study.current(workspace, exercises) or exercises[0]
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        raise TorchbookError("--watch needs a terminal with a screen; without one, use: torchbook check [NAME]")
    screen = Screen(workspace, exercises, console)
    checks = _Checks(workspace, exercises, screen, seconds)
    with _exit_on_signals(), keys() as key, Live(console=console, screen=True, auto_refresh=False) as live:
        warm()
        checks.turn_to(first)
        while True:
            checks.look()
            if screen.dirty or console.size != screen.size:
                live.update(screen.render(), refresh=True)
            pressed = key(POLL)
            if pressed in ("q", "end"):
                break
            if pressed and (other := screen.press(pressed)):
                checks.turn_to(other)
    passed = [name for name, verdict in screen.verdicts.items() if verdict.passed]
    text = f"passed: {', '.join(passed)}" if passed else "nothing passed this time; everything is as you saved it"
    return Answer({"checked": list(screen.verdicts), "passed": passed}, text)


@contextlib.contextmanager
def _exit_on_signals() -> Iterator[None]:
    """Turns signals that would end the process at once into an exception, so that the terminal is restored."""

    def leave(number: int, _frame: Any) -> None:
        raise SystemExit(128 + number)

    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, leave) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Checks:
    """The checks of saved answers, one at a time, in a thread; the screen belongs to the main thread."""

    def __init__(self, workspace: Workspace, exercises: list[Exercise], screen: Screen, seconds: float) -> None:
        self.workspace, self.exercises, self.screen, self.seconds = workspace, exercises, screen, seconds
        self.files = {exercise.name: stamp_of(workspace.answer(exercise)) for exercise in exercises}
        self.unsettled: dict[str, tuple[int, int] | None] = {}
        self.wanted: list[Exercise] = []
        self.results: queue.Queue[tuple[Exercise, Verdict | str]] = queue.Queue()

    def turn_to(self, exercise: Exercise) -> None:
        """Shows an exercise; an answer that was begun earlier is checked."""
        self.screen.turn_to(exercise)
        if exercise.name not in self.screen.verdicts and study.has_begun(self.workspace, exercise):
            self.ask(exercise)

    def ask(self, exercise: Exercise) -> None:
        """Queues a check of the answer: once, however often it is saved before its turn."""
        if exercise not in self.wanted:
            self.wanted.append(exercise)
        self.screen.reading = False

    def look(self) -> None:
        """Looks for saved files and finished checks, and starts the next check."""
        for exercise in self.exercises:
            stamp = stamp_of(self.workspace.answer(exercise))
            if stamp is None or stamp == self.files[exercise.name]:
                continue
            # An editor may still be writing: the file must be the same at two looks.
            if self.unsettled.get(exercise.name) == stamp:
                self.files[exercise.name] = stamp
                if exercise != self.screen.exercise:
                    self.screen.turn_to(exercise)
                self.ask(exercise)
            self.unsettled[exercise.name] = stamp
        with contextlib.suppress(queue.Empty):
            self.screen.finish(*self.results.get_nowait())
        if self.wanted and not self.screen.checking:
            self.screen.checking, self.screen.dirty = self.wanted.pop(0), True
            threading.Thread(target=self._check, args=(self.screen.checking,), daemon=True).start()

    def _check(self, exercise: Exercise) -> None:
        try:
            self.results.put((exercise, study.check(self.workspace, exercise, seconds=self.seconds)))
        except Exception as error:  # whatever it is, the screen must not wait for ever
            self.results.put((exercise, str(error) or type(error).__name__))
