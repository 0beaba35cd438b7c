"""The author's check: the grader of an exercise is tested harder than the learner.

The starter is not attempted; the solution passes; each known mistake is wrong and recognised as itself; two or more
alternatives pass; and each mutant of the solution is rejected, or its survival has a stated reason.
"""

import ast
import itertools
import re
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from torchbook.command_answer import Answer
from torchbook.course.authoring.mutants import mutants
from torchbook.course.grading.checking import Verdict, check
from torchbook.course.grading.exercise import Exercise, read_exercise
from torchbook.errors import TorchbookError

ALTERNATIVES = 2
SEEDS = range(3)  # the right answers must pass with values other than the learner's too
AT_ONCE = 2


@dataclass
class Report:
    """What is wrong with an exercise (nothing, if it is ready), and how many mutants were rejected or are excused."""

    name: str
    problems: list[str] = field(default_factory=list)
    mistakes: int = 0
    alternatives: int = 0
    mutants: int = 0
    rejected: int = 0
    excused: int = 0


def author(
    action: Literal["check", "freeze", "new", "program"], what: Path | None = None, /, *, mutants: bool = True
) -> Answer:
    """For authors: checks exercises and lessons, and begins, runs or prints the document of a lesson.

    Args:
        action: `check` tells what keeps an exercise or the document of a lesson from being ready for learners. `new`
            writes the skeleton of a document, `freeze` runs one and stores what its page shows, `program` prints one as
            a Python program.
        what: the number of a lesson, or a project such as P1; for `check` also the folder of an exercise, or one with
            exercises below it, or nothing for all documents.
        mutants: try the solutions with one small change each, which takes most of the time.
    """
    number = str(what) if what else ""
    if action == "check" and (what is None or re.fullmatch(r"[Pp]?\d+", number)):
        from torchbook.course.authoring.document_check import check_documents

        return check_documents(number)
    if what is None:
        raise TorchbookError(f"{action} needs the number of a lesson, as in: torchbook author {action} 09")
    if action == "check":
        return _check_exercises(what, mutants=mutants)
    if action == "new":
        from torchbook.course.authoring.document_start import start_document

        return start_document(number)
    from torchbook.course.authoring import freeze

    return freeze.freeze(number) if action == "freeze" else freeze.as_program(number)


def _check_exercises(folder: Path, *, mutants: bool) -> Answer:
    """Examines the exercise in a folder, or those below it."""
    prompts = [folder / "prompt.md"] if (folder / "prompt.md").is_file() else sorted(folder.rglob("prompt.md"))
    if not prompts:
        raise TorchbookError(f"{folder}: there is no exercise here (a folder with prompt.md, starter.py, solution.py)")
    reports = []
    for number, prompt in enumerate(prompts, 1):
        print(f"{number} of {len(prompts)}: {prompt.parent.name}", file=sys.stderr)
        reports.append(examined(read_exercise(prompt.parent), changes=mutants))
    lines = list(itertools.chain.from_iterable(map(_said, reports)))
    bad = sum(bool(report.problems) for report in reports)
    lines.append(f"{len(reports) - bad} of {len(reports)} exercises are ready")
    return Answer({"exercises": [vars(report) for report in reports]}, "\n".join(lines), 1 if bad else 0)


def _said(report: Report) -> Iterator[str]:
    counts = (
        f"{report.mistakes} mistakes, {report.alternatives} alternatives, {report.rejected} of {report.mutants} mutants"
    )
    excused = f", {report.excused} excused" if report.excused else ""
    yield f"{'not ready' if report.problems else 'ready'}  {report.name}: {counts}{excused}"
    for problem in report.problems:
        yield f"    {problem}"


