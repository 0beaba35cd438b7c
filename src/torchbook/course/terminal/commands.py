"""The commands of the course at the terminal: thin, over `workspace`, `study`, `progress`, `quiz` and `glossary`.

Exit status: 0 passed or done, 1 not passed (or not open yet), 2 used wrongly.
"""

import json
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torchbook.command_answer import Answer
from torchbook.course.grading.exercise import Exercise
from torchbook.course.grading.rubric import SECONDS as PROJECT_SECONDS
from torchbook.course.learner import progress as record
from torchbook.course.learner import study
from torchbook.course.learner import workspace as workspaces
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.project import begin_project, check_project, find_project
from torchbook.course.learner.workspace import Workspace
from torchbook.course.terminal import views
from torchbook.course.texts.document import Document
from torchbook.errors import TorchbookError
from torchbook.storage import write_atomically


def start(folder: Path | None = None, /, *, exercises: Path | None = None) -> Answer:
    """Make a workspace for the exercises, or bring one up to date; answers are never overwritten.

    Args:
        folder: where; without it the workspace that you are in, else TORCHBOOK_WORKSPACE or one under TORCHBOOK_HOME.
        exercises: a further folder with exercises (a teacher's own), NN_lesson/exercise_name in it.
    """
    here = workspaces.find()
    target = folder or (here.folder if here else workspaces.usual_folder())
    workspace, update = workspaces.make(target, added=exercises)
    passed = sum(standing.passed for standing in record.standings(workspace.database).values())
    lines = [f"workspace   {workspace.folder}", f"progress    its own: {passed} passed, in {workspace.database.name}"]
    # What was passed elsewhere is not passed here, and that is no fault.
    usual = Workspace(workspaces.usual_folder())
    if usual.folder.resolve() != workspace.folder.resolve() and usual.database.is_file():
        elsewhere = sum(standing.passed for standing in record.standings(usual.database).values())
        lines.append(
            f"            outside of this folder, torchbook learn uses {usual.folder} ({elsewhere} passed); "
            f"to go on with that one: torchbook start {shlex.quote(str(usual.folder))}"
        )
    counts = ((update.new, "new"), (update.renewed, "untouched, now with a newer starter"))
    for names, description in counts:
        if names:
            listed = f": {', '.join(names)}" if len(names) <= 8 else ""
            lines.append(f"{len(names):3} {description}{listed}")
    for name in update.changed:
        lines.append(f"    the starter of {name} has changed since you began; your answer is as it was.")
        lines.append(f"    'torchbook reset {name}' brings the new one and keeps a copy of yours")
    if update.orphaned:
        lines.append(f"    answers without an exercise (left alone): {', '.join(update.orphaned)}")
    lines += study.trouble(workspace)
    outside = workspaces.find() != workspace
    lines += ["", f"next: {f'cd {shlex.quote(str(workspace.folder))} && ' if outside else ''}torchbook check --watch"]
    return Answer({"workspace": str(workspace.folder)} | asdict(update), "\n".join(lines))


def check(
    name: str | None = None, run: Path | None = None, /, *, watch: bool = False, seconds: float | None = None
) -> Answer:
    """Check your answer, and say which mistake it is; or judge your project by its rubric, as in: check P2 my-run.

    Args:
        name: the exercise or the project; without it the exercise you are at: saved last, or else the next one.
        run: of a project that judges one: its folder or name, by default the latest.
        watch: stay, and check whenever a file is saved; single keys for hint, next, list, solution, quit.
        seconds: the time that an answer may take (10), or each criterion of a project (60).
    """
    if seconds is not None and not seconds > 0:
        raise TorchbookError(f"--seconds must be above 0, got {seconds:g}")
    workspace = workspaces.find_or_raise()
    if project := find_project(name or ""):
        return _check_project(workspace, project, run, seconds=seconds or PROJECT_SECONDS)
    if run is not None:
        raise TorchbookError(f"only a project judges a run, got {str(run)!r} after {name!r}")
    seconds = seconds or 10.0
    changed = workspaces.update(workspace).changed
    if watch:
        from torchbook.course.terminal.watch import watch as watching

        return watching(workspace, name, seconds=seconds)
    exercises = workspace.exercises()
    exercise = study.find_exercise(exercises, name) if name else study.current(workspace, exercises)
    if exercise is None:
        return Answer({"passed": True, "exercise": None}, "every exercise is passed; torchbook progress shows them")
    verdict = study.check(workspace, exercise, seconds=seconds)
    standings = record.standings(workspace.database)
    following = study.following(exercises, exercise, standings) if verdict.passed else None
    data = (
        _about(exercise, workspace)
        | verdict.as_dict()
        | {"passed": verdict.passed, "next": following and following.name}
    )
    parts = [views.exercise_head(exercise, workspace.answer(exercise))]
    parts += [views.prompt(exercise)] if verdict.outcome == "not attempted" else []
    parts.append(views.verdict_view(verdict, standings[exercise.name]))
    if exercise.name in changed and not verdict.passed:
        parts.append(f"its starter has changed since you began: torchbook reset {exercise.name} brings the new one")
    if verdict.passed:
        parts.append(
            f"next: {following.name} ({workspace.answer(following)})" if following else "every exercise is passed"
        )
    return Answer(data | {"standing": _standing(standings[exercise.name])}, _stacked(parts), 0 if verdict.passed else 1)


def _check_project(workspace: Workspace, project: Document, run: Path | None, *, seconds: float) -> Answer:
    file = begin_project(workspace, project)
    review = check_project(workspace, project, run, seconds=seconds)
    rows = [
        {"criterion": criterion.name, "asks": criterion.sentence} | asdict(judgement)
        for criterion, judgement in review.judgements
    ]
    data = {"project": project.label, "title": project.front.title, "passed": review.passed, "criteria": rows}
    return Answer(data, views.review_view(project, file, review), 0 if review.passed else 1)


