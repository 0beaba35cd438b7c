"""`torchbook check --watch`: a full screen that checks an answer whenever its file is saved."""

import contextlib
import queue
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.text import Text

from torchbook.cli import Answer
from torchbook.course import progress, study, views
from torchbook.course.checking import Verdict
from torchbook.course.exercise import Exercise
from torchbook.course.keys import keys
from torchbook.course.progress import Standing
from torchbook.course.worker import warm
from torchbook.course.workspace import Workspace
from torchbook.errors import TorchbookError

_WIDE = 110  # columns; longer lines are hard to read
POLL = 0.1  # seconds between two looks at the files; a key is seen at once

_FOOT = "[h]int  [n]ext  [l]ist  [p]rompt  [v]erdict  [s]olution  [q]uit   ↑ ↓ scroll"
_DOWN, _UP = {"down": 1, "j": 1, "pagedown": 15, " ": 15}, {"up": 1, "k": 1, "pageup": 15, "b": 15}


@dataclass
class Screen:
    """What is on the screen: an exercise, a page about it, and how far it is scrolled."""

    exercise: Exercise
    page: RenderableType
    showing: str = "prompt"
    offset: int = 0
    checking: bool = False
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)
    chosen: int = 0


def watch(own: Workspace, name: str | None = None, *, seconds: float = 10.0) -> Answer:
    """Shows the exercise of that name, or the one the learner is at, until `q`; `seconds` is the limit of an answer.

    Raises:
        TorchbookError: there is no terminal to show it on, or no such exercise.
    """
    exercises = own.exercises()
    first = study.named(exercises, name) if name else study.current(own, exercises) or exercises[0]
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        raise TorchbookError("--watch needs a terminal with a screen; without one, use: torchbook check [NAME]")
    warm()
    watched = _Watched(own, exercises, console, seconds)
    with _ended_politely(), keys() as key, Live(console=console, screen=True, auto_refresh=False) as live:
        watched.opened(first)
        while True:
            watched.look()
            if watched.dirty or console.size != watched.size:
                live.update(watched.drawn(), refresh=True)
            if watched.pressed(pressed := key(POLL)) or pressed in ("q", "end"):
                break
    screen = watched.screen
    done = ", ".join(dict.fromkeys(screen.passed))
    text = f"passed: {done}" if done else "nothing passed this time; everything is as you saved it"
    return Answer({"checked": list(screen.verdicts), "passed": list(dict.fromkeys(screen.passed))}, text)


