"""What a learner does with an exercise: check, take a hint, see the solution, begin again; and what to do next.

The terminal and the browser call these functions; what they allow and record is decided here.
"""

import ast
import difflib
import hashlib
import re
import time
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from torchbook.answers import closest
from torchbook.course.grading.answer_text import same, text_in, text_of
from torchbook.course.grading.checking import Verdict
from torchbook.course.grading.checking import check as judge
from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import progress
from torchbook.course.learner.progress import HONEST_TRIES, Standing
from torchbook.course.learner.workspace import Workspace, start_again
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.errors import TorchbookError


@dataclass(frozen=True)
class Hint:
    """One hint (Markdown), its number from 1, and how many there are."""

    text: str
    number: int
    of: int


@dataclass(frozen=True)
class Solution:
    """The solution's source, and its difference to the learner's answer: a unified diff, empty without an answer."""

    source: str
    diff: str


@dataclass(frozen=True)
class Review:
    """Something to come back to: an exercise or the quiz of a lesson, and why."""

    lesson: int
    exercise: str
    reason: str


def check(workspace: Workspace, exercise: Exercise, *, source: bytes | None = None, seconds: float = 10.0) -> Verdict:
    """Checks the learner's answer and records the attempt. `seconds` is the time limit of the answer.

    `source` is what its file held when the check was asked for, by default what it holds now.

    Raises:
        TorchbookError: there is no file with an answer.
    """
    answer = workspace.answer(exercise)
    if source is None:
        if not answer.exists():
            raise TorchbookError(f"{answer} is not there; bring back its starter with: torchbook reset {exercise.name}")
        source = answer.read_bytes()
    began = time.time()
    verdict = judge(exercise, answer, source=source, seconds=seconds)
    progress.record(
        workspace.database,
        exercise.name,
        "attempt",
        outcome=verdict.outcome,
        mistake=verdict.mistake or "",
        fingerprint=_fingerprint(text_in(source)),
        at=began,
    )
    return verdict


def _fingerprint(source: str) -> str:
    """Tells answers apart that do different things; "" for what is not Python, which is no honest try."""
    try:
        return hashlib.sha256(ast.dump(ast.parse(source)).encode()).hexdigest()[:16]
    except (SyntaxError, ValueError, RecursionError):
        return ""


def begun(workspace: Workspace, exercise: Exercise) -> bool:
    """Whether there is an answer that is more than its starter."""
    answer = workspace.answer(exercise)
    return answer.exists() and not same(text_of(answer), workspace.began_with(exercise))


def standing(workspace: Workspace, exercise: Exercise) -> Standing:
    """How the learner stands with the exercise."""
    return progress.standings(workspace.database).get(exercise.name, Standing())


def hint(workspace: Workspace, exercise: Exercise) -> Hint:
    """The next hint, recorded as used; after the last one, the last again.

    Raises:
        TorchbookError: the exercise has no hints.
    """
    if not exercise.hints:
        raise TorchbookError(f"the exercise {exercise.name} has no hints")
    used = standing(workspace, exercise).hints_now
    if used < len(exercise.hints):
        progress.record(workspace.database, exercise.name, "hint")
    number = min(used + 1, len(exercise.hints))
    return Hint(exercise.hints[number - 1], number, len(exercise.hints))


def solution(workspace: Workspace, exercise: Exercise) -> Solution:
    """The solution, recorded as seen.

    Raises:
        TorchbookError: it is not open yet (`Standing.may_see_solution`).
    """
    now = standing(workspace, exercise)
    if not now.may_see_solution:
        raise TorchbookError(closed(exercise, now))
    progress.record(workspace.database, exercise.name, "solution")
    answer = workspace.answer(exercise)
    if not answer.exists():
        return Solution(exercise.solution, "")
    own, right = text_of(answer).splitlines(), exercise.solution.splitlines()
    diff = difflib.unified_diff(own, right, "your answer", "the solution", lineterm="", n=1000)
    return Solution(exercise.solution, "\n".join(diff))


def closed(exercise: Exercise, now: Standing) -> str:
    """Why the solution is not shown yet, in a sentence."""
    left = HONEST_TRIES - now.honest
    tries = "one more" if left == 1 else {2: "two more", 3: "three"}[left]
    return (
        f"the solution of {exercise.name} opens after a pass or three honest tries (different answers that run); "
        f"{tries} to go"
    )


def reset(workspace: Workspace, exercise: Exercise) -> Path | None:
    """Begins the exercise again and returns the copy of the answer that was put aside, if there was one."""
    copy = start_again(workspace, exercise)
    progress.record(workspace.database, exercise.name, "reset")
    return copy


