"""The learner's actions on an exercise: check it, take a hint, see the solution, begin again; and what to do next.

The terminal and the browser call these functions, which decide what is allowed and what is recorded.
"""

import ast
import difflib
import hashlib
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from torchbook.command_answer import closest
from torchbook.course.grading.answer_text import same, text_in, text_of
from torchbook.course.grading.checking import Verdict
from torchbook.course.grading.checking import check as judge
from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import progress
from torchbook.course.learner.progress import HONEST_TRIES, Standing
from torchbook.course.learner.workspace import Workspace, start_again
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.errors import TorchbookError

_DAY = 24 * 3600.0
# After so long a question that was answered right comes back, and so many come back at once.
_FIRST_WAIT, _MOST_QUESTIONS = 3 * _DAY, 3


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
    """Something to come back to, and the reason: an exercise, or the quiz of a lesson where `exercise` is empty."""

    lesson: int
    exercise: str
    reason: str


def check(
    workspace: Workspace,
    exercise: Exercise,
    *,
    source: bytes | None = None,
    seconds: float = 10.0,
    stop: threading.Event | None = None,
) -> Verdict:
    """Checks the learner's answer and records the attempt. `seconds` is the time limit of the answer.

    `source` is what its file held when the check was asked for, by default what it holds now. Once `stop` is set the
    check ends at once, and one that had no verdict yet is not recorded.

    Raises:
        TorchbookError: there is no file with an answer.
    """
    answer = workspace.answer(exercise)
    if source is None:
        if not answer.exists():
            raise TorchbookError(f"{answer} is not there; bring back its starter with: torchbook reset {exercise.name}")
        source = answer.read_bytes()
    began = time.time()
    verdict = judge(exercise, answer, source=source, seconds=seconds, stop=stop)
    if stop and stop.is_set() and verdict.outcome == "too slow":
        return verdict
    progress.record(
        workspace.database,
        exercise.name,
        "attempt",
        outcome=verdict.outcome,
        mistake=verdict.mistake or "",
        fingerprint=_fingerprint(text_in(source)),
        at=began,
    )
    return verdict if verdict.passed or not verdict.uses else _doubting(workspace, verdict)


def _doubting(workspace: Workspace, verdict: Verdict) -> Verdict:
    """Returns the verdict with a question about the learner's answers that it was built on and that never passed."""
    passed = passed_answers(workspace, workspace.exercises())
    if not (doubtful := [f"`{name}`" for name in verdict.uses if name not in passed]):
        return verdict
    question = f"This uses your own answer to {' and '.join(doubtful)}: is that right?"
    return replace(verdict, message=f"{verdict.message}\n{question}")


def _fingerprint(source: str) -> str:
    """Returns a digest of the syntax tree, or "" for what is not Python and therefore not an honest try."""
    try:
        return hashlib.sha256(ast.dump(ast.parse(source)).encode()).hexdigest()[:16]
    except (SyntaxError, ValueError, RecursionError):
        return ""


def passed_answers(workspace: Workspace, exercises: list[Exercise]) -> dict[str, Path]:
    """Returns the files of the answers that are as they were when they passed, by exercise."""
    passed = progress.passed(workspace.database)
    return {
        exercise.name: answer
        for exercise in exercises
        if (fingerprints := passed.get(exercise.name))
        and (answer := workspace.answer(exercise)).exists()
        and _fingerprint(text_of(answer)) in fingerprints
    }


def has_begun(workspace: Workspace, exercise: Exercise) -> bool:
    """Returns True if there is an answer and it differs from its starter."""
    answer = workspace.answer(exercise)
    return answer.exists() and not same(text_of(answer), workspace.began_with(exercise))


def standing(workspace: Workspace, exercise: Exercise) -> Standing:
    """Returns the learner's progress with the exercise."""
    return progress.standings(workspace.database).get(exercise.name, Standing())


