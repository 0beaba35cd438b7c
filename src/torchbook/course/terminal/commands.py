"""The commands of the course: thin, over `workspace`, `study`, `progress`, `quiz` and `glossary`.

Exit status: 0 passed or done, 1 not passed (or not open yet), 2 used wrongly.
"""

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torchbook.answers import Answer
from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import progress as record
from torchbook.course.learner import study, workspace
from torchbook.course.learner.progress import Standing
from torchbook.course.terminal import views
from torchbook.errors import TorchbookError


def start(folder: Path | None = None, /, *, exercises: Path | None = None) -> Answer:
    """Make a workspace for the exercises, or bring one up to date; answers are never overwritten.

    Args:
        folder: where; without it the workspace that you are in, else TORCHBOOK_WORKSPACE or one under TORCHBOOK_HOME.
        exercises: a further folder with exercises (a teacher's own), NN_lesson/exercise_name in it.
    """
    here = workspace.find()
    target = folder or (here.folder if here else workspace.usual_folder())
    made, update = workspace.make(target, added=exercises)
    lines = [f"workspace   {made.folder}"]
    counts = ((update.new, "new"), (update.renewed, "untouched, now with a newer starter"))
    for names, what in counts:
        if names:
            named = f": {', '.join(names)}" if len(names) <= 8 else ""
            lines.append(f"{len(names):3} {what}{named}")
    for name in update.changed:
        lines.append(f"    the starter of {name} has changed since you began; your answer is as it was.")
        lines.append(f"    'torchbook reset {name}' brings the new one and keeps a copy of yours")
    if update.orphaned:
        lines.append(f"    answers without an exercise (left alone): {', '.join(update.orphaned)}")
    outside = workspace.find() != made
    lines += ["", f"next: {f'cd {shlex.quote(str(made.folder))} && ' if outside else ''}torchbook check --watch"]
    return Answer({"workspace": str(made.folder)} | asdict(update), "\n".join(lines))


def check(name: str | None = None, /, *, watch: bool = False, seconds: float = 10.0) -> Answer:
    """Check your answer, and say which mistake it is.

    Args:
        name: the exercise; without it the one you are at: saved last, or else the next one.
        watch: stay, and check whenever a file is saved; single keys for hint, next, list, solution, quit.
        seconds: the time that an answer may take.
    """
    if not seconds > 0:
        raise TorchbookError(f"--seconds must be above 0, got {seconds:g}")
    own = workspace.found()
    changed = workspace.update(own).changed
    if watch:
        from torchbook.course.terminal.watch import watch as watching

        return watching(own, name, seconds=seconds)
    exercises = own.exercises()
    exercise = study.named(exercises, name) if name else study.current(own, exercises)
    if exercise is None:
        return Answer({"passed": True, "exercise": None}, "every exercise is passed; torchbook progress shows them")
    verdict = study.check(own, exercise, seconds=seconds)
    now = record.standings(own.database)
    following = study.following(exercises, exercise, now) if verdict.passed else None
    data = _about(exercise, own) | verdict.as_dict() | {"passed": verdict.passed, "next": following and following.name}
    parts = [views.exercise_head(exercise, own.answer(exercise))]
    parts += [views.prompt(exercise)] if verdict.outcome == "not attempted" else []
    parts.append(views.verdict_view(verdict, now[exercise.name]))
    if exercise.name in changed and not verdict.passed:
        parts.append(f"its starter has changed since you began: torchbook reset {exercise.name} brings the new one")
    if verdict.passed:
        parts.append(f"next: {following.name} ({own.answer(following)})" if following else "every exercise is passed")
    return Answer(data | {"standing": _standing(now[exercise.name])}, _stacked(parts), 0 if verdict.passed else 1)


def hint(name: str | None = None, /) -> Answer:
    """Show the next hint, from vague to concrete.

    Args:
        name: the exercise; without it the one you are at.
    """
    own, exercise = _chosen(name)
    shown = study.hint(own, exercise)
    return Answer(_about(exercise, own) | asdict(shown), views.hint_view(shown))


