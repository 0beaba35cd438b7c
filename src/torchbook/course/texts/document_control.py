"""A control of a document, as its directive says: `slider x, -3, 3, step=0.5, value=2.0, label="input $x$"`."""

import ast
from typing import Any

from torchbook.course.texts.document_parts import Control, ControlKind
from torchbook.errors import TorchbookError

# What may stand without its name after the control's own, and what may stand with it.
_PLAIN = {"slider": ("minimum", "maximum"), "choice": ("options",), "number": ("value",)}
_NAMED = {
    "slider": ("step", "value", "label", "options"),
    "choice": ("value", "label"),
    "number": ("minimum", "maximum", "step", "label"),
}


def read_control(kind: ControlKind, text: str, line: int, id: str, name: str) -> Control:
    """The control that a directive of that kind describes with `text`; `name` is the document's.

    Raises:
        TorchbookError: it is not written as it must be, or its value is none that it can have.
    """
    place = f"{name}:{line}: {kind}"
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
    value = given.get("value", options[0] if options else low)
    if not options and any(isinstance(number, float) for number in (low, high, step)) and isinstance(value, int):
        value = float(value)
    control = Control(id, line, kind, variable, value, str(given.get("label", variable)), low, high, step, options)
    check_value(control, value, place)
    return control


def check_value(control: Control, value: object, place: str) -> None:
    """Raises a TorchbookError that begins with `place` if the control cannot have this value."""
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
            known = ", ".join(dict.fromkeys(_PLAIN[kind] + _NAMED[kind]))
            raise TorchbookError(f"{place} {head.id}: {key!r} is not known, or there twice; known are {known}")
        try:
            given[key] = ast.literal_eval(node)
        except ValueError:
            raise TorchbookError(f"{place} {head.id}: {key} must be a plain value, got {ast.unparse(node)}") from None
    return head.id, given
