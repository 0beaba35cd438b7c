"""The status of every lesson of the plan: what there is of it, and what the learner has done there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import progress, study
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.study import Score
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site.bookmarks import Place, places
from torchbook.course.site.outline import Outline, outline
from torchbook.course.texts import plan
from torchbook.course.texts.document import address_of, projects

# The share of a lesson without exercises and quiz that must have been seen to call it done.
_SEEN = 0.9


@dataclass(frozen=True)
class ProjectStatus:
    """A project: its label such as `P1`, its document, and what the learner has done there."""

    label: str
    file: Path
    standing: Standing

    @property
    def address(self) -> str:
        """Its page."""
        return address_of(self.file)

    @property
    def outline(self) -> Outline:
        """What its document says."""
        return outline(self.file)

    @property
    def title(self) -> str:
        """Its title."""
        return self.outline.title

    @property
    def done(self) -> bool:
        """True if nothing is left that its rubric asks for."""
        return self.standing.passed


@dataclass(frozen=True)
class LessonStatus:
    """A lesson with the learner's progress. `file` is its document, None while it is not written; its exercises may
    exist. `score` is that of its quiz; `projects` come after it.
    """

    lesson: plan.PlannedLesson
    file: Path | None
    exercises: tuple[Exercise, ...]
    standings: tuple[Standing, ...]
    score: Score
    place: Place | None
    projects: tuple[ProjectStatus, ...] = ()

    @property
    def number(self) -> int:
        """The number of the lesson."""
        return self.lesson.number

    @property
    def label(self) -> str:
        """Its number as people write it: `09`."""
        return f"{self.number:02}"

    @property
    def title(self) -> str:
        """Its title."""
        return self.lesson.title

    @property
    def address(self) -> str:
        """Its page: its document, or what there is of it while it is not written."""
        return address_of(self.file) if self.file else self.lesson.address

    @property
    def questions(self) -> int:
        """The number of questions in its quiz."""
        return self.score.questions

    @property
    def right(self) -> int:
        """The number of questions that were answered right."""
        return self.score.right

    @property
    def workable(self) -> bool:
        """True if there is something to read or to answer."""
        return self.file is not None or bool(self.exercises) or self.questions > 0

    @property
    def passed(self) -> int:
        """The number of its exercises that are passed."""
        return sum(standing.passed for standing in self.standings)

    @property
    def minutes(self) -> int | None:
        """The time to read it in minutes, None while it is not written."""
        return outline(self.file).minutes if self.file else None

    @property
    def share(self) -> float:
        """The share of it that was seen, from 0 to 1."""
        return self.place.share if self.place else 0.0

    @property
    def done(self) -> bool:
        """True if all its exercises are passed, but for those that stand in a project, and all its questions answered;
        with neither, if it was read."""
        in_projects = {name for project in self.projects for name in project.outline.exercises}
        own = [now for exercise, now in zip(self.exercises, self.standings) if exercise.name not in in_projects]
        if own or self.questions:
            return all(standing.passed for standing in own) and self.score.answered == self.score.questions
        return self.file is not None and self.share >= _SEEN

    @property
    def begun(self) -> bool:
        """True if the learner has opened it, or tried its exercises or quiz."""
        return (
            self.place is not None
            or self.right > 0
            or any(standing.tries or standing.hints for standing in self.standings)
        )


class Road(list[LessonStatus]):
    """The status of all lessons, with what could not be read of the learner's work, in words."""

    def __init__(self, statuses: Iterable[LessonStatus], trouble: Sequence[str] = ()):
        super().__init__(statuses)
        self.trouble = trouble


def lesson_statuses(workspace: Workspace, written: Mapping[int, Path]) -> Road:
    """Returns the status of all lessons in their order: those of the plan, then those that a teacher has added.
    `written` are the documents by the number of the lesson."""
    exercises, now = workspace.exercises(), progress.standings(workspace.database)
    scores, bookmarks = study.scores(workspace), places(workspace)
    after = [ProjectStatus(label, file, now.get(file.stem, Standing())) for label, file in projects().items()]
    numbers = (
        {lesson.number for lesson in plan.LESSONS}
        | {exercise.lesson for exercise in exercises}
        | set(scores)
        | set(written)
    )
    statuses = []
    for number in sorted(numbers):
        of_lesson = tuple(exercise for exercise in exercises if exercise.lesson == number)
        statuses.append(
            LessonStatus(
                lesson=plan.planned_lesson(number),
                file=written.get(number),
                exercises=of_lesson,
                standings=tuple(now.get(exercise.name, Standing()) for exercise in of_lesson),
                score=scores.get(number, Score()),
                place=bookmarks.get(number),
                projects=tuple(project for project in after if project.outline.after == number),
            )
        )
    return Road(statuses, study.trouble(workspace))


def stops(road: Sequence[LessonStatus]) -> list[LessonStatus | ProjectStatus]:
    """Returns the lessons and projects in the order of the road."""
    every: list[LessonStatus | ProjectStatus] = []
    for status in road:
        every += [status, *status.projects]
    return every


def part_anchor(part: str) -> str:
    """Returns the anchor of a part of the course on the home page, for instance `part-standing-on-others`."""
    return "part-" + re.sub(r"\W+", "-", part.lower())


def next_lesson(road: Sequence[LessonStatus]) -> LessonStatus | None:
    """Returns the first lesson with something to do that is not done after the one done last; None if all are done."""
    unfinished = [status for status in road if status.workable and not status.done]
    last = max((status.number for status in road if status.workable and status.done), default=-1)
    return next((status for status in unfinished if status.number > last), unfinished[0] if unfinished else None)


def last_unfinished(road: Sequence[LessonStatus], last: Place | None) -> LessonStatus | ProjectStatus | None:
    """Returns the lesson or project that was read `last`, if it is not done."""
    if last is None:
        return None
    by_place: dict[int | str, LessonStatus | ProjectStatus] = {
        status.number: status for status in road if status.workable
    }
    by_place |= {project.label: project for status in road for project in status.projects}
    status = by_place.get(last.lesson)
    return status if status and not status.done else None
