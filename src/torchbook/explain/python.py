"""Rules for ordinary errors of Python around tensors: names, attributes, calls, and values that are None."""

import builtins
import sys
from collections.abc import Iterable

import torch

from torchbook.command_answer import closest
from torchbook.explain.rule import Match, Rule

_NOT_A_TENSOR = "The comparison gave one yes or no instead of a tensor: are both sides tensors?"
_NUMBER = "This is a plain number already; leave `.item()` out."
_NEXT = "Write `next(iterator)` instead of `iterator.next()`."

# Fixes for a missing attribute by type of object and name of the attribute ("" for any name).
_ELSEWHERE = {
    "list": {
        "shape": "A list has no shape; make a tensor of it: `torch.tensor(values)`.",
        "mean": "A list cannot be averaged; make a tensor of it: `torch.tensor(values).mean()`.",
    },
    "float": {
        "backward": "This is a plain number without a history: call `loss.backward()` before `loss.item()`.",
        "size": "This loss takes two tensors of one shape; make one of the number: `torch.full_like(x, value)`.",
        "item": _NUMBER,
    },
    "int": {"item": _NUMBER},
    "tuple": {"shape": "This is a tuple of several results; take one of them: `output, state = layer(x)`."},
    "bool": {"sum": f"{_NOT_A_TENSOR} (`x.max(1)` gives values *and* indices.)", "all": _NOT_A_TENSOR},
    "torch.return_types.max": {"": "Write `values, indices = x.max(dim=1)`, or `x.argmax(dim=1)` for the places."},
    "torch.return_types.min": {"": "Write `values, indices = x.min(dim=1)`, or `x.argmin(dim=1)` for the places."},
    "numpy.ndarray": {"": "This is a NumPy array; make a tensor of it: `torch.from_numpy(array)`."},
    "_SingleProcessDataLoaderIter": {"next": _NEXT},
    "_MultiProcessingDataLoaderIter": {"next": _NEXT},
}

_QUOTES = str.maketrans({"'": "`", '"': "`"})


def _nearest(name: str, names: Iterable[str]) -> str:
    """Returns the most similar name, "" if none is similar."""
    return closest(name, names, cutoff=0.7) or ""


def _nearest_in_module(match: Match) -> str:
    """Returns the nearest name in a module."""
    return _nearest(match["name"], vars(sys.modules.get(match["module"]) or builtins))


def _nearest_on_object(match: Match) -> str:
    """Returns the nearest name on an object, "" if the traceback does not have the object."""
    owner = getattr(match.error, "obj", None)
    if owner is None:
        owner = match.context.arguments.get("self")
    if owner is None or type(owner).__name__ != match["type"].rpartition(".")[2]:
        return ""
    attributes = getattr(owner, "__dict__", {})
    inner = [name for part in ("_modules", "_parameters", "_buffers") for name in attributes.get(part, ())]
    return _nearest(match["name"], [*dir(type(owner)), *attributes, *inner])


def _attribute_fix(match: Match) -> str:
    fixes = _ELSEWHERE.get(match["type"], {})
    if fix := fixes.get(match["name"]) or fixes.get(""):
        return fix
    near = _nearest_on_object(match)
    return f"Did you mean `{near}`?" if near else "Check the spelling, and what the object is: `print(type(x))`."


def _name_fix(match: Match) -> str:
    imports = {"torch": "import torch", "nn": "from torch import nn", "F": "from torch.nn import functional as F"}
    imports |= {"np": "import numpy as np", "plt": "import matplotlib.pyplot as plt", "math": "import math"}
    if match["name"] in imports:
        return f"Import it at the top of the file: `{imports[match['name']]}`."
    near = _nearest(match["name"], [*match.context.names, *vars(builtins)])
    return f"Did you mean `{near}`?" if near else "Give it a value in a line before this one, and check the spelling."


def _operand_types(match: Match) -> str:
    kinds = {match["a"], match["b"]}
    if "NoneType" in kinds:
        return "Something here is None: most often a function without `return`, or a `.grad` before `backward`."
    if kinds & {"builtin_function_or_method", "method", "function"}:
        return "This is a function itself, not its result: the brackets of the call are missing."
    return "The two do not belong together; look at `type(a)` and `type(b)`."


