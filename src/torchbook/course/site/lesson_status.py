"""The status of every lesson of the plan: what there is of it, and what the learner has done there."""

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

# The share of a lesson without exercises and quiz that must have been seen to call it done.
_SEEN = 0.9


@dataclass(frozen=True)
class LessonStatus:
    """A lesson with the learner's progress. `notebook` is None while it is not written; its exercises may exist.

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
        """The number of its exercises that are passed."""
        return sum(standing.passed for standing in self.standings)

    @property
    def minutes(self) -> int | None:
        """The time to read it in minutes, None while it is not written."""
        return outline(self.notebook.file).minutes if self.notebook else None

    @property
    def share(self) -> float:
        """The share of it that was seen, from 0 to 1."""
        return self.place.share if self.place else 0.0

    @property
    def done(self) -> bool:
        """True if all its exercises are passed and all its questions answered right; with neither, if it was read."""
        if self.exercises or self.questions:
            return self.passed == len(self.exercises) and self.right == self.questions
        return self.notebook is not None and self.share >= _SEEN

    @property
    def begun(self) -> bool:
        """True if the learner has opened it, or tried its exercises or quiz."""
        return (
            self.place is not None
            or self.right > 0
            or any(standing.tries or standing.hints for standing in self.standings)
        )


def lesson_statuses(workspace: Workspace, notebooks: Sequence[Notebook]) -> list[LessonStatus]:
    """Returns the status of all lessons in their order: those of the plan, then those that a teacher has added."""
    exercises, now = workspace.exercises(), progress.standings(workspace.database)
    answers, questions, bookmarks = study.quiz_results(workspace), study.questions(workspace), places(workspace)
    written = {notebook.number: notebook for notebook in notebooks}
    numbers = (
        {lesson.number for lesson in plan.LESSONS}
        | {exercise.lesson for exercise in exercises}
        | set(questions)
        | set(written)
    )
    statuses = []
    for number in sorted(numbers):
        of_lesson = tuple(exercise for exercise in exercises if exercise.lesson == number)
        statuses.append(
            LessonStatus(
                lesson=plan.planned_lesson(number),
                notebook=written.get(number),
                exercises=of_lesson,
                standings=tuple(now.get(exercise.name, Standing()) for exercise in of_lesson),
                questions=len(questions.get(number, ())),
                right=sum(answers.get(number, {}).values()),
                place=bookmarks.get(number),
            )
        )
    return statuses


def part_anchor(part: str) -> str:
    """Returns the anchor of a part of the course on the home page, for instance `part-standing-on-others`."""
    return "part-" + re.sub(r"\W+", "-", part.lower())


def next_lesson(road: Sequence[LessonStatus]) -> LessonStatus | None:
    """Returns the first written lesson that is not done after the one done last; None when all are done."""
    unfinished = [status for status in road if status.notebook and not status.done]
    last = max((status.number for status in road if status.notebook and status.done), default=-1)
    return next((status for status in unfinished if status.number > last), unfinished[0] if unfinished else None)


def last_unfinished(road: Sequence[LessonStatus], last: Place | None) -> LessonStatus | None:
    """Returns the lesson that was read `last`, if it is not done."""
    return next(
        (status for status in road if last and status.number == last.lesson and status.notebook and not status.done),
        None,
    )


def continue_at(road: Sequence[LessonStatus], last: Place | None) -> LessonStatus | None:
    """Returns the lesson to continue at: the one read `last` if it is not done, or else the next one."""
    return last_unfinished(road, last) or next_lesson(road)
