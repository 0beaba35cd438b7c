"""Judges a project by the functions of its rubric, each in a process of its own that can be killed.

Rubrics take their three words from here: `met`, `not_met` and `a_person_must_judge`, each with a sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torchbook.course.workers.processes import Ended, run
from torchbook.errors import TorchbookError

Finding = Literal["met", "not met", "a person must judge"]
SECONDS = 60.0


@dataclass(frozen=True)
class Judgement:
    """What a criterion says of a piece of work, with a sentence for the person who made it."""

    finding: Finding
    sentence: str


def met(sentence: str) -> Judgement:
    """Says that the work meets the criterion."""
    return Judgement("met", sentence)


def not_met(sentence: str) -> Judgement:
    """Says that it does not, and what is missing."""
    return Judgement("not met", sentence)


def a_person_must_judge(sentence: str) -> Judgement:
    """Says what a program cannot see, and what a person should look at."""
    return Judgement("a person must judge", sentence)


@dataclass(frozen=True)
class HandedIn:
    """A file of the learner with its content, or the folder of a run, for one argument of a criterion."""

    file: Path
    content: bytes | None = None


def judge(
    document: Path, rubric: str, criterion: str, work: Mapping[str, HandedIn], *, seconds: float = SECONDS
) -> Judgement:
    """Returns what a criterion says; never raises for anything in the learner's work.

    Args:
        document: the file that the lines of the `rubric` belong to.
        rubric: the source of all criteria.
        criterion: the name of one function in it.
        work: what the function is given, by the names of its arguments.
        seconds: the time that it may take.

    Raises:
        TorchbookError: the criterion itself is broken.
    """
    given = {
        name: {"file": str(piece.file), "content": None if piece.content is None else piece.content.decode("latin-1")}
        for name, piece in work.items()
    }
    request = {
        "call": "torchbook.course.grading.rubric_worker:judge",
        "document": str(document),
        "rubric": rubric,
        "criterion": criterion,
        "work": given,
    }
    return _judgement(run(request, seconds=seconds), seconds)


def _judgement(ended: Ended, seconds: float) -> Judgement:
    for message in ended.messages:
        if "broken" in message:
            raise TorchbookError(message["broken"])
        if "finding" in message:
            return Judgement(message["finding"], message["sentence"])
    if ended.status is None:
        return not_met(f"Stopped after {seconds:g} seconds: is there a loop that never ends?")
    return not_met(f"The code took Python down (status {ended.status}): for want of memory, or by an exit?")
