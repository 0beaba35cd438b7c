"""The stops of the road: every lesson of the plan, what there is of it, and what the learner has done there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import progress, study
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site.bookmarks import Place, places
from torchbook.course.site.notebooks import Notebook
from torchbook.course.site.outline import outline
from torchbook.course.texts import plan

# So much of a lesson without exercises and quiz must have been seen to call it done.
_SEEN = 0.9


@dataclass(frozen=True)
class Stop:
    """A lesson with the learner's standing. `notebook` is None while it is not written; its exercises may exist.

    `right` counts the quiz questions answered right, of `questions`.
    """

    lesson: plan.PlannedLesson
    notebook: Notebook | None
    exercises: tuple[Exercise, ...]
    standings: tuple[Standing, ...]
    questions: int
    right: int
    place: Place | None

    @property
    def number(self) -> int:
        """The number of the lesson."""
        return self.lesson.number

    @property
    def passed(self) -> int:
        """How many of its exercises are passed."""
        return sum(standing.passed for standing in self.standings)

    @property
    def minutes(self) -> int | None:
        """The time to read it, None while it is not written."""
        return outline(self.notebook.file).minutes if self.notebook else None

    @property
    def share(self) -> float:
        """How much of it was seen, from 0 to 1."""
        return self.place.share if self.place else 0.0

    @property
    def done(self) -> bool:
        """Whether all its exercises are passed and all its questions answered right; with neither, it was read."""
        if self.exercises or self.questions:
            return self.passed == len(self.exercises) and self.right == self.questions
        return self.notebook is not None and self.share >= _SEEN

    @property
    def begun(self) -> bool:
        """Whether the learner was here."""
        return self.place is not None or self.right > 0 or any(one.tries or one.hints for one in self.standings)


def stops(workspace: Workspace, notebooks: Sequence[Notebook]) -> list[Stop]:
    """All stops in their order: the lessons of the plan, then those that a teacher has added."""
    exercises, now = workspace.exercises(), progress.standings(workspace.database)
    answers, asked, seen = study.quiz_results(workspace), study.questions(workspace), places(workspace)
    written = {notebook.number: notebook for notebook in notebooks}
    numbers = {one.number for one in plan.LESSONS} | {one.lesson for one in exercises} | set(asked) | set(written)
    found = []
    for number in sorted(numbers):
        own = tuple(one for one in exercises if one.lesson == number)
        found.append(
            Stop(
                lesson=plan.planned_lesson(number),
                notebook=written.get(number),
                exercises=own,
                standings=tuple(now.get(one.name, Standing()) for one in own),
                questions=len(asked.get(number, ())),
                right=sum(answers.get(number, {}).values()),
                place=seen.get(number),
            )
        )
    return found


def part_anchor(part: str) -> str:
    """Where a part of the course stands on the home page, for instance `part-standing-on-others`."""
    return "part-" + re.sub(r"\W+", "-", part.lower())


def following(road: Sequence[Stop]) -> Stop | None:
    """What is next: the first written lesson that is not done after the one done last; None when all are done."""
    open_ones = [stop for stop in road if stop.notebook and not stop.done]
    last = max((stop.number for stop in road if stop.notebook and stop.done), default=-1)
    return next((stop for stop in open_ones if stop.number > last), open_ones[0] if open_ones else None)


def left_at(road: Sequence[Stop], last: Place | None) -> Stop | None:
    """The lesson that was read `last`, if it is not done."""
    return next(
        (stop for stop in road if last and stop.number == last.lesson and stop.notebook and not stop.done), None
    )


def onward(road: Sequence[Stop], last: Place | None) -> Stop | None:
    """Where the learner goes on: the lesson that was read `last` if it is not done, or else what is next."""
    return left_at(road, last) or following(road)