def hint(name: str | None = None, /) -> Answer:
    """Show the next hint, from vague to concrete.

    Args:
        name: the exercise; without it the one you are at.
    """
    workspace, exercise = _chosen(name)
    hint = study.hint(workspace, exercise)
    return Answer(_about(exercise, workspace) | asdict(hint), views.hint_view(hint))


def solution(name: str | None = None, /) -> Answer:
    """Show the solution as a difference to your answer, after a pass or three honest tries.

    Args:
        name: the exercise; without it the one you touched last.
    """
    workspace, exercise = _chosen(name, last=True)
    standing = study.standing(workspace, exercise)
    if not standing.may_see_solution:
        data = _about(exercise, workspace) | {"open": False, "standing": _standing(standing)}
        return Answer(data, study.why_closed(exercise, standing), 1)
    solution = study.solution(workspace, exercise)
    return Answer(_about(exercise, workspace) | {"open": True} | asdict(solution), views.solution_view(solution))


def reset(name: str, /) -> Answer:
    """Begin an exercise again; a copy of your answer is kept.

    Args:
        name: the exercise.
    """
    workspace, exercise = _chosen(name)
    copy = study.reset(workspace, exercise)
    message = f"your answer is kept in {copy}" if copy else "there was no answer to keep"
    data = _about(exercise, workspace) | {"kept": str(copy) if copy else None}
    return Answer(data, f"{exercise.name} begins again: {workspace.answer(exercise)}\n{message}")


def progress(*, export: Path | None = None, import_: Path | None = None) -> Answer:
    """Show the course as a tree: what is done, with how many tries and hints, in which time, and what to review.

    Args:
        export: a new file (JSON) for all that was recorded, to keep or to take to another machine.
        import_: a file that was exported, or a daily copy in `copies/`: what is not recorded yet is added.
    """
    from torchbook.course.terminal.tree import progress_view

    workspace = workspaces.find_or_raise()
    if export is not None:
        return _exported(workspace, export)
    if import_ is not None:
        added, odd = record.import_from(workspace.database, import_)
        left = f"; {odd} were left out, for they are no events or answers" if odd else ""
        text = f"{added} events and answers of {import_} were added to {workspace.database}{left}"
        return Answer({"workspace": str(workspace.folder), "added": added, "left_out": odd}, text)
    exercises, standings = workspace.exercises(), record.standings(workspace.database)
    questions = {number: len(names) for number, names in study.questions(workspace).items()}
    results, review = study.quiz_results(workspace), study.review(workspace, exercises)
    rows = [_about(exercise, workspace) | _standing(standings.get(exercise.name, Standing())) for exercise in exercises]
    quiz_rows = [
        {"lesson": number, "questions": count, "answers": results.get(number, {})}
        for number, count in questions.items()
    ]
    data = {
        "workspace": str(workspace.folder),
        "passed": sum(row["passed"] for row in rows),
        "of": len(rows),
        "exercises": rows,
        "quizzes": quiz_rows,
        "review": [asdict(item) for item in review],
        "history": record.export(workspace.database),
        "trouble": study.trouble(workspace),
    }
    view = progress_view(exercises, standings, questions, results, review)
    return Answer(data, _stacked([*data["trouble"], view]) if data["trouble"] else view)


def _exported(workspace: Workspace, file: Path) -> Answer:
    history, trouble = record.export(workspace.database), record.trouble(workspace.database)
    if trouble and not history["events"]:
        raise TorchbookError("; ".join(trouble))
    if not write_atomically(file, json.dumps(history, indent=1).encode(), replace=False):
        raise TorchbookError(f"{file} is there already; name a new file")
    count = len(history["events"]) + len(history["answers"])
    text = "\n".join([f"{count} events and answers are in {file}", *trouble])
    return Answer({"file": str(file), "count": count, "trouble": trouble}, text)


def glossary(term: tuple[str, ...] = (), /) -> Answer:
    """Explain a term: its meaning, the lessons that use it, and a formula or a few lines of code.

    Args:
        term: one or more words; without any, all terms.
    """
    from torchbook.course.texts.glossary import find, read_glossary

    entries = read_glossary()
    if not term:
        from rich.columns import Columns

        return Answer(
            {"terms": [entry.term for entry in entries]}, Columns([item.term for item in entries], column_first=True)
        )
    name = " ".join(term)
    entry, near = find(entries, name)
    if entry is None:
        suggestion = f"did you mean {', '.join(near)}?" if near else "torchbook glossary lists all terms"
        raise TorchbookError(f"the glossary has no term {name!r}; {suggestion}")
    return Answer(asdict(entry), views.entry_view(entry))


def _chosen(name: str | None, *, last: bool = False) -> tuple[Workspace, Exercise]:
    """Finds the workspace and the exercise of that name, or the one that the learner is at (or touched last)."""
    workspace = workspaces.find_or_raise()
    exercises = workspace.exercises()
    if name:
        return workspace, study.find_exercise(exercises, name)
    exercise = study.touched_last(workspace, exercises) if last else None
    exercise = exercise or study.current(workspace, exercises)
    if exercise is None:
        raise TorchbookError("every exercise is passed; name the one you mean")
    return workspace, exercise


def _about(exercise: Exercise, workspace: Workspace) -> dict[str, Any]:
    return {
        "exercise": exercise.name,
        "lesson": exercise.lesson,
        "title": exercise.title,
        "answer": str(workspace.answer(exercise)),
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return asdict(standing) | {"may_see_solution": standing.may_see_solution}


def _stacked(parts: list[Any]) -> Any:
    from rich.console import Group

    return Group(*(block for part in parts for block in (part, "")))
