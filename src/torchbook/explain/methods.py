"""Rules for classes, their objects and `self`: a class in place of an object, `self` missing, `self` given twice."""

import ast
from typing import Any

from torch import nn

from torchbook.explain.arguments import count
from torchbook.explain.attributes_of_models import misnamed_init
from torchbook.explain.called_function import called_class, called_name, own_function
from torchbook.explain.failing_code import UNKNOWN, text_of
from torchbook.explain.objects import in_words
from torchbook.explain.rule import Match, Rule

# Methods that Python or a library calls by itself, with the parameters that they are given.
_SPECIAL = {
    "__getitem__": ("self, index", "with what stands in the square brackets"),
    "__setitem__": ("self, index, value", "for `object[index] = value`"),
    "__contains__": ("self, item", "for `item in object`"),
    "__eq__": ("self, other", "for `object == other`"),
    "__lt__": ("self, other", "for `object < other`"),
    "__add__": ("self, other", "for `object + other`"),
    "__radd__": ("self, other", "for `number + object`"),
    "__sub__": ("self, other", "for `object - other`"),
    "__mul__": ("self, other", "for `object * other`"),
    "__rmul__": ("self, other", "for `number * object`"),
    "__truediv__": ("self, other", "for `object / other`"),
    "__matmul__": ("self, other", "for `object @ other`"),
    "__pow__": ("self, other", "for `object ** other`"),
    "__len__": ("self", "for `len(object)`"),
    "__iter__": ("self", "for `for item in object`"),
    "__next__": ("self", "for the next item of a loop"),
    "__str__": ("self", "for `print(object)`"),
    "__repr__": ("self", "for what is shown of the object"),
    "__enter__": ("self", "at the beginning of a `with`"),
    "__exit__": ("self, kind, error, trace", "at the end of a `with`"),
    "forward": ("self, x", "with the input that the model is called with"),
}


def _first_parameter(function: Any) -> str:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return names[0] if names else ""


def _in_class(match: Match) -> bool:
    return "." in match["function"].rpartition("<locals>.")[2]


def _class_itself(match: Match) -> bool:
    """Returns True if a method was called on its class, so that an argument was taken for `self`."""
    if "'self'" in match["names"] and "and" not in match["names"]:
        return True
    call = match.context.code.call
    owner = match.context.code.value(call.func.value) if call and isinstance(call.func, ast.Attribute) else None
    function = own_function(match)
    return isinstance(owner, type) and function is not None and _first_parameter(function) == "self"


def _class_itself_what(match: Match) -> str:
    name = called_name(match)
    call = match.context.code.call
    owner = call.func.value if call and isinstance(call.func, ast.Attribute) else None
    value = match.context.code.value(owner)
    if isinstance(value, type):
        written = text_of(owner)
        is_name = written == value.__name__
        also = "" if is_name else f" `{value.__name__}`"
        return f"`{name}` was called on the class{also} itself (`{written}`), not on an object of it."
    return f"`{name}` was called on a class itself, not on an object of it."


def _class_itself_fix(match: Match) -> str:
    call = match.context.code.call
    owner = call.func.value if call and isinstance(call.func, ast.Attribute) else None
    value = match.context.code.value(owner)
    name = value.__name__ if isinstance(value, type) else "Net"
    written = text_of(owner)
    target = written if written and written != name else "model"
    return f"Make an object first, with brackets: `{target} = {name}()`."


def _self_too_much(match: Match) -> bool:
    function = own_function(match)
    return function is not None and not _in_class(match) and _first_parameter(function) == "self"


def _self_forgotten(match: Match) -> bool:
    function = own_function(match)
    return function is not None and _in_class(match) and _first_parameter(function) not in ("self", "cls")


def _self_forgotten_fix(match: Match) -> str:
    function = own_function(match)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return f"Write `self` as the first parameter: `def {function.__name__}({', '.join(['self', *names])}):`."


def _special_method(match: Match) -> str:
    """Returns the name of a method of the person's that is called by itself, with other parameters than it has."""
    function = own_function(match)
    name = getattr(function, "__name__", "")
    if function is None or name not in _SPECIAL or not _in_class(match):
        return ""
    wanted = _SPECIAL[name][0].count(",") + 1
    has = function.__code__.co_argcount
    return name if _first_parameter(function) == "self" and (has == 1 if name == "forward" else has != wanted) else ""


def _special_method_what(match: Match) -> str:
    name = _special_method(match)
    who = "The module" if name == "forward" else "Python itself"
    return f"{who} calls `{name}` {_SPECIAL[name][1]}, and its definition has other parameters than that."


def _self_given(match: Match) -> bool:
    call = match.context.code.call
    if call is None or not isinstance(call.func, ast.Attribute) or not call.args:
        return False
    owner, first = match.context.code.value(call.func.value), match.context.code.value(call.args[0])
    return owner is not UNKNOWN and owner is first


def _init_without_parameters(match: Match) -> bool:
    return match["function"].endswith("__init__") and own_function(match) is not None and match["want"] == "1"


def _init_without_parameters_what(match: Match) -> str:
    given = int(match["got"]) - 1
    name = called_name(match)
    return f"`{name}(...)` was given {count(given)}, but its `__init__` has no parameter besides `self`."


