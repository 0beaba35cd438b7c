"""Rules for operators between objects that do not go together: the two objects are looked at first."""

import ast
from typing import Any

from torch import Tensor, nn

from torchbook.explain.failing_code import text_of
from torchbook.explain.objects import decimal_comma, is_picture, none_operand, nothing_fix, type_in_words
from torchbook.explain.rule import Match, Rule

_FUNCTIONS = {"builtin_function_or_method", "method", "function", "method_descriptor"}
_NUMBERS = {"int", "float", "Tensor", "Parameter", "bool", "float64", "float32", "int64"}


def operands(match: Match) -> list[ast.expr]:
    """Returns the two sides of the failing operator or comparison; empty if the source does not show them."""
    node: Any = match.context.code.expression
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.AugAssign):
        return [node.target, node.value]
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    return []


def _side(match: Match, kinds: set[str]) -> ast.expr | None:
    """Returns the side that is of one of these types; "x.sum" is known, "f(x)" is not."""
    sides = operands(match)
    for node, kind in zip(sides, (match["a"], match["b"])):
        if kind in kinds:
            return node
    return None


def _what(match: Match) -> str:
    a, b = type_in_words(match["a"]), type_in_words(match["b"])
    kinds = {match["a"], match["b"]}
    sign = match["sign"].rstrip(":")
    node = none_operand(match) if "NoneType" in kinds else None
    if "NoneType" in kinds:
        written = text_of(node)
        who = f"`{written}` is None here" if written else "Something here is None (of type `NoneType`)"
        return f"`{sign}` does not go between {a} and {b}: {who}."
    function = _side(match, _FUNCTIONS)
    if kinds & _FUNCTIONS:
        written = text_of(function)
        who = f"`{written}` is a function itself" if written else "this is a function itself"
        return f"`{sign}` does not go between {a} and {b}: {who}, not its result; the brackets of its call are missing."
    return f"`{sign}` does not go between {a} and {b}."


def _given_text(match: Match) -> str:
    """Returns the advice for a string that a library compares with a number, "" for all others."""
    call, code = match.context.code.call, match.context.code
    if call is None or code.direct or "str" not in (match["a"], match["b"]):
        return ""
    values = [(item.arg or "", item.value) for item in call.keywords] + [("", node) for node in call.args]
    name, node = next(((name, node) for name, node in values if isinstance(code.value(node), str)), ("", None))
    if node is None:
        return ""
    number = "float" if "." in str(code.value(node)) else "int"
    where = f"`{name}` takes a number" if name else "A number is wanted there"
    return (
        f"{where}, and `{text_of(node)}` is a string: leave the quotes out, or convert it, `{number}({text_of(node)})`."
    )


def _fix(match: Match) -> str:
    kinds, code = {match["a"], match["b"]}, match.context.code
    if advice := _given_text(match):
        return advice
    if "NoneType" in kinds:
        return nothing_fix(match)
    if kinds & _FUNCTIONS:
        written = text_of(_side(match, _FUNCTIONS))
        if written:
            return f"Write the brackets: `{written}()`."
        return "Write the brackets: `loss.item()` instead of `loss.item`, `x.sum()` instead of `x.sum`."
    for kind in ("torch.return_types.max", "torch.return_types.min"):
        if kind in kinds:
            return _pair(match, kind.rpartition(".")[2], text_of(_side(match, {kind})))
    if match["sign"].startswith("^"):
        return "For a power write `**`: `x ** 2`."
    if "generator" in kinds:
        return "Make a list of the generator first, `list(...)`, or use a function that takes one, such as `sum(...)`."
    if any(kind.endswith("Path") for kind in kinds):
        return "A path is joined with a string, by `/`: `folder / name`, and for a number `folder / str(number)`."
    if "str" in kinds:
        return _text(match, kinds)
    if "tuple" in kinds and (advice := _tuple(match)):
        return advice
    if kinds & {"list", "tuple"}:
        return _list(match, kinds)
    if "dict" in kinds:
        node = _side(match, {"dict"})
        value, written = code.value(node), text_of(node) or "d"
        key = next(iter(value), "loss") if isinstance(value, dict) else "loss"
        return f"Take the entry that is meant out of the dictionary: `{written}[{key!r}]`."
    if any(is_picture(code.value(operand)) for operand in operands(match)):
        return "Make a tensor of the picture: `torch.from_numpy(np.array(picture)).permute(2, 0, 1).float()`."
    if "numpy.ndarray" in kinds:
        return "Make a tensor of the array first: `torch.from_numpy(array)`."
    if "type" in kinds:
        return "One side is a class itself: make an object of it, with brackets."
    if module := next((value for value in map(code.value, operands(match)) if isinstance(value, nn.Module)), None):
        return (
            f"`{type(module).__name__}` is a model or a layer: call it with its input, `model(x)`, and use the result."
        )
    if "set" in kinds or "map" in kinds or "zip" in kinds or "range" in kinds:
        return "Make a list of it first: `list(...)`."
    return _own_class(match)


