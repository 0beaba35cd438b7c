"""Rules for calls: too few or too many arguments, unknown ones or of another type, objects that are no functions."""

import ast
import builtins
import inspect
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn, optim

from torchbook.explain.failing_code import UNKNOWN, definition, text_of
from torchbook.explain.near_names import names_of, nearest, parameters, signature, torch_function
from torchbook.explain.objects import in_words, nothing, nothing_fix, type_in_words
from torchbook.explain.rule import Match, Rule

_QUOTES = str.maketrans({"'": "`", '"': "`"})
_PICTURE = (
    "A picture must become a tensor first: `torch.from_numpy(np.array(picture)).permute(2, 0, 1).float() / 255`, and "
    "`.unsqueeze(0)` makes a batch of one."
)
_RENAMED = {
    "learning_rate": "lr",
    "weights_decay": "weight_decay",
    "axis": "dim",
    "keepdims": "keepdim",
    "in_channel": "in_channels",
    "out_channel": "out_channels",
    "input_dim": "in_features",
    "output_dim": "out_features",
    "input_size": "in_features",
    "output_size": "out_features",
    "units": "out_features",
    "filters": "out_channels",
    "strides": "stride",
    "rate": "p",
    "requires_gradient": "requires_grad",
    "pretrained": "weights",
    "size_average": "reduction",
    "beta1": "betas",
    "beta_1": "betas",
    "momentum": "betas",
    "num_worker": "num_workers",
    "lr_decay": "gamma",
}
_GONE = {
    "verbose": (
        "PyTorch has taken it away: leave it out, and print the learning rate yourself, `scheduler.get_last_lr()`."
    ),
    "async": "It is called `non_blocking` now.",
    "volatile": "PyTorch has taken it away: use `with torch.no_grad():`.",
}
# How torch's own functions are called, where their parameters alone do not say it.
_USES = {
    "MultiheadAttention": (
        "Attention takes queries, keys and values; for self-attention all are the same: "
        "`output, weights = attention(x, x, x)`."
    ),
    "clip_grad_norm_": "Say how long the gradient may be: `clip_grad_norm_(model.parameters(), max_norm=1.0)`.",
    "ReduceLROnPlateau": "This schedule looks at a measure: `scheduler.step(validation_loss)`.",
    "Linear": "A linear layer needs the sizes of its input and its output: `nn.Linear(in_features, out_features)`.",
    "Conv2d": (
        "A convolution needs channels in, channels out and the size of its kernel: `nn.Conv2d(3, 16, kernel_size=3)`."
    ),
    "Conv1d": (
        "A convolution needs channels in, channels out and the size of its kernel: `nn.Conv1d(3, 16, kernel_size=3)`."
    ),
    "unsqueeze": (
        "Say where the new dimension goes: `x.unsqueeze(0)` in front, for a batch of one, `x.unsqueeze(1)` after "
        "the first."
    ),
    "squeeze": "Say which dimension: `x.squeeze(1)`.",
    "Embedding": "Say how many rows and how long each is: `nn.Embedding(count, size)`.",
    "StepLR": "Say after how many epochs: `StepLR(optimizer, step_size=10)`.",
    "SGD": "Give it the parameters: `torch.optim.SGD(model.parameters(), lr=0.1)`.",
    "Adam": "Give it the parameters: `torch.optim.Adam(model.parameters(), lr=0.001)`.",
    "stack": "Give it a list: `torch.stack([a, b])`.",
    "transpose": "Name the two dimensions to exchange: `x.transpose(0, 1)`.",
}


def _called_name(match: Match) -> str:
    """Returns the name of the callable as it is written in a call: `Linear` for `outer.<locals>.Linear.__init__`."""
    return match["function"].rpartition("<locals>.")[2].removesuffix(".__init__").removesuffix(".forward")