def _init_without_parameters_fix(match: Match) -> str:
    name = called_name(match)
    call, code = match.context.code.call, match.context.code
    values = [code.value(node) for node in call.args] if call else []
    if values and not all(isinstance(value, int | float | str) for value in values) and _is_module(match, name):
        return f"Make the model first and call it with its input then: `model = {name}()`, `model(x)`."
    written = (
        [node.id if isinstance(node, ast.Name) else f"size{i + 1}" for i, node in enumerate(call.args)] if call else []
    )
    inside = ", ".join(["self", *(written or ["..."])])
    return f"Give it these parameters, `def __init__({inside}):`, or leave the values out: `{name}()`."


def _is_module(match: Match, name: str) -> bool:
    """Returns True if a class is a model."""
    owner = match.context.code.names.get(name)
    return isinstance(owner, type) and issubclass(owner, nn.Module)


def _no_arguments(match: Match) -> str:
    return f"`{match['name']}()` was given a value, but the class has no `__init__` that takes one."


def _no_arguments_fix(match: Match) -> str:
    name, owner = match["name"], called_class(match, match["name"])
    if owner is not None and (advice := misnamed_init(owner)):
        return advice
    methods = vars(owner) if owner is not None else {}
    action = next((method for method in ("__call__", "forward") if method in methods), None)
    if action:
        return (
            f"Make an object first and call that: `{name.lower()} = {name}()` and then `{name.lower()}(x)`; in a list "
            f"write `{name}()`, with brackets."
        )
    return f"Define `def __init__(self, ...):` in the class, or leave the values out: `{name}()`."


def _method_without_parameters(match: Match) -> str:
    owner, name = match.context.code.receiver, match["name"]
    who = f"`{owner}` is {in_words(_receiver(match))}, and its" if owner else "The"
    return f"{who} method `{name}` takes no argument, but was given {match['got']}."


def _method_without_parameters_fix(match: Match) -> str:
    return f"Leave the brackets empty: `{match.context.code.receiver or 'x'}.{match['name']}()`."


def _receiver(match: Match) -> Any:
    function = match.context.code.call.func if match.context.code.call else None
    return match.context.code.value(function.value) if isinstance(function, ast.Attribute) else UNKNOWN


def _misnamed(match: Match) -> str:
    owner = called_class(match, called_name(match)) if match["function"].endswith("__init__") else None
    return misnamed_init(owner) if owner is not None else ""


RULES = (
    Rule(
        "init-misspelt",
        "python",
        r"(?P<function>[\w.<>]+)\(\) (?:takes (?:\d+|from \d+ to \d+) positional|got an unexpected keyword argument)",
        lambda match: f"`{called_name(match)}(...)` was given values, but the class has no `__init__` that takes them.",
        _misnamed,
        when=lambda match: bool(_misnamed(match)),
    ),
    Rule(
        "parameters-of-a-special-method",
        "python",
        r"(?P<function>[\w.<>]+)\(\) (?:missing \d+ required positional|takes (?:\d+|from \d+ to \d+) positional)",
        _special_method_what,
        lambda match: f"Define it as `def {_special_method(match)}({_SPECIAL[_special_method(match)][0]}):`.",
        when=lambda match: bool(_special_method(match)),
    ),
    Rule(
        "class-instead-of-object",
        "python",
        r"(?P<function>[\w.<>]+)\(\) missing \d+ required positional arguments?: (?P<names>.+)"
        r"|unbound method (?P<function2>[\w.]+)\(\) needs an argument(?P<names2>)",
        _class_itself_what,
        _class_itself_fix,
        ("module",),
        when=lambda match: _class_itself(match) or not match["names"],
    ),
    Rule(
        "self-too-much",
        "python",
        r"(?P<function>[\w.<>]+)\(\) (?:missing \d+ required positional arguments?: |takes \d+ positional argument)",
        lambda match: f"The function `{called_name(match)}` has `self` as its first parameter, but stands in no class.",
        "Take `self` out of its parameters; only the methods of a class have it.",
        when=_self_too_much,
    ),
    Rule(
        "self-forgotten",
        "python",
        r"(?P<function>[\w.<>]+)\(\) takes (?P<want>\d+|from \d+ to \d+) positional arguments? but (?P<got>\d+) "
        r"(?:was|were) given",
        lambda match: f"`{match['function']}` is a method of a class, but its definition has no `self`.",
        _self_forgotten_fix,
        when=_self_forgotten,
    ),
    Rule(
        "self-given-twice",
        "python",
        r"(?P<function>[\w.<>]+)\(\) takes (?P<want>\d+|from \d+ to \d+) positional arguments? but (?P<got>\d+) "
        r"(?:was|were) given",
        "The object before the dot is given to the method by itself, as `self`; in this call it stands in the brackets,"
        " too.",
        "Leave it out of the brackets: `object.method(value)`, not `object.method(object, value)`.",
        when=_self_given,
    ),
    Rule(
        "constructor-without-parameters",
        "python",
        r"(?P<function>[\w.<>]+)\(\) takes (?P<want>\d+) positional arguments? but (?P<got>\d+) (?:was|were) given",
        _init_without_parameters_what,
        _init_without_parameters_fix,
        when=_init_without_parameters,
    ),
    Rule(
        "method-without-parameters",
        "python",
        r"(?P<owner>\w+)\.(?P<name>\w+)\(\) takes no arguments \((?P<got>\d+) given\)",
        _method_without_parameters,
        _method_without_parameters_fix,
    ),
    Rule(
        "class-without-parameters",
        "python",
        r"(?P<name>\w+)\(\) takes no arguments|object\.__init__\(\) takes exactly one argument \(the"
        r" instance(?P<name2>)",
        _no_arguments,
        _no_arguments_fix,
    ),
)
