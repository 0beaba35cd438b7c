"""A control of a document, as its directive says: `slider x, -3, 3, step=0.5, value=2.0, label="input $x$"`."""

import ast
import re
from collections.abc import Iterable
from typing import Any

from torchbook.course.texts.document_parts import Control, ControlKind
from torchbook.errors import TorchbookError

# What may stand without its name after the control's own, and what may stand with it.
_PLAIN = {"slider": ("minimum", "maximum"), "choice": ("options",), "number": ("value",), "button": ()}
_NAMED = {
    "slider": ("step", "value", "label", "options"),
    "choice": ("value", "label"),
    "number": ("minimum", "maximum", "step", "label"),
    "button": ("label",),
}
_COMPUTED = re.compile(r"(?P<name>\w+)\s*,\s*\{\{ (?P<expression>.+) \}\}(?P<rest>.*)", re.DOTALL)


def read_control(kind: ControlKind, text: str, line: int, id: str, name: str) -> Control:
    """The control that a directive of that kind describes with `text`; `name` is the document's.

    Raises:
        TorchbookError: it is not written as it must be, or its value is none that it can have.
    """
    place = f"{name}:{line}: {kind}"
    if kind in ("slider", "choice") and (computed := _COMPUTED.fullmatch(text)):
        return _computed(kind, computed, line, id, place)
    variable, given = _arguments(kind, text, place)
    options = tuple(given.get("options", ()))
    limits = {key: given.get(key) for key in ("minimum", "maximum", "step")}
    for key, number in limits.items():
        if number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
            raise TorchbookError(f"{place} {variable}: {key} must be a number, got {number!r}")
    low, high, step = limits["minimum"], limits["maximum"], limits["step"]
    if not options and kind == "slider" and (low is None or high is None):
        raise TorchbookError(
            f"{place} {variable}: expected two ends, as in 'slider {variable}, -3, 3', or options=[...]"
        )
    if kind == "choice" and len(options) < 2:
        raise TorchbookError(f"{place} {variable}: expected two or more options, as in 'choice {variable}, [1, 2]'")
    if (low is not None and high is not None and low >= high) or (step is not None and step <= 0):
        raise TorchbookError(f"{place} {variable}: expected minimum < maximum and step > 0, got {low}, {high}, {step}")
    value = 0 if kind == "button" else given.get("value", options[0] if options else low)
    low = 0 if kind == "button" else low
    if not options and any(isinstance(number, float) for number in (low, high, step)) and isinstance(value, int):
        value = float(value)
    control = Control(id, line, kind, variable, value, str(given.get("label", variable)), low, high, step, options)
    check_value(control, value, place)
    return control


def _computed(kind: ControlKind, match: re.Match[str], line: int, id: str, place: str) -> Control:
    """The control whose options a Python expression gives."""
    expression = match["expression"].strip()
    try:
        ast.parse(expression, mode="eval")
    except SyntaxError as error:
        raise TorchbookError(f"{place} {match['name']}: {expression!r} is no Python expression: {error.msg}") from None
    variable, given = _arguments(kind, f"{match['name']}{match['rest']}", place)
    if others := given.keys() - {"label"}:
        raise TorchbookError(f"{place} {variable}: computed options have only a label, got {min(others)}")
    return Control(id, line, kind, variable, None, str(given.get("label", variable)), expression=expression)


def computed_options(control: Control, value: object, place: str) -> tuple[object, ...]:
    """Returns the options that the expression of a control has given.

    Raises:
        TorchbookError: they are fewer than two, or more than a page can hold; the message begins with `place`.
    """
    options = tuple(value) if isinstance(value, Iterable) else ()
    plain = all(isinstance(option, str | int | float) for option in options)
    if len(options) < 2 or not plain:
        expected = "two or more numbers or strings"
        raise TorchbookError(f"{place} {control.name}: expected {expected} from {control.expression}, got {value!r}")
    return options


def check_value(control: Control, value: object, place: str) -> None:
    """Raises a TorchbookError that begins with `place` if the control cannot have this value."""
    if control.expression:
        return
    if control.options:
        if value not in control.options:
            raise TorchbookError(
                f"{place} {control.name}: {value!r} is none of {', '.join(map(repr, control.options))}"
            )
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TorchbookError(f"{place} {control.name}: expected a number, got {value!r}")
    low = -float("inf") if control.minimum is None else control.minimum
    high = float("inf") if control.maximum is None else control.maximum
    if not low <= value <= high:
        raise TorchbookError(f"{place} {control.name}: {value!r} is not between {low:g} and {high:g}")


def _arguments(kind: ControlKind, text: str, place: str) -> tuple[str, dict[str, Any]]:
    try:
        # A backslash stands for itself, as in "rate $\eta$".
        call = ast.parse(f"_({text})".replace("\\", "\\\\"), mode="eval").body
        assert isinstance(call, ast.Call)
        head, *rest = call.args
        assert isinstance(head, ast.Name)
    except (SyntaxError, ValueError, AssertionError):
        raise TorchbookError(f"{place}: expected a name and values after commas, got {text!r}") from None
    given: dict[str, Any] = {}
    if len(rest) > len(_PLAIN[kind]):
        raise TorchbookError(f"{place} {head.id}: at most {len(_PLAIN[kind])} values without a name, got {len(rest)}")
    for key, node in [*zip(_PLAIN[kind], rest), *((word.arg or "**", word.value) for word in call.keywords)]:
        if key not in _PLAIN[kind] + _NAMED[kind] or key in given:
            names = ", ".join(dict.fromkeys(_PLAIN[kind] + _NAMED[kind]))
            raise TorchbookError(f"{place} {head.id}: {key!r} is not known, or there twice; known are {names}")
        try:
            given[key] = ast.literal_eval(node)
        except ValueError:
            raise TorchbookError(f"{place} {head.id}: {key} must be a plain value, got {ast.unparse(node)}") from None
    return head.id, given