def _operand_types_fix(match: Match) -> str:
    kinds = {match["a"], match["b"]}
    if "NoneType" in kinds:
        return "Print both sides, and see that the function which made the None ends with `return ...`."
    if kinds & {"builtin_function_or_method", "method", "function"}:
        return "Write the brackets: `loss.item()` instead of `loss.item`, `x.sum()` instead of `x.sum`."
    if kinds & {"list", "tuple"}:
        return "Make a tensor of the list: `torch.tensor(values)`."
    if "numpy.ndarray" in kinds:
        return "Make a tensor of the array first: `torch.from_numpy(array)`."
    return 'Convert one of them; in a text write f"{x.item()}".'


def _argument(match: Match) -> str:
    got = {"NoneType": "None", "ndarray": "a NumPy array"}.get(match["type"].rpartition(".")[2], f"a `{match['type']}`")
    return f"`{match['function']}` needs a tensor as its argument `{match['name']}`, but got {got}."


def _argument_fix(match: Match) -> str:
    return {
        "NoneType": "Look at where it comes from: a `forward` or another function that ends without `return`?",
        "ndarray": "Make a tensor of it: `torch.from_numpy(array).float()`.",
        "list": "Make a tensor of it: `torch.tensor(values)`.",
        "tuple": "Take one of the results out of the tuple: `output, state = layer(x)`.",
        "float": "Make a tensor of the number: `torch.tensor(value)`.",
        "int": "Make a tensor of the number: `torch.tensor(value)`.",
    }.get(match["type"].rpartition(".")[2], "Convert it to a tensor first.")


def _callable_name(match: Match) -> str:
    """Returns the name of the callable as it is written in a call: `Linear` for `outer.<locals>.Linear.__init__`."""
    return match["function"].rpartition("<locals>.")[2].removesuffix(".__init__")


def _torch_name(match: Match) -> str:
    name = match["function"]
    if name == "new":
        return "torch.Tensor"
    return f"torch.{name}" if hasattr(torch, name) else f"torch.Tensor.{name}"


def _argument_count(match: Match) -> str:
    """Says how many arguments a call takes and got, without the `self` that Python counts along."""
    before = match["function"].split(".")[-2:-1]
    is_method = before not in ([], ["<locals>"]) and match["want"].isdigit()
    want, got = match["want"], int(match["got"])
    if is_method:
        want, got = str(int(want) - 1), got - 1
    return f"`{_callable_name(match)}` takes {want} argument{'' if want == '1' else 's'}, but was given {got}."


def _keyword_fix(match: Match) -> str:
    usual = {"learning_rate": "lr", "weights_decay": "weight_decay", "in_channel": "in_channels"}
    usual |= {"out_channel": "out_channels", "dtyp": "dtype", "requires_gradient": "requires_grad", "axis": "dim"}
    if match["name"] in usual:
        return f"Here it is probably called `{usual[match['name']]}`."
    return f"Look at its arguments: `help({_callable_name(match)})`."


