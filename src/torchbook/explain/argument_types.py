"""Rules for arguments of another type than a function of torch takes."""

import ast
import re
from typing import Any

import torch
from torch import Tensor, nn

from torchbook.explain.arguments import RENAMED_ARGUMENTS
from torchbook.explain.failing_code import UNKNOWN, text_of
from torchbook.explain.near_names import nearest, parameters, signature, torch_function
from torchbook.explain.objects import nothing_fix, type_in_words
from torchbook.explain.rule import Match, Rule
from torchbook.explain.tables import to_tensor

PICTURE = (
    "A picture must become a tensor first: `torch.from_numpy(np.array(picture)).permute(2, 0, 1).float() / 255`, and "
    "`.unsqueeze(0)` makes a batch of one."
)

# What a function of torch must be told besides, where it is easily forgotten.
_NEEDED = {
    "linspace": "Say how many numbers: `torch.linspace(0, 1, steps=5)`; for a step width there is `torch.arange`.",
    "full": "Say the sizes in brackets and the value: `torch.full((2, 3), 0.5)`.",
}


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
    given = match.context.arguments.get("input", UNKNOWN)
    return given if type(given).__name__ == match["type"].rpartition(".")[2] else UNKNOWN


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
        calls = [part for part in (source, *match.context.code.parts()) if isinstance(part, ast.Call)]
        kept = next((part for part in calls if match.context.code.value(part.func) is type(value)), None)
        if kept is not None and text_of(kept.func).rpartition(".")[2] != layer:
            name = text_of(kept.func)
            return f"`{name}` is the class `nn.{layer}` itself; brackets make the layer: `{name} = nn.{layer}()`."
        if isinstance(source, ast.Call) and source.args:
            return (
                f"`nn.{layer}(x)` makes a layer and does not call it: `nn.{layer}()(x)`, or `torch.{layer.lower()}(x)`."
                if hasattr(torch, layer.lower())
                else f"`nn.{layer}(...)` makes a layer and does not call it: call it with the tensor, `layer(x)`."
            )
        return "Call it with a tensor, `layer(x)`, and pass on the result."
    if kind == "Image" or kind.endswith("ImageFile"):
        return PICTURE
    if kind in ("DataFrame", "Series"):
        return to_tensor(match, kind)
    if kind in ("list", "tuple") and isinstance(value, list | tuple) and value and isinstance(value[0], str):
        return (
            "Strings become whole numbers first, such as their places in a list of all words: "
            "`torch.tensor([words.index(text) for text in texts])`."
        )
    if kind in ("method", "builtin_function_or_method", "function"):
        return f"`{written}` is a function itself: the brackets of its call are missing, `{written}()`."
    if kind == "NoneType" and node is not None:
        return nothing_fix(match) if not _from_forward(match) else _no_return(match)
    if match["type"].startswith("torch.return_types"):
        return (
            f"It is a pair, values and places: take one, `{written}.values`, or write `values, indices ="
            f" x.{kind}(dim=1)`."
        )
    if kind == "tuple" and (recurrent := _recurrent_in_sequence(match)):
        return (
            f"`nn.{recurrent}` gives a pair, its output and its state, and `nn.Sequential` passes both on: write a "
            "module of your own, whose `forward` says `output, state = self.recurrent(x)` and goes on with `output`."
        )
    if kind == "tuple" and isinstance(source, ast.Tuple):
        return "The comma in that line makes a tuple of it: leave it out, or take one part, `x[0]`."
    if (
        kind == "list"
        and isinstance(value, list)
        and len({item.shape for item in value if isinstance(item, Tensor)}) > 1
    ):
        return f"It is a batch, which holds inputs and labels: unpack it, `x, y = {written}`, and give `x`."
    if kind == "list" and isinstance(value, list) and value and isinstance(value[0], Tensor):
        return f"It is a list of tensors; make one of them: `torch.stack({written})`."
    if kind == "str":
        return "A string cannot be computed with: load or convert what it names first."
    if isinstance(source, ast.Call) and (call := text_of(source.func)).endswith((".numpy", ".item", ".tolist")):
        return f"`{call}()` took the tensor out of torch: leave it out, so that a gradient can flow."
    class_numbers = match["name"] == "target" and match["function"].startswith(("cross_entropy", "nll"))
    return {
        "NoneType": _no_return(match),
        "ndarray": (
            f"Make a tensor of it: `torch.from_numpy({written if node is not None else 'array'})"
            f".{'long' if class_numbers else 'float'}()`."
        ),
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


def _recurrent_in_sequence(match: Match) -> str:
    """Returns the class of a recurrent layer that is not the last of the `nn.Sequential` that was called, else ""."""
    sequence = match.context.code.callee
    layers = list(sequence)[:-1] if isinstance(sequence, nn.Sequential) else []
    return next((type(layer).__name__ for layer in layers if isinstance(layer, nn.RNNBase)), "")


def _array_fix(match: Match) -> str:
    kind = match["type"]
    call = match.context.code.call
    written = text_of(call.args[0]) if call and call.args else ""
    if kind == "Image" or kind.endswith("ImageFile"):
        return f"Make an array of the picture first: `torch.from_numpy(np.array({written or 'picture'}))`."
    if kind in ("Tensor", "Parameter"):
        return f"It is a tensor already: use `{written or 'x'}` itself."
    if kind in ("list", "tuple", "int", "float", "bool"):
        return f"Use `torch.tensor({written or 'values'})` for lists and numbers."
    return nothing_fix(match) if kind == "NoneType" else "Make an array of numbers of it first, `np.array(values)`."


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
    if match["function"] in _NEEDED and not any(name in got for name in ("steps=", "fill_value=")):
        return _NEEDED[match["function"]]
    if named:
        names = parameters(function)
        for name in named:
            near = nearest(name, [*names, *RENAMED_ARGUMENTS.values(), "keepdim", "dim"])
            if name not in names and near:
                return f"Did you mean `{near}` instead of `{name}`?"
            if name in RENAMED_ARGUMENTS and name not in names:
                return f"Here it is called `{RENAMED_ARGUMENTS[name]}`."
    if "Image" in first or first == "Image":
        return PICTURE
    for kind in types:
        if kind in ("method", "builtin_function_or_method", "function"):
            return "One of the arguments is a function itself: the brackets of its call are missing."
        if kind == "NoneType":
            node = _none_argument(match)
            return nothing_fix(match) if node is not None else "One argument is None: look at where it was made."
        if kind == "type":
            return "One of the arguments is a class itself: make an object of it, with brackets."
        if kind == "str" and match["function"] not in ("einsum",):
            return "One of the arguments is a string: convert it to a number or load what it names first."
    if match["function"] in ("randint", "normal", "full") and types and all(kind == "int" for kind in types):
        return f"Sizes stand in brackets: `{_with_sizes(match, match['function'])}`."
    if first in ("list", "ndarray", "tuple") and not got.startswith("tuple of ints"):
        word = {"list": "torch.tensor(values)", "ndarray": "torch.from_numpy(array)", "tuple": "x[0]"}[first]
        return f"The first argument is {type_in_words(first)}, and a tensor is needed: `{word}`."
    if not named and match["function"] in ("max", "min") and "Tensor" in types and {"int", "float"} & set(types):
        bound = "min" if match["function"].startswith("max") else "max"
        return f"A number and a tensor are compared by `clamp`: `x.clamp({bound}=0)`; for two tensors `torch.maximum`."
    if match["function"] == "normal" and "Tensor" not in types:
        return "The sizes come last, in brackets: `torch.normal(0.0, 1.0, size=(3,))`."
    if re.search(r"\bdim=float\b", got):
        return "A dimension is a whole number: `dim=1`."
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


def _with_sizes(match: Match, function: str) -> str:
    """Returns a call of three numbers with the last of them in brackets, as a size."""
    call = match.context.code.call
    given = [text_of(node) for node in call.args] if call is not None else []
    low, high, size = given if len(given) == 3 and all(given) else ("0", "10", "3")
    return f"torch.{function}({low}, {high}, ({size},))"


def _size_fix(match: Match) -> str:
    if match["type"] == "int":
        if "randint()" in str(match.error):
            return f"Put the sizes into brackets behind the bounds: `{_with_sizes(match, 'randint')}`."
        return "Put it into brackets with a comma, `(3,)`; two sizes are `(2, 3)`."
    layer = match.context.arguments.get("self")
    if match["type"] == "Tensor" and isinstance(layer, nn.Module):
        name = type(layer).__name__
        form = signature(type(layer), f"nn.{name}") or f"nn.{name}(...)"
        return f"A layer is made from sizes and then called with the tensor: `layer = {form}`, `layer(x)`."
    if match["type"] == "str":
        call = match.context.code.call
        values = [*call.args, *(item.value for item in call.keywords)] if call else []
        text = next((node for node in values if isinstance(match.context.code.value(node), str)), None)
        return (
            "It is a string, as what the command line, a file or `input` gives: convert it, "
            f"`int({text_of(text) or 'n'})` (for `argparse` say `type=int`)."
        )
    if match["type"] == "torch.Size":
        call = match.context.code.call
        values = [*call.args, *(item.value for item in call.keywords)] if call else []
        shape = next((node for node in values if isinstance(match.context.code.value(node), torch.Size)), None)
        return f"Take the number that is meant from it: `{text_of(shape) or 'x.shape'}[1]`, or `[-1]` for the last."
    if match["type"] in ("list", "tuple"):
        call = match.context.code.call
        display = next((node for node in call.args if isinstance(node, ast.Tuple | ast.List)), None) if call else None
        if isinstance(layer, nn.Linear) and display is not None and len(display.elts) > 1:
            count = " * ".join(text_of(item) for item in display.elts)
            return f"`nn.Linear` takes how many numbers a row has: `{count}`; the rows are made by `x.flatten(1)`."
        return "Give the number itself, without square brackets: `nn.Linear(10, 64)`, not `nn.Linear(10, [64])`."
    return (
        "Use whole numbers: `n // 2` instead of `n / 2`, `int(...)` around a result, and sizes in brackets: "
        "`torch.randint(0, 10, (3,))`."
    )


def _plain_number(match: Match) -> str:
    node = _given_node(match)
    who = f"`{text_of(node)}` is" if node is not None else "It got"
    return f"A plain number is needed here. {who} {type_in_words(match['type'])}."


def _plain_number_fix(match: Match) -> str:
    node, kind = _given_node(match), match["type"]
    value, written = match.context.code.value(node), text_of(node) or "x"
    if kind == "NoneType":
        return nothing_fix(match)
    if kind == "str":
        return f"Make a number of it first: `float({written})`."
    if kind in ("list", "tuple"):
        return f"Take its numbers one by one, or use torch's function on a tensor, `torch.tensor({written})`."
    attributes = vars(value) if hasattr(value, "__dict__") else {}
    number = next((name for name, held in attributes.items() if isinstance(held, int | float)), "")
    return f"The number that it holds is `{written}.{number}`." if number else "Give it a number."


def _other_type_fix(match: Match) -> str:
    wanted, got = match["want"], match["type"].rpartition(".")[2]
    node = _given_node(match)
    written = text_of(node) or "n"
    if got == "NoneType":
        return nothing_fix(match)
    if wanted in ("int", "float", "number") and got == "Tensor":
        return f"Take the number out of the tensor: `{written}.item()`."
    if wanted == "int" and got == "float":
        return f"Divide with `//`, or make a whole number of it: `int({written})`."
    if wanted in ("int", "float", "number") and got == "str":
        return f"A string must become a number first: `{'int' if wanted == 'int' else 'float'}({written})`."
    if wanted.startswith("tuple of ints"):
        return "Sizes and dimensions are whole numbers in brackets: `(2, 3)`."
    if wanted.startswith("tuple of Tensors"):
        return "Put the tensors into a list: `[a, b]`."
    return ""


RULES = (
    Rule(
        "number-needed",
        "python",
        r"must be real number, not (?P<type>[\w.]+)",
        _plain_number,
        _plain_number_fix,
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
        lambda match: f"`torch.from_numpy` takes a NumPy array, but got {type_in_words(match['type'])}.",
        _array_fix,
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
        r" (?P<type2>[\w.]+))",
        lambda match: (
            "The sizes stand in brackets, even if there is only one."
            if match["type"] == "int"
            else "A size must be a whole number, but got a whole shape."
            if match["type"] == "torch.Size"
            else f"A size must be a whole number, but got {type_in_words(match['type'])}."
        ),
        _size_fix,
        ("shape",),
    ),
    Rule(
        "argument-of-another-type",
        "python",
        r"(?P<function>\w+)\(\): argument '(?P<name>\w+)' (?:\(position \d+\) )?must be "
        r"(?P<want>[\w ]+), not (?P<type>[\w.]+)",
        lambda match: (
            f"`{match['function']}` takes {type_in_words(match['want'])} as its argument `{match['name']}`, but got "
            f"{type_in_words(match['type'])}."
        ),
        _other_type_fix,
    ),
    Rule(
        "wrong-arguments",
        "python",
        r"(?P<function>\w+)\(\) received an invalid combination of arguments - got \((?P<got>[^)]*)\)",
        _combination,
        _combination_fix,
    ),
)
