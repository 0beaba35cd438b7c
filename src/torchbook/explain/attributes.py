"""Rules for attributes that an object does not have: the object is looked at first, then the names that are near."""

import ast
import inspect
import sys
from collections.abc import Mapping
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np
from torch import Tensor, nn
from torch.utils.data import Subset

from torchbook.explain.attributes_of_models import (
    OF_KERAS,
    misnamed_init,
    no_module,
    of_mapping,
    of_module,
    of_state_dict,
    quoted,
)
from torchbook.explain.attributes_of_values import (
    OF_LISTS,
    of_array,
    of_container,
    of_number,
    of_picture,
    of_tensor,
    of_text,
)
from torchbook.explain.called_function import called_class
from torchbook.explain.failing_code import UNKNOWN, attribute, definition, text_of
from torchbook.explain.near_names import names_of, nearest, parameters
from torchbook.explain.objects import in_words, nothing, nothing_fix
from torchbook.explain.rule import Match, Rule
from torchbook.explain.tables import of_table

_OF_PATHS = {
    "read": "The text of a file is `path.read_text()`.",
    "readlines": "The lines of a file are `path.read_text().splitlines()`.",
    "write": "A text is written by `path.write_text(text)`.",
    "join": "Paths are joined with `/`: `folder / name`.",
    "split": "Its parts are `path.parts`, its name `path.name`, without the ending `path.stem`.",
    "endswith": "The ending of its name is `path.suffix`: `path.suffix == '.png'`.",
    "startswith": "The beginning of its name: `path.name.startswith(...)`.",
    "listdir": "What is in a folder: `path.iterdir()`.",
}
_ATTRIBUTE = r"'(?P<type>[\w.]+)' object has no attribute '(?P<name>\w+)'"


def _what(match: Match) -> str:
    owner = _owner(match)
    if owner is None:
        return nothing(match, f"has no `{match['name']}`")
    if owner is not UNKNOWN and _asked_by_library(match):
        call = match.context.code.call
        function = text_of(call.func) if call else ""
        return f"`{function or 'A function'}` was given {in_words(owner)}, which has no `{match['name']}`."
    return f"{_subject(match)} has nothing called `{match['name']}`."


def _subject(match: Match) -> str:
    owner = _owner(match)
    if owner is UNKNOWN:
        return f"Something of type `{match['type']}`"
    source = _source(match)
    return f"`{source}`, {in_words(owner)}," if source else f"{in_words(owner)[:1].upper()}{in_words(owner)[1:]}"


def _owner(match: Match) -> Any:
    """Returns the object that was asked, `UNKNOWN` if it is not known."""
    owner = getattr(match.error, "obj", UNKNOWN)
    if owner is None and "NoneType" not in str(match.error):
        owner = UNKNOWN
    if owner is UNKNOWN:
        instance = match.context.arguments.get("self", UNKNOWN)
        if type(instance).__name__ == match["type"].rpartition(".")[2]:
            return instance
        node = match.context.code.expression
        if isinstance(node, ast.Attribute):
            owner = match.context.code.value(node.value)
            if owner is not UNKNOWN and type(owner).__name__ != match["type"].rpartition(".")[2]:
                return UNKNOWN
    return owner


def _source(match: Match) -> str:
    """Returns the expression of the object as it is written in the failing line."""
    node = match.context.code.expression
    return text_of(node.value) if isinstance(node, ast.Attribute) and node.attr == match["name"] else ""


def _fix(match: Match) -> str:
    owner, name = _owner(match), match["name"]
    source = _source(match) or "x"
    if owner is None:
        return nothing_fix(match)
    if _asked_by_library(match):
        return _given_to_library(match, owner)
    for look in (
        _class,
        of_mapping,
        of_state_dict,
        _function,
        of_module,
        of_tensor,
        of_array,
        of_picture,
        of_table,
        of_container,
        of_text,
        of_number,
    ):
        if advice := look(match, owner, name, source):
            return advice
    return _nearest_or_listed(match, owner, name)


def _asked_by_library(match: Match) -> bool:
    """Returns True if the person's line only gave the object away, and a library asked it for the attribute."""
    code = match.context.code
    written = [node.attr for node in ast.walk(code.statement or ast.Module([], [])) if isinstance(node, ast.Attribute)]
    return code.call is not None and not code.direct and match["name"] not in written