def _pair(match: Match, name: str, written: str) -> str:
    call = f"{written}.values" if written else f"x.{name}(dim=1).values"
    alone = f"`x.a{name}(dim=1)` for the values alone"
    return (
        f"`{name}` with a dimension gives a pair, values and places: take one, `{call}`, or write `values, indices = "
        f"x.{name}(dim=1)`; there is {alone}."
    )


def _text(match: Match, kinds: set[str]) -> str:
    if kinds == {"str"}:
        if match["sign"].startswith("/"):
            return "Paths are joined with `/` only if the first is a `Path`: `Path(folder) / name`."
        if match["sign"].startswith("-"):
            return "Strings cannot be subtracted: convert both to numbers, `float(a) - float(b)`."
        return "Both are texts: convert them to numbers first, `float(text)`."
    side = _side(match, {"str"})
    source = match.context.code.source_of(side)
    written = text_of(side) or "text"
    if isinstance(side, ast.Constant) and match["sign"].startswith("+"):
        return 'Write the number into the string: `f"loss: {loss}"`.'
    if isinstance(source, ast.Call) and text_of(source.func) == "input":
        return f"`input` gives a string: convert it, `int({written})` or `float({written})`."
    number = kinds - {"str"} <= _NUMBERS
    if not number:
        return ""
    if match["sign"].startswith(("+", "<", ">")):
        return f'If it holds a number, convert it, `float({written})`; to write a number into a string: `f"{{x}}"`.'
    return f"The string must become a number first: `float({written})` (`input` and files give strings)."


def _tuple(match: Match) -> str:
    node = _side(match, {"tuple"})
    source = match.context.code.source_of(node)
    value = match.context.code.value(node)
    written = text_of(node) or "x"
    if number := decimal_comma(source):
        return f"The decimal sign is a point: `{number}`. A comma makes a pair of two numbers."
    if isinstance(source, ast.Tuple) and len(source.elts) == 1:
        place = match.context.code.origin(node)
        at = f" of line {place.line}" if place else ""
        return f"The comma at the end{at} makes a tuple of a number: leave it out."
    if isinstance(value, tuple) and any(isinstance(item, Tensor) for item in value):
        return (
            f"`{written}` holds {len(value)} results: take one, `{written}[0]`, or give each a name, `output, state ="
            " ...`."
        )
    return ""


def _list(match: Match, kinds: set[str]) -> str:
    node = _side(match, {"list"})
    value = match.context.code.value(node)
    written = text_of(node) or "values"
    if match["sign"].startswith("+") and not kinds & {"Tensor", "numpy.ndarray"}:
        other = text_of(next((side for side in operands(match) if side is not node), None)) or "x"
        call = match.context.code.call
        if call is not None and text_of(call.func).endswith("random_split"):
            first, *rest = (text_of(part) for part in call.args)
            return f"The data set comes first and the sizes second: `random_split({', '.join([*rest, first])})`."
        if call is not None:
            return (
                "`sum` begins with 0, which cannot be added to lists: `[x for part in parts for x in part]` joins them."
            )
        return (
            f"To put one more value into a list: `{written}.append({other})`; to add a number to each, make a tensor."
        )
    if isinstance(value, list) and value and isinstance(value[0], Tensor):
        return f"It is a list of tensors; make one tensor of them: `torch.stack({written})`."
    if isinstance(value, list) and value and isinstance(value[0], tuple | list | str | dict):
        return (
            f"`{written}` is a list of `{type(value[0]).__name__}`: take the number out of it first, such as"
            f" `{written}[0][1]`."
        )
    if match["sign"].startswith("/") and "int" in kinds:
        return (
            f"Make a tensor of the list to divide each value, `torch.tensor({written})`; its mean is `sum({written}) /"
            f" len({written})`."
        )
    sides = [text_of(side) for side in operands(match) if isinstance(match.context.code.value(side), list)]
    if len(sides) == 2 and all(sides):
        sign = match["sign"].rstrip(":=")
        both = f"`torch.tensor({sides[0]}) {sign} torch.tensor({sides[1]})`"
        return f"Make tensors of the lists to calculate number by number: {both}."
    return f"Make a tensor of the list: `torch.tensor({written})`."