def solution(name: str | None = None, /) -> Answer:
    """Show the solution as a difference to your answer, after a pass or three honest tries.

    Args:
        name: the exercise; without it the one you touched last.
    """
    own, exercise = _chosen(name, last=True)
    now = study.standing(own, exercise)
    if not now.may_see_solution:
        data = _about(exercise, own) | {"open": False, "standing": _standing(now)}
        return Answer(data, study.closed(exercise, now), 1)
    shown = study.solution(own, exercise)
    return Answer(_about(exercise, own) | {"open": True} | asdict(shown), views.solution_view(shown))


def reset(name: str, /) -> Answer:
    """Begin an exercise again; a copy of your answer is kept.

    Args:
        name: the exercise.
    """
    own, exercise = _chosen(name)
    copy = study.reset(own, exercise)
    kept = f"your answer is kept in {copy}" if copy else "there was no answer to keep"
    data = _about(exercise, own) | {"kept": str(copy) if copy else None}
    return Answer(data, f"{exercise.name} begins again: {own.answer(exercise)}\n{kept}")


def progress() -> Answer:
    """Show the course as a tree: what is done, with how many tries and hints, in which time, and what to review."""
    from torchbook.course.terminal.tree import progress_view

    own = workspace.found()
    exercises, now = own.exercises(), record.standings(own.database)
    questions = {number: len(names) for number, names in study.questions(own).items()}
    results, review = study.quiz_results(own), study.review(own, exercises)
    rows = [_about(one, own) | _standing(now.get(one.name, Standing())) for one in exercises]
    quiz_rows = [
        {"lesson": number, "questions": count, "answers": results.get(number, {})}
        for number, count in questions.items()
    ]
    data = {
        "workspace": str(own.folder),
        "passed": sum(row["passed"] for row in rows),
        "of": len(rows),
        "exercises": rows,
        "quizzes": quiz_rows,
        "review": [asdict(one) for one in review],
        "history": record.export(own.database),
    }
    return Answer(data, progress_view(exercises, now, questions, results, review))


def glossary(term: tuple[str, ...] = (), /) -> Answer:
    """Say what a term means, in which lessons it is used, with a formula or two lines of code.

    Args:
        term: one or more words; without any, all terms.
    """
    from torchbook.course.texts.glossary import find, read_glossary

    entries = read_glossary()
    if not term:
        from rich.columns import Columns

        return Answer(
            {"terms": [entry.term for entry in entries]}, Columns([one.term for one in entries], column_first=True)
        )
    wanted = " ".join(term)
    entry, near = find(entries, wanted)
    if entry is None:
        meant = f"did you mean {', '.join(near)}?" if near else "torchbook glossary lists all terms"
        raise TorchbookError(f"the glossary has no term {wanted!r}; {meant}")
    return Answer(asdict(entry), views.entry_view(entry))


def _chosen(name: str | None, *, last: bool = False) -> tuple[workspace.Workspace, Exercise]:
    """The workspace and the exercise of that name, or the one that the learner is at (or touched last)."""
    own = workspace.found()
    exercises = own.exercises()
    if name:
        return own, study.named(exercises, name)
    exercise = study.touched_last(own, exercises) if last else None
    exercise = exercise or study.current(own, exercises)
    if exercise is None:
        raise TorchbookError("every exercise is passed; name the one you mean")
    return own, exercise


def _about(exercise: Exercise, own: workspace.Workspace) -> dict[str, Any]:
    return {
        "exercise": exercise.name,
        "lesson": exercise.lesson,
        "title": exercise.title,
        "answer": str(own.answer(exercise)),
    }


def _standing(now: Standing) -> dict[str, Any]:
    return asdict(now) | {"may_see_solution": now.may_see_solution}


def _stacked(parts: list[Any]) -> Any:
    from rich.console import Group

    return Group(*(piece for part in parts for piece in (part, "")))