@contextlib.contextmanager
def _ended_politely() -> Iterator[None]:
    """Signals that would end the process at once end it by an exception, so that the terminal is put back."""

    def leave(number: int, _frame: Any) -> None:
        raise SystemExit(128 + number)

    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, leave) for number in known}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Watched:
    """The files, the check that is running and the screen; everything but the check itself in the main thread."""

    def __init__(self, own: Workspace, exercises: list[Exercise], console: Console, seconds: float) -> None:
        self.own, self.exercises, self.console, self.seconds = own, exercises, console, seconds
        self.screen = Screen(exercises[0], Text())
        self.size = console.size
        self.dirty = True
        self.files = {exercise.name: _stamp(own.answer(exercise)) for exercise in exercises}
        self.unsettled: dict[str, Any] = {}
        self.wanted: list[Exercise] = []
        self.results: queue.Queue[tuple[Exercise, Verdict | str]] = queue.Queue()

    def look(self) -> None:
        """Finds saved files and finished checks, and starts the next check."""
        for exercise in self.exercises:
            stamp = _stamp(self.own.answer(exercise))
            if stamp is None or stamp == self.files[exercise.name]:
                continue
            # An editor may still be writing: the file must be the same at two looks.
            if self.unsettled.get(exercise.name) == stamp:
                self.files[exercise.name] = stamp
                self.ask(exercise)
            self.unsettled[exercise.name] = stamp
        with contextlib.suppress(queue.Empty):
            self.finished(*self.results.get_nowait())
        if self.wanted and not self.screen.checking:
            self.screen.checking = self.dirty = True
            threading.Thread(target=self._check, args=(self.wanted.pop(0),), daemon=True).start()

    def ask(self, exercise: Exercise) -> None:
        """Wants a check of the answer; once, however often it is saved before its turn."""
        if exercise not in self.wanted:
            self.wanted.append(exercise)
        self.screen.exercise, self.dirty = exercise, True

    def _check(self, exercise: Exercise) -> None:
        try:
            self.results.put((exercise, study.check(self.own, exercise, seconds=self.seconds)))
        except (TorchbookError, OSError) as error:
            self.results.put((exercise, str(error)))

    def finished(self, exercise: Exercise, verdict: Verdict | str) -> None:
        """Shows a verdict, or why there is none."""
        self.screen.checking, self.dirty = False, True
        if isinstance(verdict, str):
            self.show("error", Text(verdict, "red"))
            return
        self.screen.verdicts[exercise.name] = verdict
        if verdict.passed:
            self.screen.passed.append(exercise.name)
        self.screen.exercise = exercise
        self.show("verdict")

    def opened(self, exercise: Exercise) -> None:
        """Turns to an exercise; if its answer was begun, it is checked."""
        self.screen.exercise = exercise
        progress.record(self.own.database, exercise.name, "opened")
        self.show("verdict" if exercise.name in self.screen.verdicts else "prompt")
        if exercise.name not in self.screen.verdicts and study.begun(self.own, exercise):
            self.ask(exercise)

    def show(self, showing: str, page: RenderableType | None = None) -> None:
        """Shows a page from its top."""
        self.screen.showing, self.screen.offset, self.dirty = showing, 0, True
        self.screen.page = page if page is not None else self._page(showing)

    def _page(self, showing: str) -> RenderableType:
        exercise, now = self.screen.exercise, progress.standings(self.own.database)
        if showing == "list":
            return views.listing(self.exercises, now, self.exercises[self.screen.chosen])
        verdict = self.screen.verdicts.get(exercise.name)
        if showing == "verdict" and verdict:
            shown = views.verdict_view(verdict, now.get(exercise.name, Standing()), keys=True)
            return Group(shown, Text("\nn: the next exercise · s: the solution", "dim")) if verdict.passed else shown
        self.screen.showing = "prompt"
        return views.prompt(exercise)

    def pressed(self, key: str) -> bool:
        """Does what a key stands for; true if the screen is to be left."""
        screen = self.screen
        if screen.showing == "list" and key in ("up", "down", "j", "k", "enter"):
            return self._choose(key)
        if key in _DOWN or key in _UP:
            screen.offset = max(0, screen.offset + _DOWN.get(key, 0) - _UP.get(key, 0))
            self.dirty = True
        elif key in ("home", "bottom"):
            screen.offset, self.dirty = (0 if key == "home" else 10**6), True
        elif key in ("p", "v", "escape"):
            self.show("prompt" if key == "p" else "verdict")
        elif key == "l":
            screen.chosen = self.exercises.index(screen.exercise)
            self.show("list")
        elif key in ("h", "n", "s"):
            {"h": self._hint, "n": self._next, "s": self._solution}[key]()
        return False

    def _choose(self, key: str) -> bool:
        screen = self.screen
        if key == "enter":
            self.opened(self.exercises[screen.chosen])
            return False
        screen.chosen = (screen.chosen + (1 if key in ("down", "j") else -1)) % len(self.exercises)
        self.show("list")
        screen.offset = max(0, screen.chosen - (self.console.height - 10))
        return False

    def _hint(self) -> None:
        try:
            hint = study.hint(self.own, self.screen.exercise)
            self.show("hint", views.hint_view(hint))
        except TorchbookError as error:
            self.show("hint", Text(str(error), "yellow"))

    def _next(self) -> None:
        following = study.following(self.exercises, self.screen.exercise, progress.standings(self.own.database))
        if following is None:
            self.show("end", Text("There is no other exercise to be passed. l lists them all.", "green"))
        else:
            self.opened(following)

    def _solution(self) -> None:
        exercise = self.screen.exercise
        now = study.standing(self.own, exercise)
        if now.may_see_solution:
            self.show("solution", views.solution_view(study.solution(self.own, exercise)))
        else:
            self.show("solution", Text(study.closed(exercise, now), "yellow"))

    def drawn(self) -> RenderableType:
        """The screen: a head, as much of the page as fits, and the keys."""
        self.size, self.dirty = self.console.size, False
        screen, options = self.screen, self.console.options.update(width=min(self.size.width, _WIDE), height=None)
        place = self.exercises.index(screen.exercise) + 1
        state = (
            Text("  checking …", "bold cyan") if screen.checking else Text(f"  {place} of {len(self.exercises)}", "dim")
        )
        head = Padding(Group(views.exercise_head(screen.exercise, self.own.answer(screen.exercise)), state), (0, 1))
        top = self.console.render_lines(head, options, pad=False)
        lines = self.console.render_lines(Padding(screen.page, (0, 1)), options, pad=False)
        room = max(1, self.size.height - len(top) - 3)
        screen.offset = max(0, min(screen.offset, len(lines) - room))
        shown = lines[screen.offset : screen.offset + room]
        more = f"  ↓ {len(lines) - screen.offset - room} more" if len(lines) - screen.offset > room else ""
        blank: list[list[Segment]] = [[]]
        foot = self.console.render_lines(
            Text(" " + _FOOT, "dim", no_wrap=True, overflow="ellipsis"), options, pad=False
        )
        note = self.console.render_lines(Text(more, "dim"), options, pad=False)
        every = [*top, *blank, *shown, *blank * (room - len(shown)), *note, *foot][: self.size.height]
        segments = [piece for line in every for piece in (*line, Segment.line())]
        return Segments(segments[:-1])


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when a file is saved; None while it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