def _function(match: Match) -> Any:
    """Returns the callable of the error, from the failing line or by its name; `UNKNOWN` if it is not found."""
    code, name = match.context.code, _called_name(match)
    first, _, last = name.partition(".")
    callee = code.callee
    if callee is not UNKNOWN and _carries(callee, match["function"]):
        return callee
    candidates = [code.names.get(first, UNKNOWN), *(type(value) for value in code.names.values())]
    if "self" in match.context.arguments:
        candidates.append(type(match.context.arguments["self"]))
    for candidate in candidates:
        if getattr(candidate, "__name__", None) == first:
            if match["function"].endswith(".forward") and not last:
                return getattr(candidate, "forward", UNKNOWN)
            return getattr(candidate, last, UNKNOWN) if last else candidate
    return torch_function(name) if not last else UNKNOWN


def _carries(callee: Any, function: str) -> bool:
    names = {getattr(callee, "__qualname__", ""), getattr(type(callee), "__qualname__", "")}
    inner = function.rpartition("<locals>.")[2]
    return any(
        name and inner in (name, f"{name}.__init__", f"{name}.forward", name.rpartition(".")[2]) for name in names
    )


def _own_function(match: Match) -> Any:
    """Returns the function that a person wrote and that got the wrong arguments, None if it is not theirs."""
    function = _function(match)
    if isinstance(function, type):
        function = vars(function).get("__init__")
    elif isinstance(function, nn.Module):
        function = type(function).forward
    return function if definition(function) is not None else None


def _first_parameter(function: Any) -> str:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return names[0] if names else ""


def _in_class(match: Match) -> bool:
    return "." in match["function"].rpartition("<locals>.")[2]


# A class where an object should be.


def _class_itself(match: Match) -> bool:
    return "'self'" in match["names"] and "and" not in match["names"]


def _class_itself_what(match: Match) -> str:
    name = _called_name(match)
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


# Parameters of a person's own functions.


def _self_too_much(match: Match) -> bool:
    function = _own_function(match)
    return function is not None and not _in_class(match) and _first_parameter(function) == "self"


def _self_forgotten(match: Match) -> bool:
    function = _own_function(match)
    return function is not None and _in_class(match) and _first_parameter(function) not in ("self", "cls")


def _self_forgotten_fix(match: Match) -> str:
    function = _own_function(match)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return f"Write `self` as the first parameter: `def {function.__name__}({', '.join(['self', *names])}):`."


def _self_given(match: Match) -> bool:
    call = match.context.code.call
    if call is None or not isinstance(call.func, ast.Attribute) or not call.args:
        return False
    owner, first = match.context.code.value(call.func.value), match.context.code.value(call.args[0])
    return owner is not UNKNOWN and owner is first


def _init_without_parameters(match: Match) -> bool:
    return match["function"].endswith("__init__") and _own_function(match) is not None and match["want"] == "1"


def _init_without_parameters_what(match: Match) -> str:
    given = int(match["got"]) - 1
    name = _called_name(match)
    return f"`{name}(...)` was given {_count(given)}, but its `__init__` has no parameter besides `self`."


def _init_without_parameters_fix(match: Match) -> str:
    name = _called_name(match)
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


def _count(number: int) -> str:
    return "no argument" if number == 0 else f"{number} argument{'' if number == 1 else 's'}"


def _argument_count(match: Match) -> str:
    """Says how many arguments a call takes and got, without the `self` that Python counts along."""
    want, got = match["want"], int(match["got"])
    before = match["function"].split(".")[-2:-1]
    is_method = before not in ([], ["<locals>"]) and match["want"].isdigit()
    if is_method:
        want, got = str(int(want) - 1), got - 1
    takes = _count(int(want)) if want.isdigit() else f"{want.removeprefix('from ').replace('to', 'to')} arguments"
    return f"`{_called_name(match)}` takes {takes}, but was given {got}."


