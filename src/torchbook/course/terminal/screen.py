"""The screen of `torchbook check --watch`: draws an exercise and one page about it, and reacts to keys."""

from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.text import Text

from torchbook.course.grading.checking import Verdict
from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import progress, study
from torchbook.course.learner.phrases import OUTCOMES
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.workspace import Workspace
from torchbook.course.terminal import views
from torchbook.errors import TorchbookError

_WIDE = 110  # columns; longer lines are hard to read
_FOOT = " [q]uit  [h]int  [n]ext  [l]ist  [s]olution  [p]rompt  [v]erdict  ↑ ↓ scroll"
_SCROLL = {"down": 1, "j": 1, "pagedown": 15, " ": 15, "up": -1, "k": -1, "pageup": -15, "b": -15}
_SCROLL |= {"home": -(10**6), "bottom": 10**6}


class Screen:
    """The state of the screen and the verdicts so far. `dirty` means that it must be drawn again.

    `chosen` is the exercise under the cursor of the list. `reading` is true once the learner has turned to a page while
    a check is running: then its verdict waits for `v` instead of taking the page away.
    """

    def __init__(self, workspace: Workspace, exercises: list[Exercise], console: Console) -> None:
        self.workspace, self.exercises, self.console = workspace, exercises, console
        self.exercise = exercises[0]
        self.page: RenderableType = Text()
        self.showing = "prompt"
        self.offset, self.chosen = 0, 0
        self.checking: Exercise | None = None
        self.reading = False
        self.verdicts: dict[str, Verdict] = {}
        self.size = console.size
        self.dirty = True

    def turn_to(self, exercise: Exercise) -> None:
        """Shows an exercise: its verdict, or its prompt."""
        progress.record(self.workspace.database, exercise.name, "opened")
        self.exercise = exercise
        self.show("verdict")

    def finish(self, exercise: Exercise, verdict: Verdict | str) -> None:
        """Ends a check with its verdict, or with a message that says why there is none."""
        self.checking, self.dirty = None, True
        if isinstance(verdict, str):
            self.show("error", Text(verdict, "red"))
            return
        self.verdicts[exercise.name] = verdict
        if exercise == self.exercise and not self.reading:
            self.show("verdict")

    def show(self, showing: str, page: RenderableType | None = None) -> None:
        """Shows a page from its top."""
        self.showing, self.offset, self.dirty = showing, 0, True
        self.page = page if page is not None else self._page(showing)

    def _page(self, showing: str) -> RenderableType:
        standings = progress.standings(self.workspace.database)
        if showing == "list":
            return views.listing(self.exercises, standings, self.exercises[self.chosen])
        verdict = self.verdicts.get(self.exercise.name)
        if showing == "prompt" or verdict is None:
            self.showing = "prompt"
            return views.prompt(self.exercise)
        view = views.verdict_view(verdict, standings.get(self.exercise.name, Standing()), keys=True)
        return Group(view, Text("\nn: the next exercise · s: the solution", "dim")) if verdict.passed else view

    def press(self, key: str) -> Exercise | None:
        """Does what a key stands for; returns the exercise to turn to, None to stay with this one."""
        if self.showing == "list" and key in ("up", "down", "j", "k", "enter"):
            if key == "enter":
                return self.exercises[self.chosen]
            self._list((self.chosen + _SCROLL[key]) % len(self.exercises))
        elif key in _SCROLL:
            self.offset, self.dirty = max(0, self.offset + _SCROLL[key]), True
        elif key == "n":
            return self._next()
        elif key in "pvlhs" or key == "escape":
            self.reading = key in "plhs"
            self._turn_page(key)
        return None

    def _turn_page(self, key: str) -> None:
        if key == "h":
            self.show("hint", self._hint())
        elif key == "s":
            self.show("solution", self._solution())
        elif key == "l":
            self._list(self.exercises.index(self.exercise))
        else:
            self.show("prompt" if key == "p" else "verdict")

    def _list(self, chosen: int) -> None:
        """Shows the list, scrolled so that the chosen exercise is on the screen."""
        self.chosen = chosen
        self.show("list")
        self.offset = max(0, chosen - (self.size.height - 10))

    def _hint(self) -> RenderableType:
        try:
            return views.hint_view(study.hint(self.workspace, self.exercise))
        except TorchbookError as error:
            return Text(str(error), "yellow")

    def _solution(self) -> RenderableType:
        standing = study.standing(self.workspace, self.exercise)
        if standing.may_see_solution:
            return views.solution_view(study.solution(self.workspace, self.exercise))
        return Text(study.why_closed(self.exercise, standing), "yellow")

    def _next(self) -> Exercise | None:
        following = study.following(self.exercises, self.exercise, progress.standings(self.workspace.database))
        if following is None:
            self.show("end", Text("There is no other exercise left to pass; l lists them all.", "green"))
        return following

    def render(self) -> RenderableType:
        """Renders the whole screen: a head, as much of the page as fits, and the keys."""
        self.size, self.dirty = self.console.size, False
        head = Group(views.exercise_head(self.exercise, self.workspace.answer(self.exercise)), self._state())
        top, lines = self._lines(Padding(head, (0, 1))), self._lines(Padding(self.page, (0, 1)))
        room = max(1, self.size.height - len(top) - 3)
        self.offset = max(0, min(self.offset, len(lines) - room))
        visible = lines[self.offset : self.offset + room]
        below = len(lines) - self.offset - room
        foot = [
            *self._lines(Text(f"  ↓ {below} more" if below > 0 else "", "dim")),
            *self._lines(Text(_FOOT, "dim", no_wrap=True, overflow="ellipsis")),
        ]
        rows = [*top, [], *visible, *([[]] * (room - len(visible))), *foot][: self.size.height]
        segments = [segment for line in rows for segment in (*line, Segment.line())]
        return Segments(segments[:-1])

    def _state(self) -> Text:
        place = f"{self.exercises.index(self.exercise) + 1} of {len(self.exercises)}"
        if self.checking:
            return Text.assemble((place, "dim"), (f"   checking {self.checking.name} …", "bold cyan"))
        verdict = self.verdicts.get(self.exercise.name)
        if verdict is None or self.showing == "verdict":
            return Text(place, "dim")
        sign, colour, headline = OUTCOMES[verdict.outcome]
        return Text.assemble((place, "dim"), (f"   {sign} {headline}", colour))

    def _lines(self, content: Any) -> list[list[Segment]]:
        options = self.console.options.update(width=min(self.size.width, _WIDE), height=None)
        return self.console.render_lines(content, options, pad=False)
