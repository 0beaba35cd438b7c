"""Explains errors of torch in plain words: what is wrong, with shapes and dtypes written out, and what to do about it.

The other files are tables of `Rule`s, one for each family of errors; `explain` looks for the first that matches.
To explain one more error, add a rule where it belongs.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from torchbook.errors import TorchbookError
from torchbook.explain import (
    argument_types,
    arguments,
    arrays,
    attributes,
    autograd,
    broadcasting,
    callables,
    counts,
    data,
    devices,
    dtypes,
    files,
    imports,
    indexing,
    iteration,
    joining,
    keys,
    layers,
    lists,
    losses,
    methods,
    names,
    operators,
    optimizers,
    plots,
    products,
    python,
    reshaping,
    slips,
    syntax,
    tables,
    texts,
    unpacking,
    workers,
)
from torchbook.explain.command_line import advice
from torchbook.explain.failing_code import FailingCode
from torchbook.explain.rule import Match, Rule
from torchbook.explain.traceback_context import TracebackContext

__all__ = ["Explanation", "explain"]

# The first rule that matches wins: a rule for one particular mistake comes before one that would match many.
RULES: tuple[Rule, ...] = (
    *syntax.RULES,
    *slips.RULES,
    *tables.RULES,
    *workers.RULES,
    *losses.RULES,
    *layers.RULES,
    *products.RULES,
    *broadcasting.RULES,
    *reshaping.RULES,
    *joining.RULES,
    *devices.RULES,
    *dtypes.RULES,
    *autograd.RULES,
    *indexing.RULES,
    *optimizers.RULES,
    *data.RULES,
    *files.RULES,
    *arrays.RULES,
    *plots.RULES,
    *imports.RULES,
    *names.RULES,
    *attributes.RULES,
    *keys.RULES,
    *argument_types.RULES,
    *methods.RULES,
    *arguments.RULES,
    *callables.RULES,
    *operators.RULES,
    *lists.RULES,
    *unpacking.RULES,
    *iteration.RULES,
    *counts.RULES,
    *texts.RULES,
    *python.RULES,
)

_LONGEST = 20_000
_WORKER = re.compile(
    r"Caught \w+ in DataLoader worker process \d+\.\n.*^(?P<message>\w[\w.]*: .*)", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Explanation:
    """An error in plain words.

    `kind` is the family (`shape`, `dtype`, `device`, `autograd`, `index`, `value`, `memory`, `worker`, `file` or
    `python`) and `name` the particular mistake, such as `matmul-shapes`. `what` says what is wrong and `fix` what to
    do, "" where no advice is better than a guess; both are Markdown of one paragraph. `terms` can be looked up in the
    glossary. `seen` lists the tensors of the line that failed, one `x: float32 [3, 4]` each, as far as they could be
    found.
    """

    kind: str
    name: str
    what: str
    fix: str
    terms: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    def __str__(self) -> str:
        seen = f"In that line: {'; '.join(self.seen)}." if self.seen else ""
        advice = f"What to do: {self.fix}" if self.fix else ""
        return "\n".join(part for part in (self.what, seen, advice) if part)


def explain(error: BaseException) -> Explanation | None:
    """Explains what an error means and what to do; returns None if no rule knows the error.

    The error may be one that was just caught (its traceback then gives shapes that its message leaves out) or one
    without a traceback. It never raises, whatever the error is.
    """
    if isinstance(error, TorchbookError):
        return None
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:  # somebody's own exception that cannot say what it is
        return None
    # A data loader's worker sends its traceback as text; the last error in it is the one that counts.
    worker_error = _WORKER.search(text)
    message = (worker_error["message"] if worker_error else text)[:_LONGEST]
    origin = "In a worker process of the data loader: " if worker_error else ""
    # The objects of a failed program may fail in any way when they are looked at; then the message alone must do.
    contexts = tuple(_contexts(error, worker=bool(worker_error)))
    for rule in RULES:
        if text_match := re.search(rule.pattern, message):
            for context in contexts:
                with contextlib.suppress(Exception):
                    match = Match(text_match, context, error)
                    if rule.when is not None and not rule.when(match):
                        break
                    return _explanation(rule, match, origin)
    return None


def _contexts(error: BaseException, *, worker: bool) -> Iterator[TracebackContext]:
    """Yields what is known of the place of an error; what waited for a worker is not where the worker failed."""
    with contextlib.suppress(Exception):
        yield TracebackContext(code=FailingCode.of_text(str(error))) if worker else TracebackContext.of(error)
    yield TracebackContext()


def _explanation(rule: Rule, match: Match, origin: str) -> Explanation:
    what, command = rule.say(rule.what, match), match.context.command
    fix = rule.say(rule.fix, match) if command is None else advice(rule.name, command)
    return Explanation(rule.kind, rule.name, origin + what, fix, rule.terms, match.context.seen)
