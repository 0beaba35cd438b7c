"""What an answer does with one draw of a case: what comes back, what its arguments are afterwards, what it raises."""

import contextlib
import functools
import inspect
import io
import random
import re
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from numpy import random as numpy_random
from torch import Tensor

from torchbook.course.grading.cases import Case, Draw
from torchbook.course.grading.compare import structure, values
from torchbook.course.grading.frozen import as_builtin, frozen
from torchbook.errors import TorchbookError

FUNCTIONS = types.FunctionType | types.BuiltinFunctionType | functools.partial


class MissingName(Exception):
    """The file of an answer does not define a name that the checks need."""


@dataclass
class Call:
    """One call of a function of the answer: its arguments before and after, and what it returned."""

    function: str
    before: dict[str, Any]
    has_graph: bool = False  # an argument was computed from another tensor that wants its gradient
    after: dict[str, Any] = field(default_factory=dict)
    returned: Any = None
    raised: bool = True
    positional: frozenset[str] = frozenset()  # the arguments that have no name of their own
    _changed: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def changed(self, argument: str) -> tuple[str, ...]:
        """What the call changed of an argument, in words; asked for again and again, so it is kept."""
        if argument not in self._changed:
            before, after = self.before[argument], self.after[argument]
            if isinstance(before, ModelState) and isinstance(after, ModelState):
                self._changed[argument] = before.differences(after)
            else:
                self._changed[argument] = () if equal(before, after) else ("its values",)
        return self._changed[argument]


@dataclass
class Behaviour:
    """What happened: `returned` by the case, the calls that it made, or the exception that ended it."""

    returned: Any = None
    calls: list[Call] = field(default_factory=list)
    error: BaseException | None = None
    sizes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelState:
    """What can be different about a model afterwards, a copy: its values, its mode, and what of it is trained."""

    module: torch.nn.Module
    values: dict[str, Tensor]
    mode: tuple[bool, ...]
    trained: tuple[bool, ...]

    def differences(self, other: "ModelState") -> tuple[str, ...]:
        """Returns what is different, in words."""
        same = self.values.keys() == other.values.keys() and all(
            equal(value, other.values[name]) for name, value in self.values.items()
        )
        parts = {"its weights or buffers": same, "its mode (`train` or `eval`)": self.mode == other.mode}
        parts["`requires_grad` of its parameters"] = self.trained == other.trained
        return tuple(words for words, is_same in parts.items() if not is_same)


# A case, the number of the draw, and what came of it.
Probe = tuple[Case, int, Behaviour]