def hint(workspace: Workspace, exercise: Exercise) -> Hint:
    """Returns the next hint and records it as used; after the last one, the last again.

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
    """Returns the solution and records it as seen.

    Raises:
        TorchbookError: it is not open yet (`Standing.may_see_solution`).
    """
    now = standing(workspace, exercise)
    if not now.may_see_solution:
        raise TorchbookError(why_closed(exercise, now))
    progress.record(workspace.database, exercise.name, "solution")
    answer = workspace.answer(exercise)
    if not answer.exists():
        return Solution(exercise.solution, "")
    answer_lines, solution_lines = text_of(answer).splitlines(), exercise.solution.splitlines()
    diff = difflib.unified_diff(answer_lines, solution_lines, "your answer", "the solution", lineterm="", n=1000)
    return Solution(exercise.solution, "\n".join(diff))


def why_closed(exercise: Exercise, now: Standing) -> str:
    """Returns a sentence that says why the solution is not shown yet."""
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


def find_exercise(exercises: list[Exercise], name: str) -> Exercise:
    """Finds the exercise that a person means by its name, its title, `lesson/name`, or the path of its answer.

    Raises:
        TorchbookError: there is none; the message has the nearest name.
    """
    stem = re.split(r"[\\/]", name.removesuffix(".py"))[-1]
    by_name = {exercise.name: exercise for exercise in exercises}
    if stem in by_name:
        return by_name[stem]
    folded = {exercise.name.casefold(): exercise for exercise in exercises} | {
        exercise.title.casefold(): exercise for exercise in exercises
    }
    key = stem.casefold().replace("-", "_")
    if key in folded:
        return folded[key]
    near = closest(key, folded)
    hint = f"did you mean {folded[near].name!r}?" if near else "torchbook progress lists them all"
    raise TorchbookError(f"there is no exercise {name!r}; {hint}")


def current(workspace: Workspace, exercises: list[Exercise]) -> Exercise | None:
    """Returns the exercise that the learner is at; None when all are passed.

    That is the answer saved last, if it was changed since its last check; else the exercise touched last, if it is not
    passed; else the first after it that is not passed.
    """
    now = progress.standings(workspace.database)
    saved = [
        (answer.stat().st_mtime, exercise)
        for exercise in exercises
        if (answer := workspace.answer(exercise)).exists()
        and answer.stat().st_mtime > now.get(exercise.name, Standing()).last_attempt
        and has_begun(workspace, exercise)
    ]
    if saved:
        return max(saved, key=lambda pair: pair[0])[1]
    last = touched_last(workspace, exercises)
    if last is not None and not now[last.name].passed:
        return last
    return following(exercises, last, now)


def touched_last(workspace: Workspace, exercises: list[Exercise]) -> Exercise | None:
    """Returns the exercise that was opened or checked last, or whose hint was; None at the very beginning."""
    now = progress.standings(workspace.database)
    touched = [exercise for exercise in exercises if exercise.name in now]
    return max(touched, key=lambda exercise: now[exercise.name].last_at, default=None)


def following(exercises: list[Exercise], after: Exercise | None, now: dict[str, Standing]) -> Exercise | None:
    """Returns the next exercise that is not passed, wrapping round at the end of the course; None if there is none."""
    at = exercises.index(after) + 1 if after is not None else 0
    rest = exercises[at:] + exercises[:at]
    return next(
        (exercise for exercise in rest if exercise != after and not now.get(exercise.name, Standing()).passed), None
    )


def trouble(workspace: Workspace) -> list[str]:
    """Returns in words what of the workspace and the record cannot be read: it is left out, and must be told."""
    return [*workspace.trouble(), *progress.trouble(workspace.database)]


def questions(workspace: Workspace) -> dict[int, tuple[str, ...]]:
    """Returns the names of the questions, for every lesson that has a quiz."""
    files = quizzes(*workspace.quiz_folders())
    return {lesson: _names(path, path.stat().st_mtime_ns) for lesson, path in files.items()}


@lru_cache(maxsize=200)
def _names(path: Path, changed: int) -> tuple[str, ...]:
    return tuple(question.id for question in read_quiz(path).questions)


def quiz_results(workspace: Workspace) -> dict[int, dict[str, bool]]:
    """Returns `progress.quiz_results` for the questions of today: an upgrade or a teacher may have replaced some."""
    present = questions(workspace)
    return {
        lesson: {name: right for name, right in answers.items() if name in present[lesson]}
        for lesson, answers in progress.quiz_results(workspace.database).items()
        if lesson in present
    }


class Score(NamedTuple):
    """How many questions of a lesson's quiz were answered right, how many there are, and how many were answered."""

    right: int = 0
    questions: int = 0
    answered: int = 0


def scores(workspace: Workspace) -> dict[int, Score]:
    """Returns the score of every lesson that has a quiz."""
    results = quiz_results(workspace)
    return {
        lesson: Score(sum(answers.values()), len(names), len(answers))
        for lesson, names in questions(workspace).items()
        for answers in (results.get(lesson, {}),)
    }


@dataclass(frozen=True)
class ComeBack:
    """A few questions of a lesson's quiz, by name, that are worth another look after some days."""

    lesson: int
    questions: tuple[str, ...]


def come_back(workspace: Workspace, *, now: float | None = None) -> ComeBack | None:
    """Returns the questions to come back to, those of one lesson that wait longest; None while there are none.

    A question waits three days after its first right answer and twice as long after each further one; one day after a
    wrong one. `now` is in seconds since 1970, by default the present.
    """
    now = time.time() if now is None else now
    present = questions(workspace)
    late: dict[int, list[tuple[float, str]]] = {}
    for (lesson, name), given in progress.answers(workspace.database).items():
        if name not in present.get(lesson, ()):
            continue
        at, right = given[-1]
        wait = _FIRST_WAIT * 2.0 ** (sum(right for _, right in given) - 1) if right else _DAY
        if now - at >= wait:
            late.setdefault(lesson, []).append((wait - (now - at), name))
    if not late:
        return None
    lesson = min(late, key=lambda lesson: min(late[lesson]))
    return ComeBack(lesson, tuple(name for _, name in sorted(late[lesson])[:_MOST_QUESTIONS]))


def review(workspace: Workspace, exercises: list[Exercise]) -> list[Review]:
    """Returns what to come back to: passes with much help, a mistake that recurs, quiz questions answered wrong."""
    now, reviews = progress.standings(workspace.database), []
    for exercise in exercises:
        if (standing := now.get(exercise.name)) and standing.passed and (reason := _reason(standing)):
            reviews.append(Review(exercise.lesson, exercise.name, reason))
    places: dict[str, list[Exercise]] = {}
    for exercise in exercises:
        for mistake in set(now.get(exercise.name, Standing()).mistakes):
            places.setdefault(mistake, []).append(exercise)
    for mistake, affected in places.items():
        if len(affected) > 1:
            names = ", ".join(exercise.name for exercise in affected)
            reviews.append(
                Review(affected[-1].lesson, affected[-1].name, f"the mistake {mistake!r} came up in {names}")
            )
    for lesson, answers in sorted(quiz_results(workspace).items()):
        if wrong := Counter(answers.values())[False]:
            reviews.append(
                Review(lesson, "", f"{wrong} of {len(answers)} quiz answers were wrong: torchbook quiz {lesson:02}")
            )
    return reviews


def _reason(standing: Standing) -> str:
    if standing.solution_seen:
        return "passed after the solution was shown"
    if standing.hints >= 2:
        return f"passed with {standing.hints} hints"
    return f"passed at try {standing.tries}" if standing.tries >= 5 else ""
