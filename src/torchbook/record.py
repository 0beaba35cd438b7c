"""The one reader of JSON that comes back: from a file, a page or another process. Nothing of it is believed unchecked.

A shape says what is expected:

    str, int, float, bool, dict, list   that type (a whole number is a `float` too, `True` is no number)
    object                              anything
    int | None, (shape, None)           one of these types, one of these shapes
    Number(0, 1), Number(0, whole=True) a number within bounds, which NaN is not
    {"one", "another"}                  one of these values
    [shape]                             a list of these
    {"key": shape, "other?": shape}     an object with these keys, the second of which may be missing; others are let in
    {str: shape}                        an object with any keys

Half a character, which could be neither written nor shown, becomes `?`.
"""

import contextlib
import json
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar

from torchbook.errors import TorchbookError

LARGEST = 16 << 20  # bytes of a record, unless its reader knows better
DEEPEST = 60  # lists and objects inside each other: far below what makes Python itself give up
_decode = json.JSONDecoder().decode
_TOO_DEEP = "its lists are nested too deep"
_NAMES: dict[type | None, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a whole number",
}
_NAMES |= {float: "a number", type(None): "null", None: "null", object: "anything"}

Made = TypeVar("Made")


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`."""

    low: int | float = -math.inf
    high: int | float = math.inf
    whole: bool = False


def read_record(file: Path, shape: Any, *, largest: int = LARGEST) -> Any:
    """Returns what a JSON file holds, which is of this shape.

    Raises:
        TorchbookError: it is larger than `largest` bytes, is no JSON, or is of another shape; the message names the
            file and the place in it.
        OSError: it cannot be read.
    """
    return parsed(read_bounded(file, largest), shape, file)


def read_bounded(file: Path, largest: int) -> bytes:
    """Returns the content of a file that must not have more than `largest` bytes, of which no more are read.

    Raises:
        TorchbookError: it has more.
        OSError: it cannot be read.
    """
    with file.open("rb", buffering=0) as opened:
        content = opened.readall() if os.fstat(opened.fileno()).st_size <= largest else None
    if content is None or len(content) > largest:
        raise TorchbookError(f"{file} is larger than {largest:,} bytes, which no such file is; it is not read")
    return content


def parsed(content: bytes | str, shape: Any, name: object) -> Any:
    """Returns the value that some JSON describes, which is of this shape; `name` says in the message where it is from.

    Raises:
        TorchbookError: it is no JSON, or is of another shape.
    """
    try:
        text = content if isinstance(content, str) else content.decode()
        value = _decode(text)
        problem = misfit(value, shape)
        # Only what could be odd is looked at: a log has many lines.
        if text.count("[") + text.count("{") > DEEPEST and _is_deep(value):
            problem = _TOO_DEEP
        if "\\u" in text:
            value = _whole_characters(value)
    except RecursionError:
        problem = _TOO_DEEP
    except ValueError as error:  # also of a text that is none in UTF-8
        problem = str(error)
    if problem:
        raise TorchbookError(f"{name} is damaged: {problem}")
    return value


def parsed_lines(content: bytes, shape: Any, name: object) -> tuple[list[Any], list[str]]:
    """Returns the values of the lines of JSON that are of this shape, and of each other line why it is left out."""
    lines = content.split(b"\n")
    # A log has many, and they are what they should be: then all are looked at together.
    if content.count(b"[") + content.count(b"{") <= len(lines) + DEEPEST and b"\\u" not in content:
        with contextlib.suppress(ValueError, RecursionError):
            values = list(map(_decode, content.decode().split("\n")))
            if not misfit(values, [shape]):
                return values, []
    values = []
    odd: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            values.append(parsed(line, shape, name))
        except TorchbookError as error:
            odd.append(f"line {number} of {error}; it is left out")
    return values, odd


def made(kind: Callable[..., Made], fields: dict[str, Any], name: object) -> Made:
    """Returns an object of a dataclass with these fields, which came back; `name` says in the message where from.

    Raises:
        TorchbookError: one is missing, or unknown.
    """
    try:
        return kind(**fields)
    except TypeError as error:
        raise TorchbookError(f"{name} is damaged: {brief(error)}") from None


def misfit(value: Any, shape: Any, where: str = "it") -> str:
    """Returns in words where a value is not of a shape; "" if it is."""
    if isinstance(shape, dict):
        return _misfit_of_object(value, shape, where)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return _expected(where, "a list", value)
        inner, of_item = shape[0], f"an item of {where}"
        return next((problem for item in value if (problem := misfit(item, inner, of_item))), "")
    if isinstance(shape, set):
        is_one = isinstance(value, str | int) and value in shape
        return "" if is_one else _expected(where, f"one of {', '.join(map(str, sorted(shape)))}", value)
    if isinstance(shape, Number):
        if _is(value, int if shape.whole else float) and shape.low <= value <= shape.high:
            return ""
        kind = "a whole number" if shape.whole else "a number"
        return _expected(where, f"{kind} from {shape.low:g} to {shape.high:g}", value)
    if isinstance(shape, tuple):
        problems = [misfit(value, each, where) for each in shape]
        return problems[0] if all(problems) else ""
    kinds = shape.__args__ if isinstance(shape, UnionType) else (shape,)
    if any(_is(value, kind) for kind in kinds):
        return ""
    return _expected(where, " or ".join(_NAMES[kind] for kind in kinds), value)


def _misfit_of_object(value: Any, shape: dict[Any, Any], where: str) -> str:
    if not isinstance(value, dict):
        return _expected(where, "an object", value)
    if str in shape:
        shape = dict.fromkeys(value, shape[str])
    for key, inner in shape.items():
        if type(value.get(key, misfit)) is inner:
            continue
        name = key if key in value else key.removesuffix("?")
        if name in value:
            if problem := misfit(value[name], inner, repr(name)):
                return problem
        elif name == key:
            return f"{where} has no {name!r}"
    return ""


def brief(error: Exception) -> str:
    """Returns what an error says, in one line that is not long."""
    return " ".join(str(error).split())[:200] or type(error).__name__


def _is(value: Any, kind: type | None) -> bool:
    if value is None or kind is None:
        return value is None and kind in (None, type(None), object)
    if isinstance(value, bool):
        return kind in (bool, object)
    return isinstance(value, (int, float) if kind is float else kind)


def _expected(where: str, kind: str, value: Any) -> str:
    got = _NAMES[type(value)] if isinstance(value, dict | list) else json.dumps(value)[:60]
    return f"{where} must be {kind}, got {got}"


def _whole_characters(value: Any) -> Any:
    """The value, but for half characters (`\\ud800`), which are JSON but no text: each becomes `?`."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _decode(text.encode(errors="replace").decode())
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        inner = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list))
        level = list(chain.from_iterable(inner))
        if not level:
            return False
    return True
