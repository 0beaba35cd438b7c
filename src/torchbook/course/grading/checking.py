"""Checks an answer: from a file of the learner to a verdict for a person, whatever the file does."""

import hashlib
import signal
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from torchbook.course.grading.exercise import Exercise
from torchbook.course.workers.processes import Ended, run
from torchbook.errors import TorchbookError

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
    from the request to the verdict. `uses` are the exercises whose answers by the learner it was built on.
    """

    outcome: Outcome
    message: str
    cases: tuple[CaseResult, ...] = ()
    mistake: str | None = None
    hint: str | None = None
    printed: str = ""
    seconds: float = 0.0
    uses: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.outcome == "passed"

    def as_dict(self) -> dict[str, Any]:
        """The verdict as JSON can hold it."""
        return asdict(self)


def check(
    exercise: Exercise,
    answer: Path,
    *,
    source: bytes | None = None,
    seconds: float = 10.0,
    seed: int = 0,
    briefly: bool = False,
    stop: threading.Event | None = None,
) -> Verdict:
    """The verdict about the file `answer`; never raises for anything that the learner wrote.

    `source` is what the file held when the check was asked for, by default what it holds now: it may be saved again
    before a worker is ready. `seconds` is the limit for all cases together, `seed` draws the values of the cases.
    `briefly` ends at the first case that fails and recognises no mistake: it says whether the answer is right, and
    little about what is wrong. Once `stop` is set the answer is ended at once.

    Raises:
        TorchbookError: there is no such file, or the exercise itself is broken.
    """
    began = time.perf_counter()
    if source is None:
        if not answer.is_file():
            raise TorchbookError(f"there is no answer at {answer}")
        source = answer.read_bytes()
    # JSON holds no bytes; in Latin-1 each is one letter.
    text = source.decode("latin-1")
    request = {
        "call": "torchbook.course.grading.sandbox:check",
        "exercise": str(exercise.folder),
        "answer": str(answer.resolve()),
        "source": text,
    }
    prepared = {
        "prepare": "torchbook.course.grading.prepared_exercise:prepare",
        "exercise": str(exercise.folder),
        "seed": seed,
        "content": _digest(exercise),
    }
    ended = run(
        request | {"seed": seed, "briefly": briefly}, seconds=seconds, prepared=prepared, further=not briefly, stop=stop
    )
    took = time.perf_counter() - began
    limit = f"You stopped it after {took:.1f} s" if stop and stop.is_set() else f"Stopped after {seconds:g} seconds"
    try:
        verdict = _verdict(ended, limit)
    except TorchbookError:
        raise
    except (TypeError, KeyError, ValueError, AttributeError):  # it says what no worker says
        verdict = None
    if verdict is None or ended.garbled:
        verdict = Verdict("crashed", "The code wrote to a file descriptor that is the check's own.")
    return replace(verdict, printed=ended.printed, seconds=time.perf_counter() - began)


def _digest(exercise: Exercise) -> str:
    """What an exercise and the solutions that it may build on hold by now."""
    files = [file for file in exercise.folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    if b"course.earlier" in b"".join(content := [file.read_bytes() for file in sorted(files)]):
        content += [file.read_bytes() for file in sorted(exercise.folder.parent.parent.glob("*/*/solution.py"))]
    return hashlib.sha256(b"\0".join(content)).hexdigest()


def _verdict(ended: Ended, limit: str) -> Verdict:
    where, running = "", False
    verdict, computed = None, 0.0
    for message in ended.messages:
        # After a first verdict something may still fail that the answer has broken; the verdict stands.
        if "broken" in message and verdict is None:
            raise TorchbookError(message["broken"])
        if "failed" in message and verdict is None:
            if not running:
                raise TorchbookError(f"the check itself failed: {message['failed']}")
            return Verdict("crashed", f"The code left Python in a state{where} in which the check cannot go on.")
        if "verdict" in message:
            said = message["verdict"]
            cases = tuple(CaseResult(**one) for one in said["cases"])
            verdict = Verdict(**said | {"cases": cases, "uses": tuple(said["uses"])})
        computed = message.get("processor", computed)
        if "running" in message:
            running = True
            where = f" in the case '{message['running']}'" if message["running"] else ""
    if verdict is not None:
        return verdict
    if ended.status is None:
        return Verdict("too slow", f"{limit}{where}: is there a loop that never ends?")
    if ended.status == -getattr(signal, "SIGPROF", 0) < 0:
        return Verdict("too slow", f"Stopped after {computed:g} seconds of computing{where}: is there an endless loop?")
    if ended.status in (-9, 137):
        how = "it was killed from outside, perhaps for want of memory."
    elif ended.status < 0:
        how = f"it was ended by {_signal(-ended.status)}."
    else:
        how = f"it ended its process with status {ended.status}: is there an os._exit?"
    return Verdict("crashed", f"The code took Python down{where}: {how}")


def _signal(number: int) -> str:
    try:
        return f"{signal.Signals(number).name} ({signal.strsignal(number)})"
    except ValueError:
        return f"signal {number}"