RULES = (
    Rule(
        "ragged-list",
        "shape",
        r"expected sequence of length (?P<want>\d+) at dim (?P<dim>\d+) \(got (?P<got>\d+)\)",
        "A tensor is rectangular: in dimension {dim} one row has {want} entries and another {got}.",
        "Make all rows equally long (cut or pad them), or keep a list of tensors.",
        ("tensor", "padding"),
    ),
    Rule(
        "ragged-array",
        "shape",
        r"setting an array element with a sequence\. The requested array has an inhomogeneous shape after "
        r"(?P<dim>\d+) dimensions",
        "An array is rectangular, but these rows have different lengths.",
        "Make all rows equally long (cut or pad them), or keep a list.",
        ("padding",),
    ),
    Rule(
        "argument-not-a-tensor",
        "python",
        r"(?P<function>\w+)\(\): argument '(?P<name>input|self|other|target|weight|tensor|mat2|vec2)' \(position "
        r"\d+\) must be Tensor, not (?P<type>[\w.]+)",
        _argument,
        _argument_fix,
        ("tensor",),
    ),
    Rule(
        "not-an-array",
        "python",
        r"expected np\.ndarray \(got (?P<type>\w+)\)",
        "`torch.from_numpy` takes a NumPy array, but got a `{type}`.",
        "Use `torch.tensor(values)` for lists and numbers.",
        ("tensor",),
    ),
    Rule(
        "dtype-as-text",
        "dtype",
        r"argument 'dtype' must be torch\.dtype, not (?P<type>\w+)",
        "A dtype is one of torch's own objects, not a `{type}`.",
        "Write it without quotes: `dtype=torch.float32`.",
        ("dtype",),
    ),
    Rule(
        "size-not-whole",
        "dtype",
        r"argument '(?P<name>size|shape|kernel_size|stride|padding)' (?:\(position \d+\) must be tuple of ints, not "
        r"(?P<type>\w+)|failed to unpack .*but got (?P<type2>\w+))",
        lambda match: (
            "Random numbers need the sizes in brackets."
            if match["type"] == "int"
            else f"A size must be a whole number, but got a `{match['type']}`."
        ),
        "Use whole numbers: `n // 2` instead of `n / 2`, `int(...)` around a result, and sizes in brackets: "
        "`torch.randint(0, 10, (3,))`.",
        ("shape",),
    ),
    Rule(
        "wrong-arguments",
        "python",
        r"(?P<function>\w+)\(\) received an invalid combination of arguments - got \((?P<got>[^)]*)\)",
        lambda match: (
            f"`{_torch_name(match)}` was called with ({match['got'].rstrip(', ')}), which fits none of the ways in "
            "which it can be called."
        ),
        lambda match: (
            f"Look at number, order and types of its arguments with `help({_torch_name(match)})`: are sizes whole "
            "numbers and in brackets, and are tensors really tensors?"
        ),
        (),
    ),
    Rule(
        "missing-argument",
        "python",
        r"(?P<function>[\w.<>]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (?P<names>.+)",
        lambda match: f"`{_callable_name(match)}` was called without {match['names'].translate(_QUOTES)}.",
        lambda match: (
            "A model takes its input, a loss predictions *and* labels."
            if match["function"].endswith(".forward")
            else "Add what is missing, in the order of the definition or by name."
        ),
        (),
    ),
    Rule(
        "sizes-as-a-list",
        "python",
        r"(?P<function>tensor|zeros|ones|rand|randn|empty|reshape|view)\(\) takes 1 positional argument but "
        r"(?P<got>\d+) were given",
        lambda match: (
            "`torch.tensor` takes one list of values, but was given several arguments."
            if match["function"] == "tensor"
            else f"`{match['function']}` takes sizes that are whole numbers, but at least one of the {match['got']} "
            "is none."
        ),
        lambda match: (
            "Put the values into brackets: `torch.tensor([1, 2, 3])`."
            if match["function"] == "tensor"
            else "Use whole numbers: `n // 2` instead of `n / 2`."
        ),
        ("tensor", "shape"),
    ),
    Rule(
        "too-many-arguments",
        "python",
        r"(?P<function>[\w.<>]+)\(\) takes (?P<want>\d+|from \d+ to \d+) positional arguments? but (?P<got>\d+) "
        r"(?:was|were) given",
        _argument_count,
        "Look at its definition; a method needs `self` as its first parameter, and many settings must be named: "
        "`name=value`.",
        (),
    ),
    Rule(
        "unknown-argument",
        "python",
        r"(?P<function>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'",
        lambda match: f"`{_callable_name(match)}` has no argument called `{match['name']}`.",
        _keyword_fix,
        (),
    ),
    Rule(
        "none-cannot",
        "python",
        r"'NoneType' object (?P<rest>has no attribute '\w+'|is not (?:callable|subscriptable|iterable))|cannot unpack "
        r"non-iterable (?P<rest2>NoneType object)",
        lambda match: (
            f"Something is None here, and None {match['rest'].replace('NoneType object', 'cannot be taken apart')}. "
            "Most often a function came to its end without `return`."
        ),
        "Find where it was made; a `forward` must end with `return ...`, and functions in place such as `list.sort()` "
        "return nothing.",
        (),
    ),
    Rule(
        "brackets-missing",
        "python",
        r"'(?P<type>builtin_function_or_method|method|function)' object is not "
        r"(?P<rest>subscriptable|iterable)|'(?P<type2>method)' object has no attribute '(?P<rest2>\w+)'",
        "This is a function itself, not its result: the brackets of the call are missing.",
        "Write `model.parameters()` instead of `model.parameters`, `x.size(0)` or `x.shape[0]` instead of `x.size[0]`.",
        (),
    ),
    Rule(
        "shape-called",
        "python",
        r"'torch\.Size' object is not callable",
        "`shape` is not a function but a tuple of sizes.",
        "Write `x.shape[0]` or `x.size(0)`.",
        ("shape",),
    ),
    Rule(
        "tensor-called",
        "python",
        r"'Tensor' object is not callable",
        "A tensor was called like a function: round brackets where square ones belong, or a tensor has taken the name "
        "of a function.",
        "Write `x[0]` instead of `x(0)`, and give tensors other names than functions.",
        ("tensor",),
    ),
    Rule(
        "loader-has-no-index",
        "python",
        r"'DataLoader' object is not subscriptable",
        "A data loader gives batch after batch and cannot be indexed.",
        "Use `for x, y in loader:` or `x, y = next(iter(loader))`; single examples come from the data set: "
        "`dataset[0]`.",
        ("data loader", "batch"),
    ),
    Rule(
        "strange-operands",
        "python",
        r"unsupported operand type\(s\) for (?P<sign>\S+?):? '(?P<a>[\w.]+)' and '(?P<b>[\w.]+)'",
        lambda match: (
            f"`{match['sign'].rstrip(':')}` does not go between `{match['a']}` and `{match['b']}`. "
            f"{_operand_types(match)}"
        ),
        _operand_types_fix,
        (),
    ),
    Rule(
        "strange-comparison",
        "python",
        r"'(?P<sign>[<>]=?)' not supported between instances of '(?P<a>[\w.]+)' and '(?P<b>[\w.]+)'",
        lambda match: f"`{match['sign']}` cannot compare `{match['a']}` with `{match['b']}`. {_operand_types(match)}",
        _operand_types_fix,
        (),
    ),
    Rule(
        "list-of-lists",
        "python",
        r"list indices must be integers or slices, not (?P<type>tuple|str|Tensor|float)",
        "A list takes one whole number as its index, but got something of type `{type}`.",
        "Make a tensor of it for `x[row, column]`: `torch.tensor(values)`; a list of lists is indexed by "
        "`values[row][column]`.",
        ("tensor",),
    ),
    Rule(
        "list-too-short",
        "index",
        r"^IndexError: (?:list|tuple) index out of range",
        "A list was asked for an entry beyond its end.",
        "Counting starts at 0: the last entry is `values[len(values) - 1]`, or `values[-1]`.",
        (),
    ),
    Rule(
        "no-such-layer-number",
        "index",
        r"^IndexError: index (?P<i>-?\d+) is out of range$",
        "There is no layer number {i} in this `nn.Sequential` or `nn.ModuleList`.",
        "They are counted from 0; print the model to see them.",
        ("layer", "module"),
    ),
    Rule(
        "text-and-number",
        "python",
        r"can only concatenate str \(not \"(?P<type>\w+)\"\) to str",
        "A text and something of type `{type}` cannot be joined by `+`.",
        'Write it into the text: `f"loss: {{loss.item():.3f}}"`.',
        (),
    ),
    Rule(
        "format-of-a-tensor",
        "python",
        r"unsupported format string passed to (?P<type>Tensor|Parameter)\.__format__",
        "A tensor cannot be written with a format such as `:.3f`; a Python number can.",
        'Take the number out: `f"{{loss.item():.3f}}"`.',
        ("scalar",),
    ),
    Rule(
        "tensor-in-json",
        "python",
        r"Object of type (?P<type>Tensor|Parameter|ndarray) is not JSON serializable",
        "JSON holds numbers, texts and lists, but no `{type}`.",
        "Convert it: `x.item()` for one number, `x.tolist()` for all.",
        ("tensor",),
    ),
    Rule(
        "take-apart-too-many",
        "python",
        r"too many values to unpack \(expected (?P<want>\d+)",
        "On the right of `=` there are more than {want} values for {want} names. A tensor is taken apart along its "
        "first dimension.",
        "Print what the right side is; `x, y = batch` needs exactly two parts.",
        (),
    ),
    Rule(
        "take-apart-too-few",
        "python",
        r"not enough values to unpack \(expected (?P<want>\d+), got (?P<got>\d+)\)",
        "On the left of `=` there are {want} names, but on the right only {got} values.",
        "Print what the right side is.",
        (),
    ),
    Rule(
        "value-before-it-exists",
        "python",
        r"cannot access local variable '(?P<name>\w+)'",
        "In this function `{name}` is assigned somewhere, so it is the function's own; here it is used before it has a "
        "value.",
        "Assign it before, or pass it in as an argument of another name.",
        (),
    ),
    Rule(
        "unknown-name",
        "python",
        r"name '(?P<name>\w+)' is not defined",
        "There is nothing called `{name}` here.",
        _name_fix,
        (),
    ),
    Rule(
        "unknown-in-module",
        "python",
        r"module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'|cannot import name '(?P<name2>\w+)' from "
        r"'(?P<module2>[\w.]+)'",
        "There is no `{name}` in `{module}`.",
        lambda match: (
            f"Did you mean `{match['module']}.{near}`?"
            if (near := _nearest_in_module(match))
            else "Look it up in the documentation of torch."
        ),
        (),
    ),
    Rule(
        "unknown-module",
        "python",
        r"No module named '(?P<name>[\w.]+)'",
        "There is no package called `{name}` here.",
        "Check the spelling, or install it: `python -m pip install {name}`.",
        (),
    ),
    Rule(
        "unknown-attribute",
        "python",
        r"'(?P<type>[\w.]+)' object has no attribute '(?P<name>\w+)'",
        "Something of type `{type}` has nothing called `{name}`.",
        _attribute_fix,
        (),
    ),
    Rule(
        "unknown-key",
        "python",
        r"^KeyError: '(?P<name>[^']+)'",
        "There is no entry `{name}` in this dictionary.",
        "Look at what there is: `print(list(d))`. The names of weights begin with the names of their layers, as "
        "`0.weight`.",
        ("state dict",),
    ),
    Rule(
        "division-by-zero",
        "value",
        r"ZeroDivisionError",
        "Something was divided by 0.",
        "Look at what the divisor counts; is a list or a data set empty?",
        (),
    ),
    Rule(
        "endless-call",
        "python",
        r"maximum recursion depth exceeded",
        "A function calls itself without end.",
        "Give it a case in which it returns without calling itself; in a module `forward` must not call `self(x)`.",
        (),
    ),
    Rule(
        "not-to-be-gone-through",
        "python",
        r"'(?P<type>\w+)' object is not iterable",
        lambda match: (
            f"The optimizer was given a `{match['type']}`; it takes the parameters of a model."
            if "params" in match.context.arguments
            else f"Something of type `{match['type']}` cannot be gone through one by one."
        ),
        lambda match: (
            "Pass `model.parameters()`."
            if "params" in match.context.arguments
            else "A `for` needs a list, a tensor or a loader; for a count write `range(n)`."
        ),
        (),
    ),
    Rule(
        "list-times-number",
        "python",
        r"can't multiply sequence by non-int of type '(?P<type>\w+)'",
        "A list cannot be calculated with: `*` repeats it, and that only a whole number of times.",
        "Make a tensor of it: `torch.tensor(values) * 0.5`.",
        ("tensor",),
    ),
    Rule(
        "text-instead-of-number",
        "value",
        r"could not convert string(?: to float:)? '(?P<text>[^']*)'"
        r"|invalid literal for int\(\) with base \d+: '(?P<text2>[^']*)'",
        "The text `{text}` is not a number.",
        "Look at where it comes from: the headings of a table, an empty cell, or a comma instead of a point?",
        (),
    ),
    Rule(
        "cannot-be-read",
        "python",
        r"^(?:Syntax|Indentation|Tab)Error: (?P<told>.+?) \([^()]*line (?P<line>\d+)\)",
        "Python cannot read line {line}: {told}.",
        "Look at that line and the one before it: a bracket, a comma, a colon or the spaces in front?",
        (),
    ),
)