def named(exercises: list[Exercise], name: str) -> Exercise:
    """The exercise that a person means: its name, `lesson/name`, or the path of its answer.

    Raises:
        TorchbookError: there is none; the message has the nearest name.
    """
    plain = re.split(r"[\\/]", name.removesuffix(".py"))[-1]
    by_name = {exercise.name: exercise for exercise in exercises}
    if plain in by_name:
        return by_name[plain]
    folded = {exercise.name.casefold(): exercise for exercise in exercises} | {
        exercise.title.casefold(): exercise for exercise in exercises
    }
    wanted = plain.casefold().replace("-", "_")
    if wanted in folded:
        return folded[wanted]
    near = closest(wanted, folded)
    hint = f"did you mean {folded[near].name!r}?" if near else "torchbook progress lists them all"
    raise TorchbookError(f"there is no exercise {name!r}; {hint}")


def current(workspace: Workspace, exercises: list[Exercise]) -> Exercise | None:
    """The exercise that the learner is at; None when all are passed.

    That is the answer saved last, if it was changed since its last check; else the exercise touched last, if it is not
    passed; else the first after it that is not passed.
    """
    now = progress.standings(workspace.database)
    saved = [
        (answer.stat().st_mtime, exercise)
        for exercise in exercises
        if (answer := workspace.answer(exercise)).exists()
        and answer.stat().st_mtime > now.get(exercise.name, Standing()).last_attempt
        and begun(workspace, exercise)
    ]
    if saved:
        return max(saved, key=lambda pair: pair[0])[1]
    last = touched_last(workspace, exercises)
    if last is not None and not now[last.name].passed:
        return last
    return following(exercises, last, now)


def touched_last(workspace: Workspace, exercises: list[Exercise]) -> Exercise | None:
    """The exercise that was opened, checked or hinted at last; None at the very beginning."""
    now = progress.standings(workspace.database)
    touched = [exercise for exercise in exercises if exercise.name in now]
    return max(touched, key=lambda exercise: now[exercise.name].last_at, default=None)


def following(exercises: list[Exercise], after: Exercise | None, now: dict[str, Standing]) -> Exercise | None:
    """The next exercise in the course that is not passed; after the end from the beginning; None if there is none."""
    at = exercises.index(after) + 1 if after is not None else 0
    rest = exercises[at:] + exercises[:at]
    return next((one for one in rest if one != after and not now.get(one.name, Standing()).passed), None)


def questions(workspace: Workspace) -> dict[int, tuple[str, ...]]:
    """The names of the questions, for every lesson that has a quiz."""
    files = quizzes(*workspace.quiz_folders())
    return {lesson: _names(path, path.stat().st_mtime_ns) for lesson, path in files.items()}


@lru_cache(maxsize=200)
def _names(path: Path, changed: int) -> tuple[str, ...]:
    return tuple(question.id for question in read_quiz(path).questions)


def quiz_results(workspace: Workspace) -> dict[int, dict[str, bool]]:
    """As `progress.quiz_results`, of the questions that there are: an upgrade or a teacher may have replaced some."""
    asked = questions(workspace)
    return {
        lesson: {name: right for name, right in answers.items() if name in asked[lesson]}
        for lesson, answers in progress.quiz_results(workspace.database).items()
        if lesson in asked
    }


def review(workspace: Workspace, exercises: list[Exercise]) -> list[Review]:
    """What to come back to: passes that needed much help, a mistake that recurs, quiz questions answered wrong."""
    now, found = progress.standings(workspace.database), []
    for exercise in exercises:
        if (one := now.get(exercise.name)) and one.passed and (reason := _reason(one)):
            found.append(Review(exercise.lesson, exercise.name, reason))
    places: dict[str, list[Exercise]] = {}
    for exercise in exercises:
        for mistake in set(now.get(exercise.name, Standing()).mistakes):
            places.setdefault(mistake, []).append(exercise)
    for mistake, where in places.items():
        if len(where) > 1:
            names = ", ".join(exercise.name for exercise in where)
            found.append(Review(where[-1].lesson, where[-1].name, f"the mistake {mistake!r} came up in {names}"))
    for lesson, answers in sorted(quiz_results(workspace).items()):
        if wrong := Counter(answers.values())[False]:
            found.append(
                Review(lesson, "", f"{wrong} of {len(answers)} quiz answers were wrong: torchbook quiz {lesson:02}")
            )
    return found


def _reason(one: Standing) -> str:
    if one.solution_seen:
        return "passed after the solution was shown"
    if one.hints >= 2:
        return f"passed with {one.hints} hints"
    return f"passed at try {one.tries}" if one.tries >= 5 else ""
