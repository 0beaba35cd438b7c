"""Rules for keys that a dictionary does not have."""

import ast
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from torchbook.explain.attributes_of_models import quoted
from torchbook.explain.failing_code import text_of
from torchbook.explain.near_names import nearest
from torchbook.explain.objects import is_state_dict
from torchbook.explain.rule import Match, Rule


def _key(match: Match) -> str:
    container = _container_of(match)
    if container is not None:
        return f"There is no entry {_quoted(match)} in `{container[0]}`."
    call = match.context.code.call
    if call is not None and not match.context.code.direct and text_of(call.func):
        return f"`{text_of(call.func)}` looked for an entry {_quoted(match)}, and there is none."
    return f"There is no entry {_quoted(match)} in this dictionary."


def _quoted(match: Match) -> str:
    key = match["name"]
    return f"`{key}`" if not key.startswith(("'", '"')) else f"`{key[1:-1]}`"


def _container_of(match: Match) -> tuple[str, Any] | None:
    """Returns the dictionary of the failing line, in words and itself."""
    node = match.context.code.expression
    if isinstance(node, ast.Subscript):
        value = match.context.code.value(node.value)
        if isinstance(value, Mapping):
            return text_of(node.value), value
    return None


def _key_fix(match: Match) -> str:
    indexed = _container_of(match)
    key = match.error.args[0] if match.error.args else ""
    if indexed is None and "state_dict" in match.context.arguments and key in ("param_groups", "state"):
        return (
            "The state of an optimizer is wanted, and this is another dictionary: save and load both, `{'model': "
            "model.state_dict(), 'optimizer': optimizer.state_dict()}`."
        )
    if indexed is None and match.context.code.call is not None and not match.context.code.direct:
        return ""
    if indexed is None:
        return "Look at what there is: `print(list(d))`."
    name, container = indexed
    keys = list(container)
    if isinstance(key, Tensor):
        node = match.context.code.expression
        written = text_of(node.slice) if isinstance(node, ast.Subscript) else ""
        return (
            "A dictionary compares a tensor as an object, not by its number: take the number out, "
            f"`{name}[{written or 'x'}.item()]`."
        )
    for other in keys:
        if isinstance(other, str) and isinstance(key, str) and other != key:
            if other.replace("\ufeff", "") == key:
                return (
                    "The first name of the file has an invisible mark before it (a BOM, as Excel writes it): open the "
                    'file with `encoding="utf-8-sig"`.'
                )
            if other.strip() == key.strip():
                return f"There is `{other!r}`, with spaces around it: take them away with `.strip()`."
        if type(other) is not type(key) and str(other) == str(key):
            return (
                f"There is `{other!r}`, of type `{type(other).__name__}`, but `{key!r}` is a `{type(key).__name__}`: "
                f"convert it, `{name}[{type(other).__name__}(key)]`."
            )
    if type(container).__name__ == "_Environ":
        return f"This environment variable is not set: `{name}.get({key!r}, 'default')` gives a value in that case."
    near = nearest(key, [other for other in keys if isinstance(other, str)]) if isinstance(key, str) else ""
    if near:
        return f"Did you mean `{name}[{near!r}]`?"
    if not keys:
        return f"`{name}` is empty: was anything put into it before this line?"
    weights = next((other for other, value in container.items() if is_state_dict(value)), None)
    if weights and isinstance(key, str):
        return f"Its entries are {quoted([str(other) for other in keys])}; the weights of the model are in `{weights}`."
    counts = all(isinstance(value, int | float) for value in container.values())
    also = f" Or ask first: `{name}.get({key!r}, 0)` gives 0 where there is none." if counts else ""
    return f"Its entries are {quoted([repr(other) for other in keys])}.{also}"


RULES = (
    Rule(
        "unknown-key", "python", r"^KeyError: (?P<name>'[^']*'|\"[^\"]*\"|-?\d+|\S+)", _key, _key_fix, ("state dict",)
    ),
)
