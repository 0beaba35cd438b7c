"""Answers to every exercise by people who had seen its prompt and its starter only: no right one is refused, no wrong
one passes, and nearly every mistake is named, by a hint or by the message itself.

What each wrong one is told, and the shares, are printed by
`PYTHONPATH=tests/plugins python tests/course/grading/test_all_answers.py`.
"""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from each_exercise import each_exercise
from torch import nn

from torchbook.course.grading.checking import Verdict, check
from torchbook.course.grading.exercise import Exercise, exercises

ANSWERS = Path(__file__).with_name("answers")
# Words of messages that say by themselves what is wrong with the answer, not only that a value is another one.
NAMING = (
    *("solved without it", "changed in place", "is different afterwards", "(its dtype)", "an nn.Parameter"),
    *("is cut off from the computation graph", "Is a `return` missing?", "takes the number out"),
    *("Return the tensor itself", "inside it, or the list", "What to do: ", "over which dimension"),
    *("of size 1 too many", "of size 1 is missing", "in another order", "rounded to", "fraction is lost", "wrong sign"),
    *("are exchanged", "order is not", " is a list or tuple of ", " is a plain number", "the logarithm of 1e-"),
    *(
        "not a number (nan)",
        "a sum where a mean",
        "a mean where a sum",
        "It was returned: ",
        "It comes of a `yield`",
        "is a `return` inside the loop?",
        "is a mean or a sum missing?",
        "no file was written",
        "That is in per cent",
        "is there an endless loop?",
        "is there a loop that never ends?",
    ),
)
UNNAMED = 0.15  # the share of the wrong answers to an exercise that may stay without a name


def verdicts(exercise: Exercise, kind: str) -> dict[str, Verdict]:
    """The verdict about each of the right or of the wrong answers, by name."""
    answers = tomllib.loads((ANSWERS / f"{exercise.name}.toml").read_text(encoding="utf-8"))[kind]
    with ThreadPoolExecutor(2) as pool:
        checked = pool.map(
            lambda answer: check(exercise, ANSWERS / "answer.py", source=answer["code"].encode()), answers
        )
        return {answer["name"]: verdict for answer, verdict in zip(answers, checked)}


def is_named(verdict: Verdict) -> bool:
    """Whether somebody is told which mistake it was, by a hint or by the message."""
    return bool(verdict.hint) or any(words in verdict.message for words in NAMING)


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("exercise", each_exercise(ANSWERS))
def test_right_answers_pass_and_wrong_ones_do_not(exercise):
    right, wrong = (verdicts(exercise, kind) for kind in ("right", "wrong"))
    assert len(right) >= 4 and len(wrong) >= 10
    assert {name: verdict.message for name, verdict in right.items() if not verdict.passed} == {}
    assert [name for name, verdict in wrong.items() if verdict.passed] == []
    unnamed = [name for name, verdict in wrong.items() if not is_named(verdict)]
    assert len(unnamed) <= UNNAMED * len(wrong), unnamed
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
    """Prints each wrong answer with what it is told, and how many have no hint and no name at all."""
    count = without_hint = unnamed = 0
    for exercise in exercises():
        for name, verdict in verdicts(exercise, "wrong").items():
            count, without_hint = count + 1, without_hint + (not verdict.hint)
            unnamed += not is_named(verdict)
            told = f"hint: {verdict.hint}" if verdict.hint else f"message: {verdict.message}"
            print(f"{exercise.name}/{name} -> {' '.join(told.split())[:300]}")
    print(f"{count} wrong answers, {without_hint} without a hint, {unnamed} without a name")


if __name__ == "__main__":
    main()
