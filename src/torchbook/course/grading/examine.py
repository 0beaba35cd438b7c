"""Examines one answer, inside a worker: runs the cases, compares, recognises mistakes and finds the words."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from torchbook.course.grading import earlier_answers
from torchbook.course.grading.answer_text import remember_lines, text_in
from torchbook.course.grading.behaviour import (
    Behaviour,
    MissingName,
    behave,
    difference,
    loaded,
)
from torchbook.course.grading.case_as_code import retold
from torchbook.course.grading.cases import Case, Draw
from torchbook.course.grading.compare import structure
from torchbook.course.grading.describe import shown
from torchbook.course.grading.forbidden import Forbidden, ForbiddenOperation
from torchbook.course.grading.prepared_exercise import PreparedExercise
from torchbook.course.grading.recognise import recognised
from torchbook.course.grading.starter_diff import unwritten
from torchbook.explain import explain

# The first failure is described in words, and of so many there are the call and what came; others are only named.
SHOWN = 3


def examine(
    prepared: PreparedExercise,
    answer: Path,
    source: bytes,
    send: Callable[[dict[str, Any]], None],
    *,
    briefly: bool = False,
) -> None:
    """Sends `{"running": name}` before each case and `{"verdict": ...}` at the end, again once a mistake is recognised.

    `source` is what is examined, whatever the file `answer` holds by now. `briefly` ends at the first case that fails.
    """
    text = text_in(source)
    untouched = unwritten(prepared.exercise, text)
    if untouched is None:
        return send(
            _verdict("not attempted", "This is still the starter: open the file, write your answer and save it.")
        )
    remember_lines(str(answer), text)
    send({"running": ""})
    guard = Forbidden(prepared.checks.get("FORBIDDEN", ()), answer)
    try:
        with guard:
            module = loaded(answer, source=source)
    except BaseException as error:
        outcome = "forbidden" if guard.used else "error"
        return send(_verdict(outcome, str(error) if guard.used else explained(error, answer)))

    results: list[dict[str, Any]] = []
    behaviours: list[Behaviour] = []
    failed = 0
    outcome, message = "passed", ""
    for case in prepared.cases:
        send({"running": case.name})
        result = {"name": case.name, "passed": True}
        for draw, expected in zip(case.draws(prepared.seed), prepared.expected(case)):
            with guard:
                got = behave(module, case, draw)
            behaviours.append(got)
            if not result["passed"]:
                continue
            try:
                judged = _judged(expected, got, case, answer, guard, untouched, words=not failed)
            except Exception as error:  # from methods of the learner's own objects, such as __eq__
                judged = "wrong", f"the result cannot be compared: {type(error).__name__}: {error}"
            if judged is not None:
                result |= {"passed": False, "message": judged[1]}
                if failed < SHOWN:
                    result |= _texts(expected, got, case, draw)
                failed += 1
                if outcome == "passed":
                    outcome, message = judged[0], f"{case.name}: {judged[1]}"
        results.append(result)
        if briefly and outcome != "passed":
            return send(_verdict(outcome, message, results))
    if outcome == "passed":
        return send(_verdict("passed", f"Right: {len(results)} of {len(results)} cases passed.", results))
    send(_verdict(outcome, message, results))
    if outcome in ("wrong", "error"):
        mistake = recognised(prepared, behaviours, text)
        if mistake is not None:  # its hint is about this exercise; advice for anybody would contradict it
            lines = [line for line in message.splitlines() if not line.startswith("What to do: ")]
            send(_verdict(outcome, "\n".join(lines), results, *mistake))
    return None


def _texts(expected: Behaviour, got: Behaviour, case: Case, draw: Draw) -> dict[str, str]:
    return {
        "call": retold(got, case, draw),
        "returned": "" if got.error else shown(got.returned, expected.sizes),
        "expected": repr(expected.error) if expected.error else shown(expected.returned, expected.sizes),
    }


def _judged(
    expected: Behaviour,
    got: Behaviour,
    case: Case,
    answer: Path,
    guard: Forbidden,
    untouched: set[str],
    *,
    words: bool,
) -> tuple[str, str] | None:
    """The outcome and the message of a behaviour that is not right; a short message without `words`."""
    if guard.used:
        error = got.error
        text = str(error) if isinstance(error, ForbiddenOperation) else f"`{guard.used}` is forbidden in this exercise"
        return "forbidden", text
    message = difference(expected, got, case, words=words)
    if message is None:
        return None
    called = got.calls[-1].function if got.calls else ""
    if called in untouched or _placeholder(got.error, answer) or got.returned is Ellipsis:
        line = own_line(got.error, answer) if got.error else None
        part = line.name if line else called
        return "not attempted", f"`{part}` is still to be written." if part else "A part is still to be written."
    if got.error is None:
        return "wrong", _nothing_returned(expected, got) or message
    if expected.error is not None and own_line(got.error, answer) is None:
        return "wrong", message
    if not isinstance(got.error, MissingName) and own_line(got.error, answer) is None:
        # The case stumbled over what came back, so that is what is wrong.
        for wanted, call in zip(expected.calls, got.calls):
            where = f"what `{call.function}` returned"
            odd = not call.raised and structure(wanted.returned, call.returned, expected.sizes, where)
            if odd:
                return "wrong", odd
    return "error", explained(got.error, answer) if words else f"{type(got.error).__name__}: {got.error}"


def _nothing_returned(expected: Behaviour, got: Behaviour) -> str | None:
    """Says which function returned nothing, where what it returned is only a part of the case's result."""
    if got.returned is None:
        return None
    for wanted, call in zip(expected.calls, got.calls):
        if call.returned is None and not call.raised and wanted.returned is not None:
            return structure(wanted.returned, None, expected.sizes, f"what `{call.function}` returned")
    return None


