"""Answers to every exercise by people who had seen its prompt and its starter only: no right one is refused, no wrong
one passes.

How many of the wrong ones are named, and by what, is printed by `python tests/course/grading/test_all_answers.py`.
"""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from torchbook.course.grading.checking import Verdict, check
from torchbook.course.grading.exercise import Exercise, exercises

ANSWERS = Path(__file__).with_name("answers")


def verdicts(exercise: Exercise, kind: str) -> dict[str, Verdict]:
    """The verdict about each of the right or of the wrong answers, by name."""
    answers = tomllib.loads((ANSWERS / f"{exercise.name}.toml").read_text(encoding="utf-8"))[kind]
    with ThreadPoolExecutor(2) as pool:
        checked = pool.map(
            lambda answer: check(exercise, ANSWERS / "answer.py", source=answer["code"].encode()), answers
        )
        return {answer["name"]: verdict for answer, verdict in zip(answers, checked)}


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: exercise.name)
def test_right_answers_pass_and_wrong_ones_do_not(exercise):
    right, wrong = (verdicts(exercise, kind) for kind in ("right", "wrong"))
    assert len(right) >= 4 and len(wrong) >= 10
    assert {name: verdict.message for name, verdict in right.items() if not verdict.passed} == {}
    assert [name for name, verdict in wrong.items() if verdict.passed] == []
    calls = {case.call for verdict in wrong.values() for case in verdict.cases if not case.passed}
    assert [call for call in calls if not can_be_pasted(call, exercise)] == []


def can_be_pasted(call: str, exercise: Exercise) -> bool:
    """Whether the call of a case runs below the solution, as far as the solution itself does not refuse it."""
    names = {"torch": torch, "nn": nn, "np": np}
    exec(exercise.solution, names)
    try:
        exec(compile(call, "the call", "exec"), names)
    except (NameError, SyntaxError, AttributeError):
        return False
    except (ValueError, TypeError, RuntimeError, AssertionError, StopIteration):
        return True  # the solution refuses it as the case wants, or draws more values than the answer came to
    return True


def main() -> None:
    """Prints each wrong answer with what it is told."""
    for exercise in exercises():
        for name, verdict in verdicts(exercise, "wrong").items():
            told = f"hint: {verdict.hint}" if verdict.hint else f"message: {verdict.message}"
            print(f"{exercise.name}/{name} -> {' '.join(told.split())[:300]}")


if __name__ == "__main__":
    main()