def _given_to_library(match: Match, owner: Any) -> str:
    """Returns what a function of a library takes in place of the object that it was given."""
    call = match.context.code.call
    nodes = [*call.args, *(item.value for item in call.keywords)] if call else []
    node = next((node for node in nodes if match.context.code.value(node) is owner), nodes[0] if nodes else None)
    function, given = text_of(call.func) if call else "", text_of(node) or "x"
    last = function.rpartition(".")[2]
    callee = match.context.code.callee
    if function.startswith("torchbook."):  # its public names are imported when they are first asked for
        callee = getattr(sys.modules["torchbook"], last, UNKNOWN)
    if call and getattr(callee, "__module__", "").startswith("torchbook."):
        wanted = parameters(callee)[: len(call.args)]
        name = next((name for name, argument in zip(wanted, call.args) if argument is node), "")
        if name == "run":
            tensors = f"; a model answers for tensors when called, `{given}(x)`" if isinstance(owner, nn.Module) else ""
            return f"It takes a run, such as `Run.open(folder)`{tensors}."
    if isinstance(owner, str) and last == "load" and match["name"] in ("read", "readline"):
        mode = ', "rb"' if function.startswith("pickle") else ""
        return f"It takes an open file, not its name: `with open({given}{mode}) as file: {function}(file)`."
    if function.endswith("Image.open") and match["name"] == "read":
        how = f"`Image.fromarray({given})` makes a picture of an array"
        return f"It takes the name of a file; {how}{'' if isinstance(owner, np.ndarray) else ', which is made first'}."
    if isinstance(owner, nn.Module) and match["name"] in ("size", "shape", "dim", "dtype", "detach"):
        return f"A layer was given in place of a tensor: call it first, `{given}(x)`."
    if isinstance(owner, list) and match["name"] in ("size", "shape", "dim", "dtype", "backward"):
        return f"Make one tensor of the list: `torch.tensor({given})`, or `torch.stack({given})` of tensors."
    if isinstance(owner, int | float) and match["name"] in ("size", "shape", "dim", "dtype"):
        return of_number(match, owner, match["name"], given)
    return ""


def _class(match: Match, owner: Any, name: str, source: str) -> str:
    if not isinstance(owner, type):
        return ""
    own = nearest(name, [other for other in dir(owner) if not other.startswith("__")])
    if hasattr(owner, name):
        return f"`{source}` is the class itself: make an object of it first, `{source}(...)`."
    made = owner.__dict__.get("__init__")
    stored = [node.attr for node in ast.walk(definition(made) or ast.Module([], [])) if isinstance(node, ast.Attribute)]
    if name in stored:
        return f"`{source}` is the class itself; `{name}` belongs to its objects: `{source.lower()} = {source}(...)`."
    if near := own or nearest(name, stored):
        return f"Did you mean `{source}.{near}`?"
    return f"`{source}` is the class itself: is an object of it meant, `{source}(...)`?"


def _function(match: Match, owner: Any, name: str, source: str) -> str:
    if not isinstance(owner, FunctionType | MethodType | BuiltinFunctionType) and not inspect.isroutine(owner):
        return ""
    called = getattr(owner, "__name__", "")
    if called == name or getattr(owner, "__module__", None) == name:
        return (
            f"`{source}` is the function `{called}` itself here, because of `from ... import {called}`: write "
            f"`{source}()`, or import the module, `import {getattr(owner, '__module__', called)}`."
        )
    place = match.context.code.origin(source) if source.isidentifier() else None
    if place is not None and isinstance(place.value, ast.Attribute):
        return (
            f"In line {place.line} the brackets of the call are missing: `{source} ="
            f" {text_of(place.value) or '...'}()`."
        )
    return (
        f"`{source}` is the function itself, not its result; the brackets of the call are missing: `{source}().{name}`."
    )


