"""Checks an answer: from a file of the learner to a verdict for a person, whatever the file does."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from torchbook.course.exercise import Exercise

Outcome = Literal["passed", "wrong", "error", "not attempted", "too slow", "crashed", "forbidden"]


@dataclass(frozen=True)
class CaseResult:
    """What became of one case: the call, what came back and what was expected, each as text for a person."""

    name: str
    passed: bool
    call: str = ""
    returned: str = ""
    expected: str = ""
    message: str = ""


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer.

    `message` is for a person (it may have several lines). `mistake` is the name of the known mistake that the answer
    behaves like and `hint` what helps against it. `printed` is what the learner's own code printed, `seconds` the time
    from the request to the verdict.
    """

    outcome: Outcome
    message: str
    cases: tuple[CaseResult, ...] = ()
    mistake: str | None = None
    hint: str | None = None
    printed: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.outcome == "passed"

    def as_dict(self) -> dict[str, Any]:
        """The verdict as JSON can hold it."""
        return asdict(self)


def check(exercise: Exercise, answer: Path, *, seconds: float = 10.0, seed: int = 0) -> Verdict:
    """The verdict about the file `answer`; never raises for anything that the learner wrote.

    `seconds` is the limit for all cases together, `seed` draws the values of the cases.
    """
    raise NotImplementedError
