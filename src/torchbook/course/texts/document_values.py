"""The numbers in the prose of a document: `{{ expression }}` or `{{ expression:format }}`, with a blank on both sides.

The blanks tell a value from the braces of a formula, as in `\frac{{a}}{b}`.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from torchbook.errors import TorchbookError

_VALUE = re.compile(r"\{\{ (.+?) \}\}", re.DOTALL)
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
# A formula: `$$...$$`, or `$...$` without a blank inside at either end.
FORMULA = re.compile(r"\$\$(?P<display>.+?)\$\$|(?<![\\$])\$(?!\s)(?P<inline>[^$]+?)(?<!\s)\$(?!\d)", re.DOTALL)

_SIGN = re.compile(r"(\\cdot|\\times|[+-])\s*\{*$")


@dataclass(frozen=True)
class Value:
    """An expression whose value stands in prose, its format as `format()` takes it, and where it stands.

    `line` is its line in the document; `in_formula` says that it must be written as TeX, and `after_sign` that an
    operator stands before it there, so that a negative number needs brackets.
    """

    expression: str
    format: str
    line: int
    in_formula: bool = False
    after_sign: bool = False


def values(text: str, line: int, name: str) -> tuple[Value, ...]:
    """The values in a text that begins at `line` of the document `name`, in their order.

    Raises:
        TorchbookError: an expression is not Python, or braces are not closed; the message has the line.
    """
    matches = list(_VALUE.finditer(text))
    masked = _VALUE.sub(lambda match: "0" * len(match[0]), text)
    masked = _CODE.sub(lambda match: "0" * len(match[0]), masked)
    formulas = [match.span() for match in FORMULA.finditer(masked)]
    outside = FORMULA.sub(lambda match: "0" * len(match[0]), masked)
    if "{{" in outside:
        raise TorchbookError(
            f"{name}:{_line(text, outside.index('{{'), line)}: braces that are not closed, or without blanks; "
            "write {{ expression }}"
        )
    in_order = []
    for match in matches:
        at = _line(text, match.start(), line)
        expression, form = _parted(match[1], f"{name}:{at}")
        in_formula = any(start <= match.start() < end for start, end in formulas)
        after_sign = in_formula and bool(_SIGN.search(text[: match.start()]))
        in_order.append(Value(expression, form, at, in_formula, after_sign))
    return tuple(in_order)


def filled(text: str, texts: Iterable[str]) -> str:
    """The text with its values written out, one text for each of them."""
    given = iter(texts)
    return _VALUE.sub(lambda match: next(given), text)


def _parted(inside: str, place: str) -> tuple[str, str]:
    """Expression and format. The format begins at the last colon before which there is a whole expression."""
    if _is_expression(inside):
        return inside.strip(), ""
    for colon in reversed([match.start() for match in re.finditer(":", inside)]):
        if _is_expression(inside[:colon]):
            return inside[:colon].strip(), inside[colon + 1 :]
    raise TorchbookError(f"{place}: {{{{ {inside} }}}} is no Python expression")


def _is_expression(text: str) -> bool:
    try:
        ast.parse(f"({text.strip()}\n)", mode="eval")
    except (SyntaxError, ValueError):
        return False
    return bool(text.strip())


def _line(text: str, position: int, first: int) -> int:
    return first + text.count("\n", 0, position)