def _too_many_fix(match: Match) -> str:
    function = _function(match)
    name = _called_name(match).rpartition(".")[2]
    if definition(_own_function(match)) is not None:
        names = [item for item in parameters(_own_function(match)) if item != "self"]
        takes = f"only `{'`, `'.join(names)}`" if names else "nothing"
        if match["function"].endswith(".forward"):
            return f"`forward` takes {takes}: call the model with that alone; labels belong to the loss."
        return f"It takes {takes}: leave out what is too much, or give its definition another parameter."
    keyword_only = _keyword_only(function)
    if keyword_only:
        return f"Some of them must be named: {', '.join(f'`{item}=...`' for item in keyword_only[:4])}."
    if form := signature(function, name):
        return f"It is called as `{form}`."
    return "Look at its definition for what it takes; some settings must be named, `name=value`."


def _keyword_only(function: Any) -> list[str]:
    try:
        named = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return []
    return [item.name for item in named if item.kind is item.KEYWORD_ONLY]


# No parameters at all.


def _no_arguments(match: Match) -> str:
    return f"`{match['name']}()` was given a value, but the class has no `__init__` that takes one."


def _no_arguments_fix(match: Match) -> str:
    code, name = match.context.code, match["name"]
    owner = next((value for value in code.names.values() if isinstance(value, type) and value.__name__ == name), None)
    callee = code.callee
    owner = callee if isinstance(callee, type) else owner
    methods = vars(owner) if owner is not None else {}
    for method in methods:
        if method.strip("_") in ("init", "int", "innit", "inti") and method != "__init__":
            return f"It has a method `{method}`: its name must be `__init__`, with two underscores on each side."
    action = next((method for method in ("__call__", "forward") if method in methods), None)
    if action:
        return (
            f"Make an object first and call that: `{name.lower()} = {name}()` and then `{name.lower()}(x)`; in a list "
            f"write `{name}()`, with brackets."
        )
    return f"Define `def __init__(self, ...):` in the class, or leave the values out: `{name}()`."


# Missing arguments.


def _missing_what(match: Match) -> str:
    return f"`{_called_name(match)}` was called without {match['names'].translate(_QUOTES)}."


def _missing_fix(match: Match) -> str:
    function = _function(match)
    name = _called_name(match).partition(".")[0]
    last = _called_name(match).rpartition(".")[2]
    for known in (name, last):
        if known in _USES:
            return _USES[known]
    own = _own_function(match)
    if match["function"].endswith(".forward"):
        if (isinstance(function, nn.Module) and "loss" in type(function).__name__.lower()) or name.endswith("Loss"):
            return "A loss takes predictions *and* labels: `criterion(predictions, labels)`."
        takes = ", ".join(parameters(own)) if own is not None else "x"
        return f"Call it with its input: `model({takes or 'x'})`."
    if own is not None:
        kind = "class" if match["function"].endswith("__init__") else "function"
        return (
            f"Give it when calling, or a default in the definition of the {kind}:"
            f" `{last}({', '.join(parameters(own))})`."
        )
    if form := signature(function, last):
        return f"It is called as `{form}`."
    names = [item.strip("'\"` ") for item in match["names"].replace(" and ", ",").split(",") if item.strip()]
    return f"Say it in the call: `{last}({', '.join(f'{item}=...' for item in names)})`."


# Unknown arguments.


def _keyword_fix(match: Match) -> str:
    name, function = match["name"], _function(match)
    names = parameters(function)
    if name in _GONE and name not in names:
        return _GONE[name]
    near = nearest(name, names)
    if near:
        return f"Did you mean `{near}`?"
    if name in _RENAMED and (_RENAMED[name] in names or not names):
        also = " (the first of the two is its momentum)" if name == "momentum" else ""
        return f"Here it is called `{_RENAMED[name]}`{also}."
    own = _own_function(match)
    if own is not None:
        kind = "`__init__`" if match["function"].endswith("__init__") else "its definition"
        return f"It takes {_listed(names)}; give {kind} another parameter, or leave the argument out."
    return f"It takes {_listed(names)}." if names else ""


def _listed(names: Sequence[str], most: int = 8) -> str:
    if not names:
        return "nothing"
    return ", ".join(f"`{name}`" for name in names[:most]) + (" and more" if len(names) > most else "")


# Arguments of another type.