def _nearest_or_listed(match: Match, owner: Any, name: str) -> str:
    source = _source(match) or "x"
    if owner is UNKNOWN:
        return _by_type(match)
    if advice := misnamed_init(type(owner)) or no_module(type(owner), name):
        return advice
    if isinstance(owner, PurePath) and name in _OF_PATHS:
        return _OF_PATHS[name]
    public = [other for other in names_of(owner) if not other.startswith("_")]
    if f"set_{name}" in public:
        return f"Here it is `set_{name}(...)`."
    if isinstance(owner, str | list | tuple | int | float):
        return ""
    inner = attribute(owner, "dataset")
    if inner not in (None, UNKNOWN) and name in names_of(inner):
        part = f"; the examples of this part are those at `{source}.indices`" if "indices" in public else ""
        return f"It is in the data set inside: `{source}.dataset.{name}`{part}."
    if isinstance(owner, Subset) and name in ("targets", "labels", "classes"):
        what = "Labels" if name != "classes" else "Classes"
        return (
            f"A part of a split has no {name} of its own. {what} are in the data set inside, `{source}.dataset`; those"
            f" of the part one by one: `[label for _, label in {source}]`."
        )
    near = nearest(name, public)
    made = vars(type(owner)).get("__init__")
    if not near and (tree := definition(made)) is not None:
        if name in made.__code__.co_varnames:
            return f"In `__init__` it is a name of that function only: store it in the object, `self.{name} = {name}`."
        if line := _set_further_down(match, tree, name):
            return f"It gets its value in line {line} only, which is further down: put that line before this one."
        return f"Is it set in `__init__`, as `self.{name} = ...`?" if tree else ""
    if near:
        return f"Did you mean `{near}`?"
    return f"It has {quoted(public)}." if 0 < len(public) <= 8 else ""


def _set_further_down(match: Match, tree: ast.FunctionDef, name: str) -> int:
    """Returns the line of `__init__` below the failing one in which the attribute is set, 0 if there is none."""
    targets = [target for node in ast.walk(tree) if isinstance(node, ast.Assign) for target in node.targets]
    below = [target.lineno for target in targets if isinstance(target, ast.Attribute) and target.attr == name]
    return next(
        (line for line in below if match.context.code.function == "__init__" and line > match.context.code.line), 0
    )


def _by_type(match: Match) -> str:
    """Returns advice for an object that is known by its type alone, as from a recorded message."""
    kind, name = match["type"].rpartition(".")[2], match["name"]
    stand_ins: Mapping[str, Any] = {"list": [], "tuple": (), "str": "", "float": 0.0, "int": 0, "ndarray": np.zeros(1)}
    if kind in stand_ins:
        for look in (of_tensor, of_array, of_container, of_text, of_number):
            if advice := look(match, stand_ins[kind], name, "x"):
                return advice
    if kind == "Tensor":
        return OF_LISTS.get(name, "")
    if kind in ("function", "method", "builtin_function_or_method"):
        return "This is a function itself, not its result: the brackets of the call are missing."
    if (kind_of_program := called_class(match, kind)) and (advice := no_module(kind_of_program, name)):
        return advice
    if kind == "OrderedDict" and name in ("eval", "train", "to", "parameters", "cuda", "forward"):
        return of_state_dict(match, {"weight": Tensor()}, name, "weights")
    return OF_KERAS.get(name, "") if kind in ("Sequential", "Linear", "Net", "Model") else ""


def _class_what(match: Match) -> str:
    return f"The class `{match['type']}` has nothing called `{match['name']}`."


def _class_fix(match: Match) -> str:
    owner = getattr(match.error, "obj", UNKNOWN)
    name, written = match["name"], _source(match) or match["type"].rpartition(".")[2]
    if not isinstance(owner, type):
        return f"If an object of the class is meant, make it first: `{written}(...)`."
    if owner.__name__ == name or owner.__module__ == name:
        return (
            f"`{written}` is the class itself here, because of `from {owner.__module__} import {owner.__name__}`: leave"
            f" the first `{written}.` out."
        )
    return _class(match, owner, name, written)


RULES = (
    Rule(
        "attribute-of-a-class",
        "python",
        r"type object '(?P<type>[\w.]+)' has no attribute '(?P<name>\w+)'",
        _class_what,
        _class_fix,
    ),
    Rule(
        "nothing-where-an-object-should-be",
        "python",
        r"'(?P<type>NoneType)' object has no attribute '(?P<name>\w+)'",
        _what,
        _fix,
    ),
    Rule("unknown-attribute", "python", _ATTRIBUTE, _what, _fix),
    Rule(
        "attribute-cannot-be-set",
        "python",
        r"property '(?P<name>\w+)' of '(?P<type>[\w.]+)' object has no setter|can't set attribute '(?P<name2>\w+)'",
        "`{name}` is computed by the object each time and cannot be given a value.",
        "Store the value under another name, such as `self._{name}`, or change what it is computed from.",
    ),
)
