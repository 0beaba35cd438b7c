"""Rules for arguments that are missing, too many, unknown or given twice."""

import ast
import inspect
from typing import Any

from torch import Tensor, nn

from torchbook.explain.called_function import (
    called_by_library,
    called_function,
    called_name,
    listed,
    own_function,
)
from torchbook.explain.failing_code import definition, text_of
from torchbook.explain.near_names import nearest, parameters, signature
from torchbook.explain.objects import layer_class
from torchbook.explain.rule import Match, Rule

_QUOTES = str.maketrans({"'": "`", '"': "`"})
RENAMED_ARGUMENTS = {
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
    "criterion": "loss",
    "loss_fn": "loss",
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
    **{
        name: f"Say how many features a step has and how large its state is: `nn.{name}(input_size, hidden_size)`."
        for name in ("LSTM", "GRU", "RNN")
    },
    "Embedding": "Say how many rows and how long each is: `nn.Embedding(count, size)`.",
    "StepLR": "Say after how many epochs: `StepLR(optimizer, step_size=10)`.",
    "SGD": "Give it the parameters: `torch.optim.SGD(model.parameters(), lr=0.1)`.",
    "Adam": "Give it the parameters: `torch.optim.Adam(model.parameters(), lr=0.001)`.",
    "stack": "Give it a list: `torch.stack([a, b])`.",
    "transpose": "Name the two dimensions to exchange: `x.transpose(0, 1)`.",
}


def count(number: int) -> str:
    """Returns a number of arguments in words."""
    return "no argument" if number == 0 else f"{number} argument{'' if number == 1 else 's'}"


def _argument_count(match: Match) -> str:
    """Says how many arguments a call takes and got, without the `self` that Python counts along."""
    want, got = match["want"], int(match["got"])
    before = match["function"].split(".")[-2:-1]
    least, most = (int(number) for number in (want.split()[1::2] if want.startswith("from") else (want, want)))
    if before not in ([], ["<locals>"]):
        least, most, got = least - 1, most - 1, got - 1
    takes = count(most) if least == most else f"{least} to {most} arguments"
    return f"`{called_name(match)}` takes {takes}, but was given {got}."


def _too_many_fix(match: Match) -> str:
    function = called_function(match)
    name = called_name(match).rpartition(".")[2]
    if advice := _callback(match):
        return advice
    if definition(own_function(match)) is not None:
        names = [item for item in parameters(own_function(match)) if item != "self"]
        takes = f"only `{'`, `'.join(names)}`" if names else "nothing"
        if match["function"].endswith(".forward"):
            return f"`forward` takes {takes}: call the model with that alone; labels belong to the loss."
        return f"It takes {takes}: leave out the others, or give its definition another parameter."
    if match["function"].endswith(".forward"):
        call = match.context.code.call
        model = (text_of(call.func) if call is not None else "") or "model"
        if (names := parameters(function)) == ["input"]:
            return f"Call it with its input alone, `{model}(x)`; labels belong to the loss: `criterion({model}(x), y)`."
        return f"It is called as `{model}({', '.join(names)})`."
    if layer := _class_called_as_layer(match):
        return layer
    keyword_only = _keyword_only(function)
    if keyword_only:
        return f"Some of them must be named: {', '.join(f'`{item}=...`' for item in keyword_only[:4])}."
    if form := signature(function, name):
        return f"It is called as `{form}`."
    return "Look at its definition for what it takes; some settings must be named, `name=value`."


def _class_called_as_layer(match: Match) -> str:
    """Returns the advice for a class of layers that was called with a tensor, as its layer would be; "" for others."""
    call, kind = match.context.code.call, match.context.code.callee
    if call is None or not call.args or not isinstance(kind, type) or not issubclass(kind, nn.Module):
        return ""
    first = match.context.code.value(call.args[0])
    if not isinstance(first, Tensor) and not isinstance(call.args[0], ast.Call):
        return ""
    written = text_of(call.func)
    name = layer_class(kind)
    if written.rpartition(".")[2] == kind.__name__:
        return f"Make the layer first and call it then: `{name}()({text_of(call.args[0]) or 'x'})`."
    return f"`{written}` is the class `{name}` itself: make the layer where `{written}` gets its value, `{name}()`."


def _settings_of_an_artist(match: Match) -> list[str]:
    """Returns what can be set of a part of a drawing of matplotlib, as `color` of a line."""
    trace = match.error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    part = trace.tb_frame.f_locals.get("self") if trace is not None else None
    return [name.removeprefix("set_") for name in dir(type(part)) if name.startswith("set_")]


def _callback(match: Match) -> str:
    """Returns the advice for a function of the person's that a library called with what it gives, "" for all others."""
    if not called_by_library(match) or match["function"].endswith(("__init__", ".forward")):
        return ""
    name = called_name(match).rpartition(".")[2]
    if name in _collate_names(match):
        return (
            f"The loader gives it one argument, the list of the examples: `def {name}(batch):`, and in it "
            "`x, y = zip(*batch)`."
        )
    call = match.context.code.call
    who = f"`{text_of(call.func)}`" if call and text_of(call.func) else "The library"
    return f"{who} calls it, not your line: give it as many parameters as it is given values."


def _collate_names(match: Match) -> set[str]:
    """Returns the names of the functions that are given as `collate_fn` anywhere in the program."""
    calls = [part for part in ast.walk(match.context.code.tree or ast.Module([], [])) if isinstance(part, ast.Call)]
    return {text_of(item.value) for call in calls for item in call.keywords if item.arg == "collate_fn"}


