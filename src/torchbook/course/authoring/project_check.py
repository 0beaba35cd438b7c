"""Proves the rubric of a project: its model solution meets it, and an empty one does not.

The model solution of an exercise is that of the exercise. Beside the document, in a folder of its name, lie
`solution.py` for what the rubric takes as `answer`, and `train.py` for a `run`: a function `train(folder)` that trains
one in that folder and returns its path.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from torchbook.course.grading.behaviour import authored
from torchbook.course.grading.exercise import exercises
from torchbook.course.grading.rubric import HandedIn
from torchbook.course.learner.project import Missing, judge_work, taken
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_rubric import criteria
from torchbook.errors import TorchbookError
from torchbook.run_folder import FORMAT


def project_faults(document: Document) -> Iterator[str]:
    """Yields the criteria that the model solution does not meet, and those that an empty one meets."""
    lines = {criterion.name: criterion.line for criterion in criteria(document)}
    with tempfile.TemporaryDirectory(prefix="torchbook-project-") as scratch:
        solution = model_solution(document, Path(scratch))
        for criterion, judgement in judge_work(document, solution).judgements:
            if judgement.finding == "not met":
                place = f"{document.name}:{lines[criterion.name]}"
                yield f"{place}: the model solution does not meet {criterion.name}: {judgement.sentence}"
        for criterion, judgement in judge_work(document, _empty(document, Path(scratch))).judgements:
            if judgement.finding == "met":
                place = f"{document.name}:{lines[criterion.name]}"
                yield f"{place}: who hands in nothing meets {criterion.name}: {judgement.sentence}"


def model_solution(document: Document, scratch: Path) -> dict[str, HandedIn | Missing]:
    """Returns the model solution of a project by the arguments of its criteria; runs are trained in `scratch`.

    Raises:
        TorchbookError: a file of it is missing or fails.
    """
    folder = document.file.with_suffix("")
    work: dict[str, HandedIn | Missing] = {}
    for name in taken(document):
        if name == "run":
            trained = authored(_there(folder / "train.py", document), "train").train(scratch)
            work[name] = HandedIn(Path(trained))
        elif name == "answer":
            file = _there(folder / "solution.py", document)
            work[name] = HandedIn(file, file.read_bytes())
        else:
            exercise = next((exercise for exercise in exercises() if exercise.name == name), None)
            if exercise is None:
                raise TorchbookError(f"{document.name}:1: there is no exercise {name!r}")
            work[name] = HandedIn(exercise.folder / "solution.py", exercise.solution.encode())
    return work


def _empty(document: Document, scratch: Path) -> dict[str, HandedIn | Missing]:
    work: dict[str, HandedIn | Missing] = {}
    for name in taken(document):
        if name == "run":
            folder = scratch / "nothing"
            folder.mkdir()
            (folder / "recipe.json").write_text(json.dumps({"format": FORMAT, "recipe": "nothing", "arguments": {}}))
            work[name] = HandedIn(folder)
        else:
            work[name] = HandedIn(scratch / f"{name}.py", b"")
    return work


def _there(file: Path, document: Document) -> Path:
    if not file.is_file():
        raise TorchbookError(f"{document.name}:1: its rubric needs {file.parent.name}/{file.name}, which is not there")
    return file
