"""The learner's work on a project: what is handed in, and what its rubric says of it.

The terminal and the browser call these functions. Work is the learner's file `answers/P3_name.py`, their answers to
the exercises of the project, and one of their runs: whatever the criteria of the rubric take.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from torchbook.course.grading.answer_text import same, text_in
from torchbook.course.grading.rubric import SECONDS, HandedIn, Judgement, judge, not_met
from torchbook.course.learner import progress
from torchbook.course.learner.workspace import Workspace, write
from torchbook.course.texts.document import Document, projects, read_document
from torchbook.course.texts.document_rubric import Criterion, criteria, rubric_source
from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.run_folder import RunFolder, run_folders

# What stands in the place of a piece of work that is not there: why, and what to do.
Missing = str


@dataclass(frozen=True)
class Review:
    """What the criteria of a project say of some work, in their order."""

    judgements: tuple[tuple[Criterion, Judgement], ...]

    @property
    def passed(self) -> bool:
        """Returns True if nothing is left that a program could ask for."""
        return all(judgement.finding != "not met" for _, judgement in self.judgements)

    def count(self, finding: str) -> int:
        """Returns the number of criteria with that finding."""
        return sum(judgement.finding == finding for _, judgement in self.judgements)


def find_project(name: str) -> Document | None:
    """Returns the project that a person means by `P1`, `p1` or the name of its file; None if it is none at all.

    Raises:
        TorchbookError: there is no such project.
    """
    label, _, rest = name.removesuffix(".md").removesuffix(".py").partition("_")
    if not re.fullmatch(r"[Pp][1-9]\d*", label):
        return None
    files = projects()
    file = files.get(label.upper())
    if file is None or (rest and file.stem.partition("_")[2] != rest):
        there_are = f"there are {', '.join(files)}" if files else "there is none yet"
        raise TorchbookError(f"there is no project {name!r}; {there_are}")
    return read_document(file)


def answer_file(workspace: Workspace, project: Document) -> Path:
    """Returns the path of the learner's file of a project."""
    return workspace.folder / "answers" / f"{project.file.stem}.py"


def starter(project: Document) -> str:
    """Returns the text that the learner's file begins with: `P3_name/starter.py` beside the document, or nothing."""
    file = project.file.with_suffix("") / "starter.py"
    return text_in(file.read_bytes()) if file.is_file() else ""


def begin_project(workspace: Workspace, project: Document) -> Path | None:
    """Gives the learner the file to begin with, if the rubric takes one and it is not there; returns its path."""
    if "answer" not in taken(project):
        return None
    file = answer_file(workspace, project)
    write(file, starter(project), replace=False)
    return file


def handed_in(workspace: Workspace, project: Document, run: str | Path | None = None) -> dict[str, HandedIn | Missing]:
    """Returns the learner's work by the names of the arguments that the criteria take; `run` is by default the latest.

    Raises:
        TorchbookError: there is no such run.
    """
    work: dict[str, HandedIn | Missing] = {}
    exercises = {exercise.name: exercise for exercise in workspace.exercises()}
    if run is not None and "run" not in taken(project):
        raise TorchbookError(f"{project.label} judges no run, got {str(run)!r}; leave it out")
    for name in taken(project):
        if name == "run":
            folder = RunFolder.open(run).path if run is not None else _latest_run()
            work[name] = HandedIn(folder) if folder else "There is no run yet: train one, and name it in the check."
            continue
        file = answer_file(workspace, project) if name == "answer" else workspace.answer(exercises[name])
        begun_with = starter(project) if name == "answer" else workspace.began_with(exercises[name])
        content = file.read_bytes() if file.is_file() else b""
        begun = bool(content.strip()) and not same(text_in(content), begun_with)
        work[name] = HandedIn(file, content) if begun else f"Not begun yet: {file}"
    return work


def judge_work(project: Document, work: dict[str, HandedIn | Missing], *, seconds: float = SECONDS) -> Review:
    """Returns what the criteria say of some work; each has a process and `seconds` of its own.

    Raises:
        TorchbookError: a criterion itself is broken.
    """
    judgements: list[tuple[Criterion, Judgement]] = []
    source = rubric_source(project)
    for criterion in criteria(project):
        pieces = {name: work[name] for name in criterion.takes}
        missing = next((piece for piece in pieces.values() if isinstance(piece, str)), None)
        if missing is None:
            given = {name: piece for name, piece in pieces.items() if isinstance(piece, HandedIn)}
            judgement = judge(project.file, source, criterion.name, given, seconds=seconds)
        else:
            judgement = not_met(missing)
        judgements.append((criterion, judgement))
    return Review(tuple(judgements))


def check_project(
    workspace: Workspace, project: Document, run: str | Path | None = None, *, seconds: float = SECONDS
) -> Review:
    """Judges the learner's work by the rubric of a project and records the attempt."""
    review = judge_work(project, handed_in(workspace, project, run), seconds=seconds)
    outcome = "passed" if review.passed else "wrong"
    progress.record(workspace.database, project.file.stem, "attempt", outcome=outcome)
    return review


def taken(project: Document) -> tuple[str, ...]:
    """Returns the names of all that the criteria of a project take."""
    return tuple(dict.fromkeys(name for criterion in criteria(project) for name in criterion.takes))


def _latest_run() -> Path | None:
    return max(run_folders(home() / "runs"), key=lambda folder: folder.stat().st_mtime, default=None)