def _placeholder(error: BaseException | None, answer: Path) -> bool:
    """Returns True for a `raise NotImplementedError` in the learner's file; torch has some of its own."""
    if not isinstance(error, NotImplementedError):
        return False
    last = traceback.extract_tb(error.__traceback__)[-1]
    return last.filename == str(answer) and "raise" in (last.line or "")


def explained(error: BaseException, answer: Path) -> str:
    """An exception as a learner needs it: what, where in their own file, and in plain words."""
    if isinstance(error, SyntaxError) and error.filename == str(answer):
        line = (error.text or "").strip()
        explanation = explain(error)
        advice = f"\n{explanation.fix}" if explanation and explanation.fix else ""
        return (
            f"{type(error).__name__} in line {error.lineno}: {error.msg}" + (f"\n    {line}" if line else "") + advice
        )
    if isinstance(error, MissingName):
        return str(error)
    if isinstance(error, SystemExit):
        return "the code ended the program (exit or quit) before it returned"
    where = own_line(error, answer)
    place = ""
    if where is not None:
        inside = "" if where.name == "<module>" else f" of `{where.name}`"
        place = f" in line {where.lineno}{inside}" + (f"\n    {where.line}" if where.line else "")
    explanation = explain(error)
    plain = f"\n{explanation}" if explanation else ""
    return f"{type(error).__name__}{place}\n{str(error).strip() or 'no message'}{plain}"


def own_line(error: BaseException, file: Path) -> traceback.FrameSummary | None:
    """The innermost line of a file that an exception came through."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    return own[-1] if own else None


def _verdict(
    outcome: str,
    message: str,
    results: list[dict[str, Any]] | None = None,
    mistake: str | None = None,
    hint: str | None = None,
) -> dict[str, Any]:
    return {
        "verdict": {
            "outcome": outcome,
            "message": message,
            "cases": results or [],
            "mistake": mistake,
            "hint": hint,
            "uses": list(earlier_answers.USED),
        }
    }