def _argument(match: Match) -> str:
    got = type_in_words(match["type"])
    value = _given(match)
    if isinstance(value, nn.Module):
        got = f"a `{type(value).__name__}`, which is a layer and no tensor"
    return (
        f"`{match['function'].removesuffix('_loss')}` needs a tensor as its argument `{match['name']}`, but got {got}."
    )


def _given(match: Match) -> Any:
    """Returns the object that was given, from torch's own function or from the failing line."""
    value = match.context.arguments.get(match["name"], UNKNOWN)
    if type(value).__name__ == match["type"].rpartition(".")[2]:
        return value
    call = match.context.code.call
    for node in call.args if call else ():
        value = match.context.code.value(node)
        if type(value).__name__ == match["type"].rpartition(".")[2]:
            return value
    return UNKNOWN


def _given_node(match: Match) -> ast.expr | None:
    """Returns the argument of the failing call that is of the wrong type, by its type."""
    code = match.context.code
    nodes = [node for node in ast.walk(code.expression or ast.Module([], [])) if isinstance(node, ast.expr)]
    named = match["type"].rpartition(".")[2]
    for node in nodes:
        value = code.value(node)
        if value is not UNKNOWN and type(value).__name__ == named and not isinstance(node, ast.Constant):
            return node
    return None


def _argument_fix(match: Match) -> str:
    kind = match["type"].rpartition(".")[2]
    node, value = _given_node(match), _given(match)
    source = match.context.code.source_of(node)
    written = text_of(node) or "x"
    if isinstance(value, nn.Module):
        layer = type(value).__name__
        made = (part for part in match.context.code.parts() if isinstance(part, ast.Call))
        source = source or next((part for part in made if text_of(part.func).rpartition(".")[2] == layer), None)
        if isinstance(source, ast.Call) and source.args:
            return (
                f"`nn.{layer}(x)` makes a layer and does not call it: `nn.{layer}()(x)`, or `torch.{layer.lower()}(x)`."
                if hasattr(torch, layer.lower())
                else f"`nn.{layer}(...)` makes a layer and does not call it: call it with the tensor, `layer(x)`."
            )
        return "Call it with a tensor, `layer(x)`, and pass on the result."
    if kind in ("Image", "PngImageFile", "JpegImageFile"):
        return _PICTURE
    if kind in ("method", "builtin_function_or_method", "function"):
        return f"`{written}` is a function itself: the brackets of its call are missing, `{written}()`."
    if kind == "NoneType" and node is not None:
        return nothing_fix(match) if not _from_forward(match) else _no_return(match)
    if match["type"].startswith("torch.return_types"):
        return (
            f"It is a pair, values and places: take one, `{written}.values`, or write `values, indices ="
            f" x.{kind}(dim=1)`."
        )
    if kind == "tuple" and isinstance(source, ast.Tuple):
        return "The comma in that line makes a tuple of it: leave it out, or take one part, `x[0]`."
    if (
        kind == "list"
        and isinstance(value, list)
        and len({item.shape for item in value if isinstance(item, Tensor)}) > 1
    ):
        return f"It is a batch, which holds inputs and labels: take it apart, `x, y = {written}`, and give `x`."
    if kind == "list" and isinstance(value, list) and value and isinstance(value[0], Tensor):
        return f"It is a list of tensors; make one of them: `torch.stack({written})`."
    if kind == "str":
        return "A text cannot be computed with: load or convert what it names first."
    return {
        "NoneType": _no_return(match),
        "ndarray": "Make a tensor of it: `torch.from_numpy(array).float()`.",
        "list": "Make a tensor of it: `torch.tensor(values)`.",
        "tuple": (
            "It holds several results (a recurrent layer gives its output *and* its state): take one of them, "
            f"`output, state = {text_of(source) if isinstance(source, ast.Call) else 'layer(x)'}`, or `{written}[0]`."
        ),
        "float": "Make a tensor of the number: `torch.tensor(value)`.",
        "int": "Make a tensor of the number: `torch.tensor(value)`.",
        "dict": f"Take the entry that is the tensor: `{written}[{_tensor_key(value)!r}]`.",
        "type": "Make an object of the class first, with brackets, and call it with the tensor.",
    }.get(kind, "")