class Names:
    """The names that an answer defines; calls of its functions are written down."""

    def __init__(self, module: types.ModuleType, calls: list[Call], oracle: dict[str, Any] | None = None):
        self._module, self._calls, self._oracle = module, calls, oracle or {}

    def __getattr__(self, name: str) -> Any:
        if name in self._oracle:
            found = self._oracle[name]
        elif name in vars(self._module):
            found = vars(self._module)[name]
        else:
            raise MissingName(f"the name `{name}` is not defined in the file")
        return self._recorded(name, found) if isinstance(found, FUNCTIONS) else found

    def _recorded(self, name: str, function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                bound = _signature(function).bind(*args, **kwargs)
                arguments = bound.arguments
                kinds = ((key, each.kind) for key, each in bound.signature.parameters.items())
                unnamed = frozenset(key for key, kind in kinds if kind is inspect.Parameter.POSITIONAL_ONLY)
            except (TypeError, ValueError):  # it does not fit, or there is none, as for functions of torch
                given = {f"argument_{i}": value for i, value in enumerate(args)}
                arguments, unnamed = given | kwargs, frozenset(given)
            before = {key: _argument(value) for key, value in arguments.items()}
            record = Call(name, before, any(map(_has_graph, arguments.values())), positional=unnamed)
            self._calls.append(record)
            try:
                result = handed_to(function, args, kwargs)
            finally:
                record.after = {key: _argument(value) for key, value in arguments.items()}
            record.returned, record.raised = frozen(result), False
            return as_builtin(result)

        return call


def handed_to(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls a function of the answer. `forbidden` knows this place: what is called from here is the answer itself."""
    return function(*args, **kwargs)


@functools.cache
def _signature(function: Any) -> inspect.Signature:
    return inspect.signature(function)


def loaded(file: Path, name: str = "answer", *, source: bytes | None = None) -> types.ModuleType:
    """The module in `file`, run under a name of its own, so that `if __name__ == "__main__"` is left out.

    `source` takes the place of what the file holds.
    """
    module = types.ModuleType(name)
    module.__file__ = str(file)
    sys.modules[name] = module
    exec(compile(file.read_bytes() if source is None else source, str(file), "exec"), module.__dict__)
    return module


def authored(file: Path, name: str, *, source: str | None = None) -> types.ModuleType:
    """The module in a file of an exercise, or the one that `source` from that file is.

    Raises:
        TorchbookError: it cannot be run.
    """
    try:
        # No answer can import a module with such a name.
        return loaded(file, f"{name} of the exercise", source=source.encode() if source is not None else None)
    except Exception as error:
        raise TorchbookError(f"{file}: {type(error).__name__}: {error}") from error


def behave(module: types.ModuleType, case: Case, draw: Draw, oracle: dict[str, Any] | None = None) -> Behaviour:
    """Runs a case with the names of `module`; names in `oracle` come from there instead."""
    behaviour = Behaviour(sizes=draw.sizes)
    seed_everything(draw.seed)
    try:
        result = case.function(Names(module, behaviour.calls, oracle), draw, **case.arguments)
        behaviour.returned = frozen(result)
    except BaseException as error:
        behaviour.error = error
    return behaviour


def quietly(module: types.ModuleType, case: Case, draw: Draw, oracle: dict[str, Any] | None = None) -> Behaviour:
    """The same without prints and in the settings of a fresh process: for solutions and known mistakes."""
    ordinary_settings()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return behave(module, case, draw, oracle)


def ordinary_settings() -> None:
    """Puts back what an answer may set for the whole process, as far as a case could see it."""
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)


def seed_everything(seed: int) -> None:
    """The generators that an answer may draw from, so that it can be told from the solution by what it does alone."""
    torch.default_generator.manual_seed(seed)  # torch.manual_seed asks for each kind of device, which takes longer
    random.seed(seed)
    numpy_random.seed(seed % 2**32)


def difference(expected: Behaviour, got: Behaviour, case: Case, *, words: bool = True) -> str | None:
    """How two behaviours differ: structure, then inputs changed or not changed in place, then values.

    Without `words` a difference of values is not described, which takes most of the time.
    """
    if expected.error is not None or got.error is not None:
        return _errors(expected, got)
    return (
        structure(expected.returned, got.returned, expected.sizes)
        or damage(expected, got, case)
        or values(expected.returned, got.returned, expected.sizes, rtol=case.rtol, atol=case.atol, words=words)
    )


def _errors(expected: Behaviour, got: Behaviour) -> str | None:
    if expected.error is None:
        return f"it raised {type(got.error).__name__}: {got.error}"
    kind = type(expected.error)
    if got.error is None:
        back = got.returned
        is_returned = isinstance(back, Exception) or (isinstance(back, type) and issubclass(back, Exception))
        advice = " It was returned: write `raise` in the place of `return`." if is_returned else ""
        return f"nothing was raised, expected {kind.__name__}: {expected.error}{'.' if advice else ''}{advice}"
    return None if isinstance(got.error, kind) else f"it raised {type(got.error).__name__}, expected {kind.__name__}"


def damage(expected: Behaviour, got: Behaviour, case: Case) -> str | None:
    """Which argument was changed in place though it should not be, or the other way round."""
    for wanted, found in zip(expected.calls, got.calls):
        if wanted.function != found.function:
            return None
        for key, own in zip(wanted.before, found.before):
            should, did = wanted.changed(key), found.changed(own)
            if isinstance(found.before[own], ModelState):
                more = [part for part in did if part not in should]
                if more:
                    return f"the model `{own}` is different afterwards: {' and '.join(more)} changed."
                continue
            if did and not should:
                return f"the argument `{own}` was changed in place: the caller's own values are different afterwards."
            if should and not did:
                return f"the argument `{own}` should be changed in place, but it is as before."
            if should:
                where = f"the argument `{own}` after the call"
                message = structure(wanted.after[key], found.after[own], expected.sizes, where) or values(
                    wanted.after[key], found.after[own], expected.sizes, where, rtol=case.rtol, atol=case.atol
                )
                if message:
                    return message
    return None


def equal(one: Any, other: Any) -> bool:
    """Whether two frozen things are the same."""
    return structure(one, other, {}) is None and values(one, other, {}, rtol=0.0, atol=0.0, words=False) is None


def alike(one: Behaviour, other: Behaviour, expected: Behaviour, case: Case) -> bool:
    """Whether two behaviours are the same mistake: equal results, the same arguments changed, or one kind of exception.

    What is left in an argument counts only where the solution, which did `expected`, changes it too.
    """
    if one.error is not None and other.error is not None:
        if expected.error is not None:  # then the kind is what counts: the words are everybody's own
            right = type(expected.error)
            both_right = isinstance(one.error, right) and isinstance(other.error, right)
            return both_right or type(one.error) is type(other.error)
        return _kind(one.error) == _kind(other.error)
    if one.error is not None or other.error is not None:
        return False
    for a, b in ((one.returned, other.returned), (other.returned, one.returned)):
        if structure(a, b, {}) or values(a, b, {}, rtol=case.rtol, atol=case.atol, words=False):
            return False
    return all(_same_changes(*calls) for calls in zip(one.calls, other.calls, expected.calls))


def _same_changes(one: Call, other: Call, expected: Call) -> bool:
    for a, b, e in zip(one.before, other.before, expected.before):
        if one.changed(a) != other.changed(b):
            return False
        if expected.changed(e):
            left = one.after[a], other.after[b]
            if isinstance(left[0], ModelState):
                continue
            if structure(*left, {}) or values(*left, {}, words=False):
                return False
    return True


def _kind(error: BaseException) -> tuple[str, bool, str]:
    is_about_none = "'NoneType'" in str(error)  # that is a forgotten return, and no object of another type
    return type(error).__name__, is_about_none, re.sub(r"['`\"].*?['`\"]|[\d\[\]., ]+", " ", str(error))


def _has_graph(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_has_graph, value))
    return isinstance(value, Tensor) and value.grad_fn is not None


def _argument(value: Any) -> Any:
    """What an argument is at this moment; of a model, what a call may change."""
    if not isinstance(value, torch.nn.Module):
        return frozen(value)
    try:
        values = {name: tensor.detach().clone() for name, tensor in value.state_dict().items()}
        mode = tuple(module.training for module in value.modules())
        return ModelState(value, values, mode, tuple(each.requires_grad for each in value.parameters()))
    except Exception:  # it is the learner's own class, and not finished
        return value
