"""Forbidden operations are noticed when the learner's own lines use them, never by searching the text.

A name such as `softmax` stands for the function of torch, the method of a tensor, the one of `torch.nn.functional` and
its in-place form; a name with a capital such as `Linear` or `SGD` for the class of `torch.nn` or `torch.optim`, and
`np.array` for the function of NumPy. `loop` is any jump backwards in Python: `for`, `while` and comprehensions.
`matmul` is also the operator `@`, whatever it stands between, and `dot` the method of an array of NumPy.
"""

import dis
import sys
from collections.abc import Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from torchbook.course.grading import behaviour
from torchbook.explain.failing_code import TORCH

# What a name of several operations stands for.
GROUPS: dict[str, tuple[str, ...]] = {
    "matrix product": (
        *("matmul", "rmatmul", "mm", "bmm", "mv", "dot", "inner", "outer", "vdot", "einsum", "tensordot"),
        *(
            "addmm",
            "addmv",
            "addbmm",
            "baddbmm",
            "linear",
            "multi_dot",
            "chain_matmul",
            "Linear",
            "Bilinear",
            "bilinear",
        ),
    ),
    "autograd": ("backward", "grad", "vjp", "jacobian", "hessian", "jacrev", "jacfwd", "grad_and_value"),
    "softmax": ("softmax", "log_softmax", "softmin", "Softmax", "LogSoftmax", "Softmin", "gumbel_softmax"),
    "cross_entropy": ("cross_entropy", "nll_loss", "CrossEntropyLoss", "NLLLoss"),
}


# The names of code that is no function: a file, and comprehensions.
LOADING = {"<module>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}


class ForbiddenOperation(Exception):
    """The learner's code used an operation that the exercise asks to do without."""


class Forbidden(TorchFunctionMode):
    """While it is active, `names` may not be used by the lines of `file`; `used` keeps the first that was."""

    def __init__(self, names: Iterable[str], file: Path):
        super().__init__()
        self.names = {member: name for name in names for member in GROUPS.get(name, (name,))}
        self.file = str(file)
        self.used: str | None = None
        self._operations: dict[Any, dict[int, str]] = {}  # of code, by their offsets
        for name in self.names:
            module, _, function = name.rpartition(".")
            if module == "np":
                self._watch(np, function, name)
            for place in (torch.nn, torch.optim):
                if isinstance(getattr(place, name, None), type):
                    self._watch(getattr(place, name), "__init__", name)
            for place in (torch.func, torch.autograd, torch.autograd.functional):
                if callable(getattr(place, name, None)):
                    self._watch(place, name, name)

    def __enter__(self) -> "Forbidden":
        if not self.names.keys().isdisjoint(("loop", "matmul")):
            sys.settrace(self._trace)
        if "dot" in self.names:
            sys.setprofile(self._profile)
        if self.names:  # each call of torch costs more with it
            super().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        sys.settrace(None)
        sys.setprofile(None)
        if self.names:
            super().__exit__(*error)

    def _trace(self, frame: Any, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != self.file or not (operations := self._operations_of(frame.f_code)):
            return None
        frame.f_trace_opcodes = True

        def step(frame: Any, event: str, _: Any) -> Any:
            name = operations.get(frame.f_lasti) if event == "opcode" else None
            if name and not self._is_loading(frame):
                self._raise(name, frame.f_lineno)
            return step

        return step

    def _operations_of(self, code: Any) -> dict[int, str]:
        """Returns the instructions of code that are forbidden and call no function that could be watched."""
        if code not in self._operations:
            loop, product = "loop" in self.names, "matmul" in self.names
            self._operations[code] = {
                each.offset: "loop" if "BACKWARD" in each.opname else "@"
                for each in dis.get_instructions(code)
                if (loop and "BACKWARD" in each.opname) or (product and each.argrepr in ("@", "@="))
            }
        return self._operations[code]

    def _profile(self, frame: Any, event: str, function: Any) -> None:
        """Notices a method of NumPy that is written in C."""
        if event == "c_call" and function.__name__ == "dot" and isinstance(function.__self__, np.ndarray):
            self._refuse("dot")

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        name = getattr(func, "__name__", "")
        plain = name.strip("_")
        # `__rmatmul__` and `__imatmul__` are `matmul` too; `relu` is not `elu`.
        for candidate in (plain, plain[1:]) if name.startswith("__") else (name, plain):
            if candidate in self.names:
                self._refuse(candidate)
        return func(*args, **(kwargs or {}))

    def _watch(self, place: Any, attribute: str, name: str) -> None:
        # The process ends with the check, so nothing is put back.
        original = getattr(place, attribute)

        @wraps(original)
        def watched(*args: Any, **kwargs: Any) -> Any:
            self._refuse(name)
            return original(*args, **kwargs)

        setattr(place, attribute, watched)

    def _refuse(self, name: str) -> None:
        """Raises if the first caller outside torch is the learner's file, or if it is called as the answer itself."""
        frame = sys._getframe(1)
        while frame is not None and (
            frame.f_code.co_filename == __file__ or frame.f_code.co_filename.startswith(TORCH)
        ):
            frame = frame.f_back  # type: ignore[assignment]
        if frame is not None and frame.f_code.co_filename == self.file and not self._is_loading(frame):
            self._raise(name, frame.f_lineno)
        if frame is not None and (frame.f_code.co_filename, frame.f_code.co_name) == (behaviour.__file__, "handed_to"):
            self._raise(name)

    def _is_loading(self, frame: Any) -> bool:
        """Whether a line belongs to what the file does while it is loaded, such as a comparison at its end, and no
        function of it is being called."""
        own = []
        while frame is not None:
            if frame.f_code.co_filename == self.file:
                own.append(frame.f_code.co_name)
            frame = frame.f_back
        return set(own) <= LOADING

    def _raise(self, name: str, line: int | None = None) -> None:
        self.used = self.used or name
        where = f" in line {line}" if line else ""
        raise ForbiddenOperation(f"`{name}`{where}: this exercise is to be solved without it")
