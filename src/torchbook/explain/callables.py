"""Rules for objects that are called and are no functions."""

import ast
import builtins
import sys
from typing import Any

from torch import optim

from torchbook.explain.attributes_of_models import no_module
from torchbook.explain.called_function import called_class, listed
from torchbook.explain.failing_code import UNKNOWN, definition, text_of
from torchbook.explain.near_names import names_of
from torchbook.explain.objects import capital, in_words, is_state_dict, nothing, nothing_fix, type_in_words
from torchbook.explain.rule import Match, Rule

_PROPERTIES = ("T", "mT", "shape", "dtype", "device", "grad", "data", "requires_grad", "training", "is_leaf")


def _given_to_library(match: Match) -> tuple[ast.expr, Any] | None:
    """Returns the argument of the failing line that a library called in vain, and its object; None if there is none."""
    call, code = match.context.code.call, match.context.code
    if call is None or code.direct:
        return None
    kind = match["type"].rpartition(".")[2]
    for node in (*call.args, *(item.value for item in call.keywords)):
        value = code.value(node)
        if value is not UNKNOWN and type(value).__name__ == kind:
            return node, value
    return None


def _not_callable(match: Match) -> str:
    node = match.context.code.call
    written = text_of(node.func) if node else ""
    value = match.context.code.callee
    if match["type"] == "NoneType":
        return nothing(match, "cannot be called")
    if written and value is not UNKNOWN and type(value).__name__ == match["type"].rpartition(".")[2]:
        return f"`{written}` is {in_words(value)}, and was called like a function."
    if match["type"] == "module":
        return f"A module{f', `{written}`,' if written else ''} was called like a function."
    if (given := _given_to_library(match)) is not None:
        call = match.context.code.call
        return f"`{text_of(call.func) if call else ''}` takes a function there, but was given {in_words(given[1])}."
    return f"{capital(type_in_words(match['type']))} was called like a function" + (
        f": `{written}(...)`." if written else "."
    )


def _not_callable_fix(match: Match) -> str:
    code, node, value = match.context.code, match.context.code.call, match.context.code.callee
    kind = match["type"].rpartition(".")[2]
    if kind == "NoneType":
        return nothing_fix(match)
    if (given := _given_to_library(match)) is not None:
        return f"Give the function itself, or leave `{text_of(given[0]) or 'it'}` out."
    if (owner := called_class(match, kind)) and (advice := no_module(owner, "__call__")):
        return advice
    if kind == "_IncompatibleKeys":
        return (
            "`load_state_dict` changes the model and returns a report: write `model.load_state_dict(...)` in a line of "
            "its own, without `model =` before it."
        )
    function = node.func if node else None
    written = text_of(function)
    if isinstance(function, ast.Constant | ast.BinOp):
        return "In a product the `*` must be written: `2 * (x + 1)`."
    if isinstance(function, ast.Attribute):
        name = function.attr
        owner = code.value(function.value)
        if isinstance(owner, object) and f"set_{name}" in names_of(owner):
            return f"To set it write `{text_of(function.value)}.set_{name}(...)`."
        if name in _PROPERTIES or any(isinstance(getattr(kind, name, None), property) for kind in code.names.values()):
            return f"It is a value, not a function: leave the brackets out, `{written}`."
        if name in getattr(owner, "__dict__", {}) and hasattr(type(owner), name):
            place = _stored_at(match, name)
            return (
                f"The method `{name}` was overwritten{place} by an assignment, `{written} = ...`: take that line out "
                f"and call `{written}()`."
            )
    if kind == "module":
        module = value if value is not UNKNOWN else None
        name = module.__name__.rpartition(".")[2] if module is not None else written
        if callable(getattr(module, "open", None)):
            return f"The function of that module is meant: `{written}.open(...)`."
        around = sys.modules.get(module.__name__.rpartition(".")[0]) if module is not None else None
        if kinds := [kind for kind in dir(around) if kind.casefold() == name.casefold() and kind != name]:
            return f"The class is written with capitals: `{getattr(around, '__name__', '')}.{kinds[0]}(...)`."
        inner = getattr(module, name, None) or getattr(module, name.capitalize(), None)
        if inner is not None and callable(inner):
            return f"The function of that module is meant: `{written}.{inner.__name__}(...)`."
        return f"Name what is in it: `{written or 'module'}.name(...)`."
    if isinstance(function, ast.Name):
        if hasattr(builtins, function.id):
            origin = code.origin(function)
            at = f" in line {origin.line}" if origin else ""
            return (
                f"The name `{function.id}` was given another value{at}, which hides Python's own `{function.id}`: use "
                f"another name there (in a notebook also `del {function.id}`)."
            )
        return _overwritten(match, function.id) or _by_kind(match, kind, value, written)
    return _by_kind(match, kind, value, written)