def _twice_fix(match: Match) -> str:
    code, function, name = match.context.code, called_function(match), match["name"]
    if called_name(match) == "DataLoader" and code.call and len(code.call.args) > 1:
        given = ", ".join(text_of(node) or "..." for node in code.call.args[:2])
        return f"A loader takes one data set; make one of the two tensors: `DataLoader(TensorDataset({given}), ...)`."
    names = parameters(function)
    if name in names and code.call and len(code.call.args) > names.index(name):
        by_place = text_of(code.call.args[names.index(name)])
        return f"Positional arguments fill the parameters from the left, so `{by_place}` is taken for `{name}`."
    return "Give it once; positional arguments fill the parameters from the left."


def _keyword_only(function: Any) -> list[str]:
    try:
        named = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return []
    return [item.name for item in named if item.kind is item.KEYWORD_ONLY]


def _missing_what(match: Match) -> str:
    return f"`{called_name(match)}` was called without {match['names'].translate(_QUOTES)}."


def _missing_fix(match: Match) -> str:
    function = called_function(match)
    name = called_name(match).partition(".")[0]
    last = called_name(match).rpartition(".")[2]
    own = own_function(match)
    called = match["function"].endswith(".forward") and name != "MultiheadAttention"
    for candidate in (name, last):
        if candidate in _USES and own is None and not called:
            return _USES[candidate]
    if last == "save" and "'f'" in match["names"]:
        return "Say where to, too: `torch.save(model.state_dict(), 'model.pt')`."
    if advice := _callback(match):
        return advice
    if match["function"].endswith(".forward"):
        if (isinstance(function, nn.Module) and "loss" in type(function).__name__.lower()) or name.endswith("Loss"):
            return "A loss takes predictions *and* labels: `criterion(predictions, labels)`."
        takes = ", ".join(item for item in parameters(own) if item != "self") if own is not None else "x"
        return f"Call it with its input: `model({takes or 'x'})`."
    call = match.context.code.call
    if own is not None and call is not None and text_of(call.func) == "super().__init__":
        needed = ", ".join(item for item in parameters(own) if item != "self")
        return f"Give the class above what its `__init__` needs: `super().__init__({needed})`."
    if own is not None:
        kind = "class" if match["function"].endswith("__init__") else "function"
        return (
            f"Give it when calling, or a default in the definition of the {kind}:"
            f" `{last}({', '.join(parameters(own))})`."
        )
    if form := signature(function, last):
        return f"It is called as `{form}`."
    names = [item.strip("'\"` ") for item in match["names"].replace(" and ", ",").split(",") if item.strip()]
    written = [text_of(node) or "..." for node in call.args] if call is not None else []
    function_in_words = text_of(call.func) if call is not None else last
    arguments = ", ".join([*written, *(f"{item}=..." for item in names)])
    return f"Say it in the call: `{function_in_words or last}({arguments})`."


def _keyword_fix(match: Match) -> str:
    name, function = match["name"], called_function(match)
    names = parameters(function) or _settings_of_an_artist(match)
    if name in _GONE and name not in names:
        return _GONE[name]
    near = nearest(name, names)
    if near:
        return f"Did you mean `{near}`?"
    if name in RENAMED_ARGUMENTS and (RENAMED_ARGUMENTS[name] in names or not names):
        also = " (the first of the two is its momentum)" if name == "momentum" else ""
        return f"Here it is called `{RENAMED_ARGUMENTS[name]}`{also}."
    last = name.rpartition("_")[2]  # `size` for `batch_size`, `bias` for `use_bias`
    if last != name and last in names:
        return f"Did you mean `{last}`?"
    own = own_function(match)
    if own is not None:
        kind = "`__init__`" if match["function"].endswith("__init__") else "its definition"
        return f"It takes {listed(names)}; give {kind} another parameter, or leave the argument out."
    return f"It takes {listed(names)}." if names else ""


def _exactly_fix(match: Match) -> str:
    name, got = match["function"].rpartition(".")[2], int(match["got"])
    if name == "append" and got > 1:
        return (
            "Append one after the other, or several at once: `values.extend([a, b])`; a pair has brackets of its own."
        )
    if got == 0 and match.context.code.call is not None:
        return f"If the function itself is to be given, leave the brackets out: `key={name}`; else give it its value."
    return ""


RULES = (
    Rule(
        "exact-count-of-arguments",
        "python",
        r"(?P<function>[\w.]+)\(\) takes (?:exactly|at most|at least) (?P<want>\w+) arguments? \((?P<got>\d+) given\)",
        lambda match: (
            f"`{match['function']}` takes {match['want']} argument{'' if match['want'] in ('one', '1') else 's'}, but "
            f"was given {match['got']}."
        ),
        _exactly_fix,
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
        "too-many-arguments",
        "python",
        r"(?P<function>[\w.<>]+)\(\) takes (?P<want>\d+|from \d+ to \d+) positional arguments? but (?P<got>\d+) "
        r"(?:was|were) given",
        _argument_count,
        _too_many_fix,
    ),
    Rule(
        "unknown-argument",
        "python",
        r"(?P<function>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'"
        r"|'(?P<name2>\w+)' is an invalid keyword argument for (?P<function2>\w+)\(\)",
        lambda match: f"`{called_name(match)}` has no argument called `{match['name']}`.",
        _keyword_fix,
    ),
    Rule(
        "argument-given-twice",
        "python",
        r"(?P<function>[\w.<>]+)\(\) got multiple values for (?:keyword )?argument '(?P<name>\w+)'",
        lambda match: f"`{called_name(match)}` got its argument `{match['name']}` twice: by position and by name.",
        _twice_fix,
    ),
)
