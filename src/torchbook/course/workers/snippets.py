"""Runs a few lines of code, here or in a process of their own, and says what they printed."""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from torchbook.course.workers.terminal_text import without_escapes

_CHILD = """import json, sys
from torchbook.course.workers.snippets import ran
print(json.dumps(vars(ran(sys.stdin.read()))))"""


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
        return Ran(without_escapes(said.getvalue()), without_escapes(f"{type(error).__name__}: {error}"))
    return Ran(without_escapes(said.getvalue()))


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