def examined(exercise: Exercise, *, changes: bool = True) -> Report:
    """Tests the grader of one exercise; `changes` includes the mutants of its solution."""
    report = Report(exercise.name, mistakes=len(exercise.mistakes), alternatives=len(exercise.alternatives))
    try:
        report.problems += _answers(exercise)
        if changes and not report.problems:
            _try_mutants(exercise, report)
    except TorchbookError as error:
        report.problems.append(str(error))
    return report


def _answers(exercise: Exercise) -> Iterator[str]:
    """Yields what is wrong with the answers that come with an exercise."""
    if len(exercise.hints) < 2:
        yield f"hints.md: expected two or more hints, got {len(exercise.hints)} (a line --- divides them)"
    starter = check(exercise, exercise.folder / "starter.py")
    if starter.outcome != "not attempted":
        yield f"starter.py: expected 'not attempted', got {_short(starter)}"
    right = [exercise.folder / "solution.py", *exercise.alternatives]
    texts = [file.read_text(encoding="utf-8") for file in right]
    for seed in SEEDS:
        for file, verdict in zip(right, _checked(exercise, texts, seed=seed, briefly=True)):
            if not verdict.passed:
                yield f"{file.relative_to(exercise.folder)}: expected 'passed', got {_short(verdict)} (seed {seed})"
    different = len({ast.dump(ast.parse(text)) for text in texts})
    if different < len(texts) or len(texts) < 1 + ALTERNATIVES:
        yield f"alternatives: expected {ALTERNATIVES} or more that differ from the solution, got {different - 1}"
    if not exercise.mistakes:
        yield "mistakes.toml: expected at least one known wrong answer"
    sources = [mistake.source for mistake in exercise.mistakes]
    for mistake, verdict in zip(exercise.mistakes, _checked(exercise, sources)):
        if not mistake.hint:
            yield f"mistakes.toml: {mistake.name!r} has no hint"
        if verdict.outcome not in ("wrong", "error") or verdict.mistake != mistake.name:
            seen = f", recognised as {verdict.mistake}" if verdict.mistake else ""
            yield f"mistakes.toml: {mistake.name!r}: expected to be recognised as itself, got {_short(verdict)}{seen}"


def _checked(exercise: Exercise, sources: list[str], **options: Any) -> list[Verdict]:
    """The verdicts about several answers, a few at once. What hangs or crashes ends its own process only."""
    # Only the text is read, so that there need not be such a file.
    file = exercise.folder / "answer.py"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda source: check(exercise, file, source=source.encode(), **options), sources))


def _try_mutants(exercise: Exercise, report: Report) -> None:
    """Tries all mutants of the solution and adds to the report."""
    reasons = _reasons(exercise)
    changed = mutants(exercise.solution)
    limit = max(2.0, 20 * check(exercise, exercise.folder / "solution.py").seconds)
    verdicts = _checked(exercise, [mutant.source for mutant in changed], seconds=limit, briefly=True)
    survivors = [mutant.name for mutant, verdict in zip(changed, verdicts) if verdict.passed]
    report.mutants, report.rejected = len(changed), len(changed) - len(survivors)
    report.excused = len(set(survivors) & set(reasons))
    report.problems += [f"a mutant passes: {name}" for name in survivors if name not in reasons]
    report.problems += [f"survivors.toml: no such survivor: {name}" for name in reasons if name not in survivors]


def _reasons(exercise: Exercise) -> dict[str, str]:
    """The mutants that no check can notice, each with the reason why its behaviour is right."""
    file = exercise.folder / "survivors.toml"
    if not file.is_file():
        return {}
    try:
        listed = tomllib.loads(file.read_text(encoding="utf-8")).get("survivor", [])
        reasons = {one["mutant"]: one["reason"] for one in listed}
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise TorchbookError(f"{file}: expected [[survivor]] tables with mutant and reason: {error}") from None
    if not all(reasons.values()):
        raise TorchbookError(f"{file}: each survivor needs a reason")
    return reasons


def _short(verdict: Verdict) -> str:
    return f"'{verdict.outcome}': {verdict.message.splitlines()[0]}"
