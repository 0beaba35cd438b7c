"""Objects in words, and the places that a None came from."""

import ast
import inspect
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from torch import Tensor, nn, optim

from torchbook.explain.failing_code import UNKNOWN, definition, returns_nothing, text_of
from torchbook.explain.rule import Match

# Types whose brackets were forgotten in a call.
FUNCTIONS = ("builtin_function_or_method", "method", "function")
# Methods that change their object and return nothing.
_IN_PLACE = {
    "append",
    "extend",
    "insert",
    "sort",
    "reverse",
    "clear",
    "update",
    "add",
    "shuffle",
    "remove",
    "setdefault",
}
_GIVE_NONE = {
    "get": "`.get(key)` gives None for a key that is not there",
    "match": "`re.match` gives None where the pattern is not found",
    "search": "`re.search` gives None where the pattern is not found",
    "fullmatch": "`re.fullmatch` gives None where the pattern is not found",
    "imread": "`imread` gives None for a file that is not there or no picture: check the path",
    "backward": "`backward()` returns nothing; the gradients are in `.grad` afterwards",
    "step": "`step()` returns nothing",
    "zero_grad": "`zero_grad()` returns nothing",
    "print": "`print` returns nothing",
    "train_test_split": "",
}


def is_state_dict(value: Any) -> bool:
    """Returns True for a dictionary of names and tensors."""
    return (
        isinstance(value, Mapping)
        and len(value) > 0
        and all(isinstance(name, str) for name in value)
        and all(isinstance(item, Tensor) for item in value.values())
        and any("." in name or name in ("weight", "bias") for name in value)
    )


def is_picture(value: Any) -> bool:
    """Returns True for a picture of Pillow, without importing it."""
    return any(f"{kind.__module__}.{kind.__name__}" == "PIL.Image.Image" for kind in type(value).__mro__)


NO_FILES = "No file was found there: check the folder, `print(Path.cwd())`, and the pattern."


def is_from_files(match: Match, node: ast.AST | None, steps: int = 3) -> bool:
    """Returns True for a list that was made, at most by way of another one, of the files of a folder."""
    source = match.context.code.source_of(node)
    for part in ast.walk(source or ast.Module([], [])):
        if isinstance(part, ast.Attribute) and part.attr in ("glob", "rglob", "iterdir", "listdir"):
            return True
        if isinstance(part, ast.comprehension) and steps and is_from_files(match, part.iter, steps - 1):
            return True
    return isinstance(source, ast.Name) and steps > 0 and is_from_files(match, source, steps - 1)


def decimal_comma(node: ast.AST | None) -> str:
    """Returns the number that is meant by two whole numbers with a comma between them, such as `0.1` for `0,1`."""
    if not isinstance(node, ast.Tuple) or len(node.elts) != 2:
        return ""
    numbers = [item.value for item in node.elts if isinstance(item, ast.Constant) and type(item.value) is int]
    return f"{numbers[0]}.{numbers[1]}" if len(numbers) == 2 else ""


def in_words(value: Any) -> str:
    """Returns what an object is, with its article: `a list`, `the class Net`, `a state dict`."""
    if isinstance(value, type):
        return f"the class `{value.__name__}` itself"
    if isinstance(value, ModuleType):
        return f"the module `{value.__name__}`"
    if inspect.isroutine(value):
        return f"the function `{getattr(value, '__name__', '')}` itself, not its result"
    if is_state_dict(value):
        return "a state dict (weights without a model)"
    if isinstance(value, nn.Module):
        own = "" if type(value).__module__.startswith("torch.") else "model "
        return f"a {own or 'layer '}(`{type(value).__name__}`)"
    if isinstance(value, optim.Optimizer):
        return f"the optimizer (`{type(value).__name__}`)"
    if is_picture(value):
        return "a picture of Pillow"
    names = {
        "str": "a string",
        "int": "a whole number",
        "float": "a plain number",
        "bool": "one yes or no",
        "NoneType": "None",
        "ndarray": "a NumPy array",
        "dict": "a dictionary",
        "Tensor": "a tensor",
        "list": "a list",
        "tuple": "a tuple",
    }
    if type(value).__module__ == "torch.return_types":
        return f"the pair (values and indices) that `{type(value).__name__}` gives"
    kind = type(value).__name__
    return names.get(kind, f"{'an' if kind[0] in 'aeiouAEIO' else 'a'} `{kind}`")


def layer_class(kind: type) -> str:
    """Returns a class of layers as it is written: `nn.Linear` for those of torch, `Net` for others."""
    return f"nn.{kind.__name__}" if kind.__module__.startswith("torch.nn.") else kind.__name__


def type_in_words(name: str) -> str:
    """Returns the name of a type with its article, as it stands in a message of Python."""
    last = name.rpartition(".")[2]
    special = {
        "NoneType": "None",
        "ndarray": "a NumPy array",
        "str": "a string",
        "type": "a class itself",
        "builtin_function_or_method": "a function itself",
        "method": "a function itself",
        "function": "a function itself",
        "module": "a module",
        "dict": "a dictionary",
    }
    return special.get(last, f"{'an' if last[:1] in tuple('aeiouAEIO') else 'a'} `{last}`")