def _own_class(match: Match) -> str:
    node = match.context.code.expression
    own = {match["a"], match["b"]} - _NUMBERS
    if isinstance(node, ast.Call) and text_of(node.func) == "sum" and "int" in (match["a"], match["b"]) and own:
        kind = next(iter(own))
        return (
            f"`sum` begins with the number 0, and 0 + `{kind}` is not defined: give it a start, `sum(values,"
            f" start=...)`, or define `__radd__` in the class `{kind}`."
        )
    return ""


def _times(match: Match) -> str:
    other = next((side for side in operands(match) if not isinstance(side, ast.List | ast.ListComp)), None)
    if any(
        isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div) for part in ast.walk(other or ast.Module([], []))
    ):
        return (
            "`/` always gives a fraction; a list is repeated a whole number of times, so divide with `//`: `[0] * (n //"
            " 2)`."
        )
    text = next((text_of(side) for side in operands(match) if isinstance(match.context.code.value(side), str)), "")
    if text:
        return f"A string must become a number first: `float({text})`."
    sides = [text_of(side) for side in operands(match) if isinstance(match.context.code.value(side), list)]
    written = sides[0] if sides else "values"
    if sides and isinstance(other, ast.Constant | ast.Name | ast.Attribute) and text_of(other) != sides[0]:
        return f"Make a tensor of it: `torch.tensor({written}) * {text_of(other)}`."
    factor = next((text_of(side) for side in operands(match) if text_of(side) != written), "")
    return f"Make a tensor of it: `torch.tensor({written})`" + (f", then `* {factor}`." if factor else ".")


def _bad_unary(match: Match) -> str:
    node = match.context.code.expression
    operand = node.operand if isinstance(node, ast.UnaryOp) else None
    if match["type"] in _FUNCTIONS:
        return f"The brackets of a call are missing: `{text_of(operand) or 'x.mean'}()`."
    if match["type"] == "list":
        return "Make a tensor of the list first: `-torch.tensor(values)`."
    if match["type"] == "str":
        return "A string must become a number first: `-float(text)`."
    return ""


RULES = (
    Rule(
        "strange-operands",
        "python",
        r"unsupported operand type\(s\) for (?P<sign>\S+?)(?: or pow\(\))?:? '(?P<a>[\w.]+)' and '(?P<b>[\w.]+)'",
        _what,
        _fix,
    ),
    Rule(
        "strange-comparison",
        "python",
        r"'(?P<sign>[<>]=?)' not supported between instances of '(?P<a>[\w.]+)' and '(?P<b>[\w.]+)'",
        lambda match: _what(match).replace("does not go between", "cannot compare", 1).replace(" and ", " with ", 1),
        _fix,
    ),
    Rule(
        "strange-sign",
        "python",
        r"bad operand type for unary (?P<sign>\S): '(?P<type>[\w.]+)'",
        lambda match: f"`{match['sign']}` cannot stand before {type_in_words(match['type'])}.",
        _bad_unary,
    ),
    Rule(
        "list-times-number",
        "python",
        r"can't multiply sequence by non-int of type '(?P<type>[\w.]+)'",
        "A list (or string) cannot be calculated with: `*` repeats it, and that only a whole number of times.",
        _times,
        ("tensor",),
    ),
)
