"""Rules for what is gone through and cannot be, and for iterators that have come to their end."""

import ast
import inspect
from typing import Any

from torch import nn
from torch.utils.data import DataLoader, Dataset

from torchbook.explain.failing_code import UNKNOWN, definition, text_of
from torchbook.explain.objects import FUNCTIONS, capital, in_words, nothing, nothing_fix, type_in_words
from torchbook.explain.rule import Match, Rule


def _gone_through(match: Match) -> tuple[ast.expr | None, Any]:
    """Returns the expression that should be gone through, and its object."""
    code, kind = match.context.code, match["type"].rpartition(".")[2]
    node: Any = code.expression
    statement = code.statement
    candidates: list[ast.expr] = []
    if isinstance(statement, ast.For):
        candidates.append(statement.iter)
    if isinstance(node, ast.Call):
        candidates += [*node.args, *(item.value for item in node.keywords)]
    if isinstance(node, ast.AugAssign):
        candidates.append(node.value)
    if isinstance(node, ast.expr):
        candidates.append(node)
    if isinstance(statement, ast.Assign):
        candidates.append(statement.value)
    for part in ast.walk(node) if isinstance(node, ast.AST) else ():
        if isinstance(part, ast.comprehension):
            candidates.append(part.iter)
    for candidate in candidates:
        value = code.value(candidate)
        if type(value).__name__ == kind or (kind in FUNCTIONS and value is not UNKNOWN and inspect.isroutine(value)):
            return candidate, value
    return None, UNKNOWN


def _not_iterable(match: Match) -> str:
    node, value = _gone_through(match)
    if match["type"] == "NoneType":
        return nothing(match, "cannot be looped over")
    if "params" in match.context.arguments:
        return f"The optimizer was given {_params_in_words(match)}; it takes the parameters of a model."
    written = text_of(node)
    who = f"`{written}` is {in_words(value)}, which" if written else f"{capital(type_in_words(match['type']))}"
    return f"{who} cannot be looped over."


def _params_in_words(match: Match) -> str:
    return f"{type_in_words(match['type'])}"


def _not_iterable_fix(match: Match) -> str:
    code, kind = match.context.code, match["type"].rpartition(".")[2]
    node, value = _gone_through(match)
    written = text_of(node) or "x"
    if kind == "NoneType":
        return nothing_fix(match)
    if kind in FUNCTIONS:
        return f"The brackets of its call are missing: `{written}()`."
    if isinstance(value, nn.Module) or "params" in match.context.arguments:
        if "params" in match.context.arguments:
            model = written if isinstance(value, nn.Module) else "model"
            return f"Pass `{model}.parameters()`."
        return f"Give its parameters, `{written}.parameters()`, or its layers, `{written}.children()`."
    if isinstance(value, type) or kind == "type":
        return f"It is the class itself: make an object of it, with brackets: `{written}(...)`."
    if isinstance(code.expression, ast.AugAssign) or isinstance(code.statement, ast.AugAssign):
        target = code.statement.target if isinstance(code.statement, ast.AugAssign) else None
        given = code.statement.value if isinstance(code.statement, ast.AugAssign) else None
        return (
            "`+=` joins two lists. To put one value into a list:"
            f" `{text_of(target) or 'values'}.append({text_of(given) or written})`."
        )
    if _bracketed(match, node):
        return f"Brackets alone make no tuple; a tuple of one needs a comma: `({written},)`."
    if any(isinstance(item, nn.Module) for item in match.context.arguments.values()) and not code.direct:
        return "Give the parameters of the model, `model.parameters()`, not the model itself."
    if kind in ("int", "float") and isinstance(code.statement, ast.For):
        if isinstance(code.statement.target, ast.Tuple) and kind == "float":
            return "Each entry is one number, and there are two names for it: count along with `enumerate(values)`."
        return (
            f"For a count write `range({text_of(code.statement.iter) or written})`."
            if kind == "int"
            else "A `for` needs a list, a tensor or a loader."
        )
    if kind in ("int", "float"):
        function = text_of(code.call.func) if code.call else ""
        if function in ("sum", "max", "min", "list", "sorted", "tuple", "set", "enumerate", "zip"):
            return f"`{function}` takes a list or a tensor: `{function}([a, b])`."
        return "A list is needed here: put the number into square brackets, `[x]`, or count with `range(n)`."
    if isinstance(value, DataLoader | Dataset) or kind.endswith("Dataset"):
        return "Wrap it: `for x, y in DataLoader(dataset, batch_size=32):`."
    own = _own(value)
    if own and isinstance(node, ast.Attribute):
        return f"A tuple of one is written with a comma, `(value,)`. Look where `.{node.attr}` was given."
    if own and not isinstance(code.statement, ast.For):
        return f"A list or a tuple is needed here. A tuple of one is written with a comma, `(value,)`. {own}"
    return f"A `for` needs a list, a tensor or a loader. {own}".rstrip()


def _own(value: Any) -> str:
    return (
        f"Is one of the attributes of `{type(value).__name__}` meant?"
        if definition(vars(type(value)).get("__init__"))
        else ""
    )


def _bracketed(match: Match, node: ast.expr | None) -> bool:
    """Returns True if an argument of the failing call is written `(x)`, as if that were a tuple."""
    code = match.context.code
    call = next((part for part in ast.walk(code.statement or ast.Module([], [])) if isinstance(part, ast.Call)), None)
    import linecache

    lines = linecache.getline(code.file, code.line)
    inner = [part for part in (call.args if call else ()) if isinstance(part, ast.Name | ast.Attribute)]
    return any(
        f"({text_of(part)})" in lines.replace(" ", "") and f",({text_of(part)})" in lines.replace(" ", "")
        for part in inner
    )


def _no_item(match: Match) -> str:
    return "There was nothing more to take: the iterator (a loader, a generator) had come to its end."


def _no_next_fix(match: Match) -> str:
    call = match.context.code.call
    written = text_of(call.args[0]) if call and call.args else "loader"
    return f"Make an iterator of it once, `iterator = iter({written})`, and take from that: `next(iterator)`."


RULES = (
    Rule(
        "not-to-be-gone-through",
        "python",
        r"'(?P<type>[\w.]+)' object is not iterable",
        _not_iterable,
        _not_iterable_fix,
    ),
    Rule(
        "not-a-container",
        "python",
        r"argument of type '(?P<type>[\w.]+)' is not (?:iterable|a container or iterable)",
        lambda match: (
            nothing(match, "holds nothing")
            if match["type"] == "NoneType"
            else f"`in` looks into a list, a string or a dictionary, not into {type_in_words(match['type'])}."
        ),
        lambda match: (
            nothing_fix(match)
            if match["type"] == "NoneType"
            else "Compare with `==`, or put the values into a list: `x in [1, 2]`."
        ),
    ),
    Rule(
        "not-an-iterator",
        "python",
        r"'(?P<type>[\w.]+)' object is not an iterator",
        lambda match: f"`next` takes from an iterator, and {type_in_words(match['type'])} is not one itself.",
        _no_next_fix,
        ("data loader",),
    ),
    Rule(
        "nothing-more-to-take",
        "python",
        r"^StopIteration: ?$",
        _no_item,
        "Loop over all of it with `for batch in loader:`; to begin anew make another iterator, `iter(loader)`.",
        ("data loader", "epoch"),
    ),
    Rule(
        "changed-while-gone-through",
        "python",
        r"(?:dictionary (?:changed size|keys changed)|Set changed size|deque mutated) during iteration",
        "A dictionary (or set) was changed inside the loop over it.",
        "Loop over a copy: `for key in list(d):`, or make a new dictionary.",
    ),
)