def capital(text: str) -> str:
    """Returns a string with a capital letter at its beginning, the others as they are."""
    return text[:1].upper() + text[1:]


def nothing(match: Match, cannot: str) -> str:
    """Returns a sentence on a None that something was asked of."""
    code, node = match.context.code, _none_node(match)
    written = text_of(node)
    if written:
        return f"`{written}` is None here, and None {cannot}."
    return f"Something is None here, and None {cannot}." + ("" if code.expression else _USUALLY)


_USUALLY = " Most often a function came to its end without `return`."


def nothing_fix(match: Match) -> str:
    """Returns where the None came from and what to do, as far as the code shows it."""
    code, node = match.context.code, _none_node(match)
    if isinstance(node, ast.Attribute) and node.attr == "grad":
        tensor = code.value(node.value)
        if isinstance(tensor, Tensor) and not tensor.is_leaf:
            return (
                f"`{text_of(node.value)}` is the result of a computation, and those keep no gradient: say "
                f"`{text_of(node.value)}.retain_grad()` before `backward`."
            )
        return (
            "Call `loss.backward()` first, and make the tensor with `requires_grad=True`; after `w = w - ...` the name "
            "stands for a new tensor without a gradient: update in place, `with torch.no_grad(): w -= lr * w.grad`."
        )
    source = code.source_of(node)
    written = text_of(node)
    place = code.origin(node)
    at = f" (line {place.line})" if place else ""
    if isinstance(source, ast.Call):
        function, called = code.value(source.func), text_of(source.func)
        last = source.func.attr if isinstance(source.func, ast.Attribute) else called
        if last == "load_state_dict":
            return "`load_state_dict` changes the model and returns a report: write it in a line of its own."
        if last in _IN_PLACE and definition(function) is None:
            return (
                f"`{called}(...)` changes its list in place and returns None{at}: write it in a line of its own, "
                f"without `{written if isinstance(node, ast.Name) else 'x'} =` before it."
            )
        if _GIVE_NONE.get(last) and definition(function) is None:
            return f"{_GIVE_NONE[last]}{at}. Ask before using it: `if {written or 'result'} is not None:`."
        tree = definition(_function_of(function))
        if tree is not None and isinstance(function, nn.Module):
            return f"`forward` of `{type(function).__name__}` gave None{at}: it must end with `return ...`."
        if tree is not None and returns_nothing(tree):
            return f"`{called}` comes to its end without `return`{at}: end it with `return ...`."
        if tree is not None:
            return f"`{called}` returned None{at}: see that every path through it ends with `return ...`."
        return f"It is what `{called}(...)` returned{at}: look at what that gives back."
    if isinstance(source, ast.Constant) and source.value is None:
        return f"`{written}` was set to None{at} and nothing else since: give it its value before this line."
    if isinstance(source, ast.Attribute) and source.attr == "grad":
        return "`.grad` is None until `loss.backward()` has reached the tensor, which needs `requires_grad=True`."
    if isinstance(node, ast.Name) and node.id in code.local_names and isinstance(code.scope, ast.FunctionDef):
        return (
            f"`{written}` is an argument of `{code.scope.name}`: give it when calling, or its value is the default,"
            " None."
        )
    if isinstance(node, ast.Attribute) and text_of(node.value) == "self":
        return (
            f"`{written}` was never given a value other than None: give it when the object is made, or ask before using"
            f" it, `if {written} is not None:`."
        )
    return (
        "Find where it was made; a `forward` must end with `return ...`, and functions in place such as `list.sort()` "
        "return nothing."
    )


def _function_of(function: Any) -> Any:
    """Returns the function that a call of an object runs: `forward` for a module."""
    if isinstance(function, nn.Module):
        return type(function).forward
    return function


def none_operand(match: Match) -> ast.expr | None:
    """Returns the part of the failing expression that is None."""
    return _none_node(match)


def _none_node(match: Match) -> ast.expr | None:
    code, node = match.context.code, match.context.code.expression
    candidates: list[Any] = []
    if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        candidates = [node.value]
    elif isinstance(node, ast.Call):
        candidates = [node.func, *node.args, *(item.value for item in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            candidates.insert(0, node.func.value)
    elif isinstance(node, ast.BinOp):
        candidates = [node.left, node.right]
    elif isinstance(node, ast.AugAssign):
        candidates = [node.target, node.value]
    elif isinstance(node, ast.Compare):
        candidates = [node.left, *node.comparators]
    elif isinstance(node, ast.expr):
        candidates = [node]
        if isinstance(node, ast.Tuple) and isinstance(code.statement, ast.Assign):
            candidates = [code.statement.value]
    elif isinstance(code.statement, ast.For):
        candidates = [code.statement.iter]
    return next((part for part in candidates if _is_none(match, part)), None)


def _is_none(match: Match, node: ast.expr) -> bool:
    value = match.context.code.value(node)
    return value is None or (value is UNKNOWN and isinstance(node, ast.Call) and match.context.code.direct)