def _tensor_key(value: Any) -> Any:
    """Returns the key of an entry of a dictionary that is a tensor."""
    return (
        next((key for key, item in value.items() if isinstance(item, Tensor)), "x") if isinstance(value, dict) else "x"
    )


def _from_forward(match: Match) -> bool:
    return isinstance(match.context.code.source_of(_given_node(match)), ast.Call)


def _no_return(match: Match) -> str:
    source = match.context.code.source_of(_given_node(match))
    if isinstance(source, ast.Call):
        function = match.context.code.value(source.func)
        if isinstance(function, nn.Module):
            return f"`{text_of(source.func)}` gave None: its `forward` must end with `return ...`."
    return "Look at where it comes from: a `forward` or another function that ends without `return`?"


def _combination(match: Match) -> str:
    return (
        f"`{_torch_name(match)}` was called with ({match['got'].rstrip(', ')}), which fits none of the ways in which it"
        " can be called."
    )


def _torch_name(match: Match) -> str:
    name = match["function"]
    if hasattr(torch, name) and not match["got"].startswith("!"):
        return f"torch.{name}" if not hasattr(Tensor, name) or _by_module(match) else f"torch.Tensor.{name}"
    return f"torch.Tensor.{name}" if hasattr(Tensor, name) else name


def _by_module(match: Match) -> bool:
    """Returns True for `torch.max(x)`, False for `x.max()`."""
    call = match.context.code.call
    return not (
        call and isinstance(call.func, ast.Attribute) and isinstance(match.context.code.value(call.func.value), Tensor)
    )


def _combination_fix(match: Match) -> str:
    got, function = match["got"], torch_function(match["function"])
    types = [part.strip().rpartition("=")[2] for part in got.split(",") if part.strip()]
    named = [part.partition("=")[0].strip() for part in got.split(",") if "=" in part]
    first = types[0] if types else ""
    if named:
        names = parameters(function)
        for name in named:
            near = nearest(name, [*names, *_RENAMED.values(), "keepdim", "dim"])
            if name not in names and near:
                return f"Did you mean `{near}` instead of `{name}`?"
            if name in _RENAMED and name not in names:
                return f"Here it is called `{_RENAMED[name]}`."
    if "Image" in first or first == "Image":
        return _PICTURE
    for kind in types:
        if kind in ("method", "builtin_function_or_method", "function"):
            return "One of the arguments is a function itself: the brackets of its call are missing."
        if kind == "NoneType":
            node = _none_argument(match)
            return nothing_fix(match) if node is not None else "One argument is None: look at where it was made."
        if kind == "type":
            return "One of the arguments is a class itself: make an object of it, with brackets."
        if kind == "str" and match["function"] not in ("einsum",):
            return "One of the arguments is a text: convert it to a number or load what it names first."
    if match["function"] in ("randint", "normal", "full") and types and all(kind == "int" for kind in types):
        return f"Sizes stand in brackets: `torch.{match['function']}(0, 10, (3,))`."
    if first in ("list", "ndarray", "tuple") and not got.startswith("tuple of ints"):
        word = {"list": "torch.tensor(values)", "ndarray": "torch.from_numpy(array)", "tuple": "x[0]"}[first]
        return f"The first argument is {type_in_words(first)}, and a tensor is needed: `{word}`."
    if "float" in types and "Tensor" not in types:
        return "Sizes must be whole numbers: `n // 2` instead of `n / 2`, or `int(...)` around a result."
    if isinstance(layer := match.context.arguments.get("input"), nn.Module):
        return f"`{type(layer).__name__}(...)` makes a layer; call it with the tensor, `layer(x)`."
    forms = [line.strip(" *") for line in str(match.error).splitlines() if line.startswith(" * ")]
    if forms and len(forms[0]) < 120:
        return f"One of the ways: `{match['function']}{forms[0]}`; compare number, order and types."
    return f"Compare number, order and types of the arguments with the documentation of `{_torch_name(match)}`."


