"""Prepares an exercise for checks: runs its solution and its known mistakes with the draws of one seed, each once."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from torchbook.course.grading import earlier_answers
from torchbook.course.grading.answer_text import text_in
from torchbook.course.grading.behaviour import Behaviour, Probe, authored, difference, ordinary_settings, quietly
from torchbook.course.grading.case_as_code import source_of
from torchbook.course.grading.cases import Case, Draw, collected
from torchbook.course.grading.exercise import Mistake, read_exercise
from torchbook.course.grading.starter_diff import unwritten
from torchbook.errors import TorchbookError
from torchbook.explain import explain


class PreparedExercise:
    """An exercise with its checks loaded. `probes` holds what is expected; `suspect` what a mistake does.

    Raises:
        TorchbookError: the exercise itself is broken.
    """

    def __init__(self, folder: Path, seed: int):
        self.exercise = read_exercise(folder)
        self.seed = seed
        root = self.exercise.folder.parent.parent
        if root not in earlier_answers.ROOTS:
            earlier_answers.ROOTS.insert(0, root)
        self.checks = vars(authored(folder / "checks.py", "checks"))
        solution = authored(folder / "solution.py", "solution")
        oracle = self.checks.get("REFERENCE", {})
        self.cases = collected(self.checks)
        self.probes: list[Probe] = []
        for case in self.cases:
            for turn, draw in enumerate(case.draws(seed)):
                behaviour = quietly(solution, case, draw, oracle)
                self.probes.append((case, turn, _sound(behaviour, case, draw)))
        # Read before any answer runs, which may do anything to Python.
        self.mistakes = self.exercise.mistakes
        self._keep_for_forks()
        self._modules: dict[str, Any] = {}
        self._suspects: dict[tuple[str, int], tuple[Behaviour, bool]] = {}

    def _keep_for_forks(self) -> None:
        """Does once what each fork of this process would do again: parts of starter and solution, lines of cases."""
        unwritten(self.exercise, text_in(self.exercise.starter.encode()))  # the codec is imported at its first use
        for case in self.cases:
            source_of(case.function)

    def expected(self, case: Case) -> list[Behaviour]:
        """What the solution does in each draw of a case."""
        return [behaviour for of, _, behaviour in self.probes if of is case]

    def suspect(self, mistake: Mistake, index: int) -> tuple[Behaviour, bool]:
        """What a mistake does in probe number `index`, and whether that differs from what is expected."""
        key = mistake.name, index
        if key not in self._suspects:
            if mistake.name not in self._modules:
                file = self.exercise.folder / "mistakes.toml"
                self._modules[mistake.name] = authored(file, "mistake", source=mistake.source)
            case, turn, expected = self.probes[index]
            behaviour = quietly(self._modules[mistake.name], case, case.draws(self.seed)[turn])
            differs = difference(expected, behaviour, case, words=False) is not None
            self._suspects[key] = behaviour, differs
        return self._suspects[key]


def _sound(behaviour: Behaviour, case: Case, draw: Draw) -> Behaviour:
    if behaviour.error is not None and not any(call.raised for call in behaviour.calls):
        raise TorchbookError(f"checks.py, case {case.name!r}: {type(behaviour.error).__name__}: {behaviour.error}")
    unused = set(draw.fixed) - set(draw.sizes)
    if unused:
        raise TorchbookError(f"checks.py, case {case.name!r}: no size or argument is named {', '.join(sorted(unused))}")
    return behaviour


# What the processes that check answers find there; a process prepares one exercise at most.
_prepared: dict[tuple[str, int], PreparedExercise] = {}


def prepared_exercise(folder: Path, seed: int) -> PreparedExercise:
    """Returns the exercise as this process has prepared it, or prepares it."""
    return _prepared.get((str(folder), seed)) or PreparedExercise(folder, seed)


def warmed() -> Iterator[None]:
    """Does what takes time at its first use: the patterns of explained errors are compiled, optimizers are imported."""
    explain(ValueError())
    yield
    torch.optim.SGD([torch.zeros(1)], lr=1.0)
    yield


def prepare(request: dict[str, Any]) -> Iterator[None]:
    """Prepares checks of `request["exercise"]` with `request["seed"]`: first what each needs, then a mistake a step.

    The answers are checked in forks of this process.
    """
    if torch.accelerator.is_available():  # autograd would start threads for it, which no fork has
        return
    with tempfile.TemporaryDirectory(prefix="torchbook-prepared-") as folder:
        os.chdir(folder)
        tempfile.tempdir = folder
        torch.set_num_threads(1)
        explain(ValueError())
        made = PreparedExercise(Path(request["exercise"]), request["seed"])
        _prepared[request["exercise"], request["seed"]] = made
        ordinary_settings()
        yield
        for mistake in made.mistakes:
            for index in range(len(made.probes)):
                made.suspect(mistake, index)
            os.chdir(folder)
            ordinary_settings()
            yield
