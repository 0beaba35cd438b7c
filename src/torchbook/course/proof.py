"""Runs the few lines of code in questions and glossary entries, to show what they do and to prove what is said.

`python -m torchbook.course.proof FILE...` reads quizzes (TOML) and glossaries (Markdown), runs all their code and says
what is not as stated; without a file, everything that torchbook ships.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torchbook.course.marking import right_answer
from torchbook.course.quiz import Question, quizzes, read_quiz, same_text
from torchbook.errors import TorchbookError

_CHILD = "import json, sys; from torchbook.course.proof import ran; print(json.dumps(vars(ran(sys.stdin.read()))))"


@dataclass(frozen=True)
class Ran:
    """What code printed and, where it failed, the exception as Python writes it: `RuntimeError: what was wrong`."""

    printed: str
    error: str = ""

    @property
    def outcome(self) -> str:
        """What was printed, then the name of the exception on a line of its own if there was one."""
        return "\n".join(part for part in (self.printed.strip(), self.error.partition(":")[0]) if part)


def names() -> dict[str, Any]:
    """The names that a proof and an entry's code find without importing them: torch, nn, F, math and np."""
    import math

    import numpy as np
    import torch
    from torch import nn
    from torch.nn import functional

    return {"torch": torch, "nn": nn, "F": functional, "math": math, "np": np}


def ran(code: str, scope: dict[str, Any] | None = None) -> Ran:
    """Runs code in this process, in the names of `scope` (and changes them); catches its prints and its exception."""
    said = io.StringIO()
    scope = {} if scope is None else scope
    scope.setdefault("__name__", "__main__")
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(code, "<code>", "exec"), scope)
    except (Exception, SystemExit) as error:
        return Ran(said.getvalue(), f"{type(error).__name__}: {error}")
    return Ran(said.getvalue())


def ran_apart(code: str, *, seconds: float = 30.0) -> Ran:
    """Like `ran`, in a process of its own, so that neither a crash nor an endless loop nor a seed touches this one."""
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-P", "-c", _CHILD]  # a file json.py in the current folder is not what it imports
    try:
        child = subprocess.run(
            command, input=code, capture_output=True, encoding="utf-8", timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return Ran("", f"TimeoutError: it was stopped after {seconds:g} seconds")
    if child.returncode:
        return Ran(child.stdout, f"SystemExit: the process ended with status {child.returncode}")
    return Ran(**json.loads(child.stdout.splitlines()[-1]))


def unproven(question: Question) -> list[str]:
    """What a question's own code and proofs do not bear out, in a sentence each; nothing if all is as stated."""
    scope = names()
    first = ran(question.code, scope)
    if question.kind == "predict":
        return [] if _printed(question, first.outcome) else [_differs("the code", first.outcome, question)]
    if first.error:
        return [f"the code fails with {first.error}"]
    found = []
    try:
        for option in question.options:
            if option.proof and bool(eval(option.proof, scope)) != option.right:
                found.append(f"the proof of the option {option.text!r} is {not option.right}")
        if question.proof and not _proves(question, value := eval(question.proof, scope)):
            found.append(_differs("the proof", value, question))
    except Exception as error:
        found.append(f"the proof fails with {type(error).__name__}: {error}")
    return found


def _differs(what: str, value: Any, question: Question) -> str:
    return f"{what} gives {value!r}, the stated answer is {right_answer(question)!r}"


def _printed(question: Question, text: str) -> bool:
    """Whether the text is the stated answer or, among options, that of the right ones and of no other."""
    if question.options:
        return all(same_text(option.text.replace("`", ""), text) == option.right for option in question.options)
    return isinstance(question.answer, str) and same_text(question.answer, text)


def _proves(question: Question, value: Any) -> bool:
    if question.options:
        return _printed(question, str(value))
    if question.kind == "shape":
        return tuple(getattr(value, "shape", value)) == question.answer
    return tuple(value) == question.items if question.items else question.is_answer(float(value))


def main(paths: list[Path]) -> int:
    """Proves the files, prints what is wrong with them, and returns how many statements are not as stated."""
    from torchbook.course.glossary import GLOSSARY, read_glossary, unproven_entry

    wrong = 0
    for path in paths or [*quizzes().values(), GLOSSARY]:
        try:
            if path.suffix == ".toml":
                complaints = [(one.id, said) for one in read_quiz(path).questions for said in unproven(one)]
            else:
                complaints = [(one.term, said) for one in read_glossary(path) for said in unproven_entry(one)]
        except TorchbookError as error:
            complaints = [("not read", str(error))]
        for name, said in complaints:
            print(f"{path.name}, {name}: {said}")
        wrong += len(complaints)
    print(f"{wrong} not as stated" if wrong else "all as stated")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main([Path(word) for word in sys.argv[1:]]), 1))