def _none_argument(match: Match) -> ast.expr | None:
    call = match.context.code.call
    nodes = [*call.args, *(item.value for item in call.keywords)] if call else []
    return next((node for node in nodes if match.context.code.value(node) is None), None)


def _size_fix(match: Match) -> str:
    layer = match.context.arguments.get("self")
    if match["type"] == "Tensor" and isinstance(layer, nn.Module):
        name = type(layer).__name__
        form = signature(type(layer), f"nn.{name}") or f"nn.{name}(...)"
        return f"A layer is made from sizes and then called with the tensor: `layer = {form}`, `layer(x)`."
    return (
        "Use whole numbers: `n // 2` instead of `n / 2`, `int(...)` around a result, and sizes in brackets: "
        "`torch.randint(0, 10, (3,))`."
    )


# Objects that are no functions.

_PROPERTIES = ("T", "mT", "shape", "dtype", "device", "grad", "data", "requires_grad", "training", "is_leaf")


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
    return f"{type_in_words(match['type']).capitalize()} was called like a function" + (
        f": `{written}(...)`." if written else "."
    )


def _not_callable_fix(match: Match) -> str:
    code, node, value = match.context.code, match.context.code.call, match.context.code.callee
    kind = match["type"].rpartition(".")[2]
    if kind == "NoneType":
        return nothing_fix(match)
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
        if name in _PROPERTIES:
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
    if kind in ("list", "tuple", "dict", "ndarray", "ModuleList", "DataLoader"):
        if kind == "tuple" and match.context.code.python_warning():
            return "A comma is missing before the bracket."
        return f"Entries are taken with square brackets: `{name}[0]` instead of `{name}(0)`."
    if isinstance(value, optim.Optimizer):
        return f"An optimizer takes a step: `{name}.step()`."
    if kind in ("int", "float"):
        return f"If a product is meant, the `*` is missing; otherwise `{name}` has taken the name of a function."
    if kind == "str":
        return f"`{name}` has taken the name of a function, or the brackets are too much."
    if kind == "bool":
        return "It is a value, not a function: leave the brackets out."
    own = definition(vars(type(value)).get("__init__")) if value is not UNKNOWN else None
    if value is not UNKNOWN and (own is not None or hasattr(type(value), "forward")):
        if hasattr(type(value), "forward"):
            return f"Only a module can be called like this: let the class inherit from it, `class {kind}(nn.Module):`."
        return (
            "Its class defines no `__call__`; call one of its methods:"
            f" {_listed([n for n in vars(type(value)) if not n.startswith('_')])}."
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


def _tensor_called_fix(match: Match) -> str:
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


# Arguments of an optimizer in another order.


def _optimizer_order(match: Match) -> bool:
    arguments = match.context.arguments
    rate, params = arguments.get("lr"), arguments.get("params")
    return "lr" in arguments and (not isinstance(rate, int | float | Tensor) or isinstance(params, int | float))


def _optimizer_order_what(match: Match) -> str:
    arguments = match.context.arguments
    rate, params = arguments.get("lr"), arguments.get("params")
    if isinstance(params, int | float):
        return f"The parameters come first and the learning rate second, but the first is {params}."
    return f"The learning rate must be a number, but it is {in_words(rate)}."


def _optimizer_order_fix(match: Match) -> str:
    arguments = match.context.arguments
    rate, params = arguments.get("lr"), arguments.get("params")
    optimizer = type(arguments.get("self")).__name__
    if isinstance(params, int | float):
        return f"Exchange the two: `torch.optim.{optimizer}(model.parameters(), lr={params})`."
    if isinstance(rate, tuple):
        return "A comma at the end of its line makes a tuple of a number: leave the comma out."
    if isinstance(rate, str):
        return f"Leave the quotes out, or convert it: `float({rate!r})`."
    return f"Write it as a number: `torch.optim.{optimizer}(model.parameters(), lr=0.01)`."


RULES = (
    Rule(
        "optimizer-arguments-exchanged",
        "python",
        r"'[<>]=?' not supported between instances of|'(?:float|int)' object is not iterable"
        r"|params argument given to the optimizer should be an iterable",
        _optimizer_order_what,
        _optimizer_order_fix,
        ("optimizer", "learning rate"),
        when=_optimizer_order,
    ),
    Rule(
        "argument-not-a-tensor",
        "python",
        r"(?P<function>\w+)\(\): argument '(?P<name>input|self|other|target|weight|bias|tensor|mat2|vec2|indices|x)' "
        r"\(position \d+\) must be Tensor, not (?P<type>[\w.]+)",
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
        r"argument '(?P<name>size|shape|kernel_size|stride|padding)' (?:\(position \d+\) must be tuple of ints, (?:not "
        r"(?P<type>\w+)|but found element of type (?P<type3>\w+) at pos \d+)|failed to unpack .*but got"
        r" (?P<type2>\w+))",
        lambda match: (
            "Random numbers need the sizes in brackets."
            if match["type"] == "int"
            else f"A size must be a whole number, but got a `{match['type']}`."
        ),
        _size_fix,
        ("shape",),
    ),
    Rule(
        "wrong-arguments",
        "python",
        r"(?P<function>\w+)\(\) received an invalid combination of arguments - got \((?P<got>[^)]*)\)",
        _combination,
        _combination_fix,
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
        lambda match: (
            f"The function `{_called_name(match)}` has `self` as its first parameter, but stands in no class."
        ),
        "Take `self` out of its parameters; only the methods of a class have it.",
        when=_self_too_much,
    ),
    Rule(
        "missing-argument",
        "python",
        r"(?P<function>[\w.<>]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (?P<names>.+)",
        _missing_what,
        _missing_fix,
    ),
    Rule(
        "sizes-as-a-list",
        "python",
        r"(?P<function>tensor|zeros|ones|rand|randn|empty|reshape|view)\(\) takes 1 positional argument but "
        r"(?P<got>\d+) were given",
        lambda match: (
            "`torch.tensor` takes one list of values, but was given several arguments."
            if match["function"] == "tensor"
            else (
                f"`{match['function']}` takes sizes that are whole numbers, but at least one of the {match['got']} is "
                "not one."
            )
        ),
        lambda match: (
            "Put the values into brackets: `torch.tensor([1, 2, 3])`."
            if match["function"] == "tensor"
            else "Use whole numbers: `n // 2` instead of `n / 2`."
        ),
        ("tensor", "shape"),
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
        "too-many-arguments",
        "python",
        r"(?P<function>[\w.<>]+)\(\) takes (?P<want>\d+|from \d+ to \d+) positional arguments? but (?P<got>\d+) "
        r"(?:was|were) given",
        _argument_count,
        _too_many_fix,
    ),
    Rule(
        "class-without-parameters",
        "python",
        r"(?P<name>\w+)\(\) takes no arguments|object\.__init__\(\) takes exactly one argument \(the"
        r" instance(?P<name2>)",
        _no_arguments,
        _no_arguments_fix,
    ),
    Rule(
        "unknown-argument",
        "python",
        r"(?P<function>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'"
        r"|'(?P<name2>\w+)' is an invalid keyword argument for (?P<function2>\w+)\(\)",
        lambda match: f"`{_called_name(match)}` has no argument called `{match['name']}`.",
        _keyword_fix,
    ),
    Rule(
        "argument-given-twice",
        "python",
        r"(?P<function>[\w.<>]+)\(\) got multiple values for (?:keyword )?argument '(?P<name>\w+)'",
        lambda match: (
            f"`{_called_name(match)}` got its argument `{match['name']}` twice: by its place and by its name."
        ),
        "Give it once; what is given by place fills the parameters from the left.",
    ),
    Rule(
        "tensor-called",
        "python",
        r"'Tensor' object is not callable",
        "A tensor was called like a function: round brackets where square ones belong, or a tensor has taken the name "
        "of a function.",
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