def _by_kind(match: Match, kind: str, value: Any, written: str) -> str:
    name = written or "x"
    if kind == "DataLoader":
        return f"A loader is looped over as it is: `for x, y in {name}:`."
    if kind == "Text" and match.context.code.call and isinstance(match.context.code.call.func, ast.Attribute):
        return f"On an axis it is `set_{match.context.code.call.func.attr}(...)`; without `set_` it is for `plt`."
    if kind in ("list", "tuple", "dict", "ndarray", "ModuleList"):
        if kind == "tuple" and match.context.code.python_warning():
            return "A comma is missing before the bracket."
        if kind == "tuple" and value is not UNKNOWN and len(value) == 1 and callable(value[0]):
            place = _stored_at(match, name.rpartition(".")[2])
            return f"The comma at the end of its line{place and f',{place},'} makes a tuple of it: leave the comma out."
        return f"Entries are taken with square brackets: `{name}[0]` instead of `{name}(0)`."
    if isinstance(value, optim.Optimizer):
        return f"An optimizer takes a step: `{name}.step()`."
    if kind in ("int", "float"):
        return f"If a product is meant, the `*` is missing; otherwise `{name}` has taken the name of a function."
    if is_state_dict(value):
        model = "net" if name == "model" else "model"
        return (
            f"Build the model as it was built for the training, and put the weights into it:"
            f" `{model}.load_state_dict({name})`."
        )
    if kind == "str" and (place := _stored_at(match, name.rpartition(".")[2])) and "." in name:
        return f"It was overwritten{place} by an assignment: call the function there, `{name}(...)`."
    if kind == "str":
        return f"`{name}` has taken the name of a function, or the brackets do not belong there."
    if kind == "dtype":
        return f"It is the name of a number format: `x.to({name})` converts, `torch.tensor(x, dtype={name})` makes."
    if kind == "bool":
        return "It is a value, not a function: leave the brackets out."
    own = definition(vars(type(value)).get("__init__")) if value is not UNKNOWN else None
    if own is not None:
        return (
            "Its class defines no `__call__`; call one of its methods:"
            f" {listed([n for n in vars(type(value)) if not n.startswith('_')])}."
        )
    return ""


def _stored_at(match: Match, name: str) -> str:
    for node in ast.walk(match.context.code.tree or ast.Module([], [])):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == name:
                    return f" in line {node.lineno}"
    return ""


def _overwritten(match: Match, name: str) -> str:
    """Returns the advice for `loss = loss(x)`, "" if there is no such line."""
    for place in match.context.code.assignments(name):
        if place.value is not None and _calls_itself(place.value, name):
            return (
                f"In line {place.line} the result was stored under the name of what made it: give the result another"
                f" name than `{name}`."
            )
    return ""


def _calls_itself(value: ast.expr, name: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(value)
    )


def _steps(match: Match) -> bool:
    """Returns True for `optimizer.step(loss)`."""
    return "closure" in match.context.arguments and not match.context.code.direct


def _tensor_called(match: Match) -> str:
    if _steps(match):
        return "`step` of an optimizer takes no loss: it uses the gradients that `backward` has stored."
    if _given_to_library(match):
        return _not_callable(match)
    return (
        "A tensor was called like a function: round brackets where square ones belong, or a tensor has taken the name "
        "of a function."
    )


def _tensor_called_fix(match: Match) -> str:
    if _steps(match):
        call = match.context.code.call
        optimizer, loss = (
            (text_of(call.func), text_of(call.args[0])) if call and call.args else ("optimizer.step", "loss")
        )
        return f"Call `{loss or 'loss'}.backward()` first, and then `{optimizer}()` without an argument."
    if _given_to_library(match):
        return _not_callable_fix(match)
    node = match.context.code.call
    if node is not None and isinstance(node.func, ast.Attribute) and node.func.attr in _PROPERTIES:
        written = text_of(node.func)
        return f"`{node.func.attr}` is a value, not a function: leave the brackets out, `{written}`."
    if node is not None and isinstance(node.func, ast.Name):
        name = node.func.id
        if overwritten := _overwritten(match, name):
            return overwritten
        return f"Write `{name}[0]` for an entry; if a function called `{name}` is meant, give the tensor another name."
    if node is not None and isinstance(node.func, ast.BinOp | ast.Call):
        return "In a product the `*` must be written: `a * (b + c)`."
    return "Write `x[0]` instead of `x(0)`, and give tensors other names than functions."


RULES = (
    Rule(
        "tensor-called",
        "python",
        r"'(?P<type>Tensor)' object is not callable",
        _tensor_called,
        _tensor_called_fix,
        ("tensor",),
    ),
    Rule(
        "shape-called",
        "python",
        r"'torch\.Size' object is not callable",
        "`shape` is not a function but a tuple of sizes.",
        "Write `x.shape[0]` or `x.size(0)`.",
        ("shape",),
    ),
    Rule("not-a-function", "python", r"'(?P<type>[\w.]+)' object is not callable", _not_callable, _not_callable_fix),
)
