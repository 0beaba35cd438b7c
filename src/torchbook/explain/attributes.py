"""Rules for attributes that an object does not have: the object is looked at first, then the names that are near."""

import ast
import inspect
from collections.abc import Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
from torch import Tensor, nn, optim
from torch.utils.data import DataLoader

from torchbook.explain.failing_code import UNKNOWN, attribute, definition, text_of
from torchbook.explain.near_names import elsewhere, names_of, nearest
from torchbook.explain.objects import in_words, is_state_dict, nothing, nothing_fix
from torchbook.explain.rule import Match, Rule

_NUMBER = "This is a plain number already; leave `.item()` out."
_NEXT = "Write `next(iterator)` instead of `iterator.next()`."
_LOOP = (
    "A model of PyTorch is trained by a loop that you write: predict, loss, `loss.backward()`, `optimizer.step()`, "
    "`optimizer.zero_grad()`; torchbook's `train` is such a loop."
)
_OPTIMIZER = "That belongs to the optimizer: `optimizer.{name}()`."
_KERAS = {
    "fit": _LOOP,
    "compile_fit": _LOOP,
    "fit_generator": _LOOP,
    "evaluate": "Write the loop over the validation batches yourself, inside `with torch.no_grad():`.",
    "predict": "A model of PyTorch is called: `model(x)`, after `model.eval()` and inside `with torch.no_grad():`.",
    "predict_proba": "A model of PyTorch is called: `torch.softmax(model(x), dim=1)`.",
    "score": "Compare yourself: `(model(x).argmax(dim=1) == labels).float().mean()`.",
    "summary": "Print the model itself: `print(model)`.",
    "backward": "Call it on the loss: `loss.backward()`.",
    "step": _OPTIMIZER.format(name="step"),
    "save": "Save its weights: `torch.save(model.state_dict(), path)`.",
    "load": "Load weights into it: `model.load_state_dict(torch.load(path, weights_only=True))`.",
    "save_weights": "Save its weights: `torch.save(model.state_dict(), path)`.",
    "load_weights": "Load weights into it: `model.load_state_dict(torch.load(path, weights_only=True))`.",
    "add": "Name all layers at once, `nn.Sequential(a, b)`, or use `model.append(layer)`.",
    "shape": "A layer has no shape; its weights do: `layer.weight.shape`. Was it called, `layer(x)`?",
    "weights": "The weights of one layer are `layer.weight`, all of a model `model.parameters()`.",
    "layers": "The layers of a model are `model.children()`, with their names `model.named_children()`.",
    "device": "A model has no device of its own; its parameters do: `next(model.parameters()).device`.",
    "grad": "Gradients belong to the parameters: `layer.weight.grad`.",
    "grads": "Gradients belong to the parameters: `layer.weight.grad`.",
    "item": "This is the layer or loss itself: call it with its inputs first, `loss = criterion(predictions, labels)`.",
}
_LIST_METHODS = {
    "append": (
        "A tensor has a fixed size. Collect in a Python list, `values.append(x)`, and make one tensor at the end: "
        "`torch.stack(values)` (or `torch.cat(values)`)."
    ),
    "extend": (
        "A tensor has a fixed size. Collect in a Python list and make one tensor at the end: `torch.cat(values)`."
    ),
    "astype": "For tensors it is `x.to(torch.float32)`, or `x.float()`, `x.long()`.",
    "copy": "For tensors it is `x.clone()` (`x.detach().clone()` without its history).",
    "to_numpy": "For tensors it is `x.detach().numpy()`.",
    "len": "Write `len(x)`, or `x.shape` for all sizes.",
    "length": "Write `len(x)`, or `x.shape` for all sizes.",
    "value": "The Python number of a tensor of one number is `x.item()`.",
    "values": "The numbers themselves are in the tensor: use `x`, or `x.tolist()`, `x.numpy()`.",
    "index": "Places are found by a comparison: `(x == value).nonzero()`.",
    "count": "Count with a comparison: `(x == value).sum()`.",
    "concat": "Join with `torch.cat([a, b])`.",
    "join": "Join with `torch.cat([a, b])`.",
    "keys": "This is one tensor, not a dictionary of them.",
    "items": "This is one tensor, not a dictionary of them.",
    "parameters": "This is one tensor, not a model.",
    "step": _OPTIMIZER.format(name="step"),
    "zero_grad": _OPTIMIZER.format(name="zero_grad"),
    "dropna": "Missing values are `nan`: `x[~torch.isnan(x)]`.",
    "plot": "Tensors are drawn with matplotlib: `plt.plot(x.detach().numpy())`.",
    "show": "Tensors are drawn with matplotlib: `plt.imshow(x)`.",
}
_ROUND = "Numbers are rounded by a function: `round(x, 3)`."


def _what(match: Match) -> str:
    owner = _owner(match)
    if owner is None:
        return nothing(match, f"has no `{match['name']}`")
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
    for look in (_class, _mapping, _state_dict, _function, _module, _tensor, _array, _container, _text, _number):
        if advice := look(match, owner, name, source):
            return advice
    return _nearest_or_listed(match, owner, name)


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


def _state_dict(match: Match, owner: Any, name: str, source: str) -> str:
    if not is_state_dict(owner):
        return ""
    return (
        "These are only the weights, a state dict. Build the model first and load them into it: `net = Net()`, "
        f"`net.load_state_dict({source})`."
    )


def _mapping(match: Match, owner: Any, name: str, source: str) -> str:
    if not isinstance(owner, dict):
        return ""
    if name in owner:
        return f"Entries of a dictionary are taken with square brackets: `{source}['{name}']`."
    if weights := next((key for key, value in owner.items() if is_state_dict(value)), None):
        return (
            "This is a whole checkpoint, not a model. Build the model and load its weights: "
            f"`model.load_state_dict({source}['{weights}'])`."
        )
    old = {"has_key": f"`key in {source}`", "iteritems": f"`{source}.items()`", "append": f"`{source}[key] = value`"}
    return f"For a dictionary it is {old[name]}." if name in old else ""


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


def _module(match: Match, owner: Any, name: str, source: str) -> str:
    if isinstance(owner, ModuleType) or not isinstance(owner, nn.Module):
        return _part_of_torch(match, owner, name, source)
    if isinstance(owner, nn.DataParallel | nn.parallel.DistributedDataParallel) and hasattr(owner.module, name):
        return f"The model itself is inside of the wrapper: `{source}.module.{name}`."
    if advice := _misnamed_init(type(owner)):
        return advice
    initialiser = vars(type(owner)).get("__init__")
    tree = definition(initialiser)
    if initialiser is not None and tree is not None and name in initialiser.__code__.co_varnames:
        return f"In `__init__` it is a name of that function only: store it in the object, `self.{name} = ...`."
    near = nearest(name, [other for other in names_of(owner) if not hasattr(nn.Module, other) or name in _KERAS])
    if near and name not in _KERAS:
        return f"Did you mean `{near}`?"
    if name == "backward" and isinstance(owner, nn.modules.loss._Loss):
        called = source if source.isidentifier() else "criterion"
        made = "" if called == source else f"make it by `criterion = nn.{type(owner).__name__}()`, "
        return (
            f"This is the function that computes losses, not a loss: {made}store what it returns, `loss = {called}("
            "predictions, labels)`, and call `loss.backward()`."
        )
    if name in _KERAS:
        return _KERAS[name]
    if near := nearest(name, dir(nn.Module)):
        return f"Did you mean `{near}`?"
    layers = [layer for layer, _ in owner.named_children()]
    if layers:
        return f"Its layers are called {_list(layers)}; `print({source})` shows them."
    return f"It is not set in `__init__`: store it there, `self.{name} = ...`." if tree is not None else ""


def _misnamed_init(owner: type) -> str:
    """Returns the advice for a class whose `__init__` is spelt wrongly, "" if there is none."""
    own = [name for name in vars(owner) if callable(vars(owner)[name]) and name != "__init__"]
    for name in own:
        bare = name.strip("_")
        if "__init__" not in vars(owner) and bare in (
            "init",
            "int",
            "inti",
            "innit",
            "initialize",
            "initialise",
            "ini",
        ):
            return (
                f"The class has a method `{name}`, which Python never calls by itself: it is `__init__`, with two "
                "underscores on each side."
            )
    return ""


def _part_of_torch(match: Match, owner: Any, name: str, source: str) -> str:
    if isinstance(owner, optim.Optimizer):
        if name == "backward":
            return _KERAS["backward"]
        if name in ("lr", "learning_rate"):
            return f"The learning rate is in the groups of parameters: `{source}.param_groups[0]['lr']`."
        if name == "parameters":
            return "The parameters belong to the model: `model.parameters()`."
    if isinstance(owner, DataLoader) and name in ("shape", "size", "x", "data", "next"):
        return f"A data loader gives batch after batch: `for x, y in {source}:`, or one with `next(iter({source}))`."
    kind = type(owner).__name__
    if kind in ("_SingleProcessDataLoaderIter", "_MultiProcessingDataLoaderIter") and name == "next":
        return _NEXT
    if kind == "_IncompatibleKeys":
        return (
            "`load_state_dict` changes the model and returns a report. Write it in a line of its own, without `model =`"
            " before it."
        )
    if kind in ("generator", "map", "zip", "filter"):
        return f"Make a list of it first: `list({source})`."
    return ""


def _tensor(match: Match, owner: Any, name: str, source: str) -> str:
    if type(owner).__module__ == "torch.return_types":
        best = "argmax" if "max" in type(owner).__name__ else "argmin"
        values = type(owner).__name__
        return (
            f"It is a pair, values and places: `values, indices = x.{values}(dim=1)`, or take one, `{source}.values`, "
            f"`{source}.indices`; `x.{best}(dim=1)` gives the places alone."
        )
    if not isinstance(owner, Tensor):
        return ""
    if name in _LIST_METHODS:
        return _LIST_METHODS[name]
    if near := nearest(name, [other for other in dir(Tensor) if not other.startswith("_")]):
        return f"Did you mean `{near}`?"
    if place := elsewhere(name):
        return f"It is a function: `{place}({source})`."
    return ""


def _array(match: Match, owner: Any, name: str, source: str) -> str:
    if not isinstance(owner, np.ndarray):
        return ""
    if owner.dtype == object and owner.size and hasattr(owner.flat[0], name):
        if owner.ndim > 1:
            return (
                f"It is a grid of shape {list(owner.shape)}: take one of it, such as `axes[0, 0].{name}`, or go through"
                " all with `axes.flat`."
            )
        return (
            f"It is a row of {owner.size}: take one of them, `{source}[0].{name}`, or go through all with `axes.flat`."
        )
    if name in ("append", "extend"):
        return "An array has a fixed size: collect in a Python list, and make the array at the end, `np.array(values)`."
    near = nearest(name, [other for other in dir(owner) if not other.startswith("_")])
    if hasattr(Tensor, name) and not (near and near == name):
        return f"This is a NumPy array; make a tensor of it: `torch.from_numpy({source})`."
    return f"Did you mean `{source}.{near}`?" if near else ""


def _container(match: Match, owner: Any, name: str, source: str) -> str:
    if isinstance(owner, list):
        others = {"push": "append", "add": "append", "len": "", "length": "", "size": ""}
        first = owner[0] if owner else None
        if name in ("len", "length"):
            return f"Its length is `len({source})`."
        if others.get(name):
            return f"For a list it is `{source}.{others[name]}(value)`."
        if first is not None and not hasattr(list, name) and isinstance(first, Tensor) and hasattr(Tensor, name):
            return (
                "Make one tensor of the tensors in the list first:"
                f" `torch.stack({source}).{name}{'()' if callable(getattr(Tensor, name)) else ''}`."
            )
        if name == "shape":
            return f"A list has no shape; make a tensor of it, `torch.tensor({source})`, or ask for `len({source})`."
        if first is not None and not isinstance(first, int | float | list) and hasattr(first, name):
            return f"Its entries have it: `for item in {source}: item.{name}`."
        if near := nearest(name, dir(list)):
            return f"Did you mean `{source}.{near}`?"
        if hasattr(Tensor, name):
            return f"A list cannot do that; make a tensor of it: `torch.tensor({source})`."
    if isinstance(owner, tuple):
        return _tuple(match, owner, name, source)
    if isinstance(owner, set) and name == "append":
        return f"For a set it is `{source}.add(value)`."
    return ""


def _tuple(match: Match, owner: tuple[Any, ...], name: str, source: str) -> str:
    origin = match.context.code.source_of(source) if source.isidentifier() else None
    if isinstance(origin, ast.Tuple) and len(owner) == 1:
        return "The comma at the end of its line makes a tuple of it: leave the comma out."
    if name in ("append", "add", "extend", "insert"):
        return "A tuple never changes; use a list, `[...]`."
    place = next((number for number, item in enumerate(owner) if attribute(item, name) is not UNKNOWN), None)
    if place is not None and isinstance(origin, ast.Call):
        names = [type(item).__name__.lower() for item in owner]
        names[place] = source
        return (
            f"`{text_of(origin.func)}` gives {len(owner)} things, and the one that has it is number {place} (counted"
            f" from 0): `{', '.join(names)} = {text_of(origin) or '...'}`."
        )
    if any(isinstance(item, Tensor) for item in owner) or hasattr(Tensor, name):
        return (
            f"It holds {len(owner)} parts; take one of them: `{source}[0]`, or give each a name, as in `output, state ="
            " layer(x)` for a recurrent layer."
        )
    return f"It holds {len(owner)} parts: `{source}[0]` is the first."


def _text(match: Match, owner: Any, name: str, source: str) -> str:
    if not isinstance(owner, str):
        return ""
    if name in (
        "exists",
        "is_file",
        "is_dir",
        "glob",
        "parent",
        "stem",
        "suffix",
        "mkdir",
        "read_text",
        "iterdir",
        "name",
    ):
        return f"Make a path of the text: `Path({source}).{name}` (after `from pathlib import Path`)."
    if name in ("read", "write", "readlines", "close"):
        return f"A text is no file yet: `with open({source}) as file: file.{name}(...)`."
    if _from_a_dictionary(match, source):
        return (
            "Taking a dictionary apart gives its keys, which are texts: write one name for the batch, and take"
            f" `batch['{owner}']`."
        )
    if name in ("convert", "resize", "show", "size") or (hasattr(Tensor, name) and name not in dir(str)):
        return "This is a text, perhaps the name of a file: open or load what it names first."
    if name in ("state_dict", "parameters", "eval", "items", "keys"):
        return "This is a text, perhaps the name of a file: load it first, `torch.load(path, weights_only=True)`."
    old = {"decode": "It is a text already: leave `.decode()` out.", "append": "Texts are joined with `+`."}
    return old.get(name) or (f"Did you mean `{source}.{near}`?" if (near := nearest(name, dir(str))) else "")


def _from_a_dictionary(match: Match, source: str) -> bool:
    """Returns True for a name of a loop over a loader in which each name got a key, a text."""
    code = match.context.code
    for node in ast.walk(code.tree or ast.Module([], [])):
        if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and "oader" in text_of(node.iter):
            names = [text_of(part) for part in node.target.elts]
            values = [code.value(part) for part in node.target.elts]
            return source in names and all(isinstance(value, str) and value.isidentifier() for value in values)
    return False


def _number(match: Match, owner: Any, name: str, source: str) -> str:
    if not isinstance(owner, int | float | bool | np.number):
        return ""
    if name == "backward":
        return "This is a plain number without a history: call `loss.backward()` before `loss.item()`."
    if name == "item":
        return _NUMBER
    if isinstance(owner, bool) and name in ("sum", "all", "any", "mean", "float"):
        return _compared(match)
    if name == "append":
        return f"`{source}` is a number; to collect numbers begin with a list, `{source} = []`, of a name of its own."
    if name == "round":
        return _ROUND
    if name == "size" and "target" in match.context.arguments:
        return "This loss takes two tensors of one shape; make one of the number: `torch.full_like(x, value)`."
    if maker := _class_with(name, match):
        return f"This is a plain number; an object that has `{name}` is made of it by `{maker}(...)`."
    if hasattr(Tensor, name):
        return "This is a plain number; what should be computed with tensors must stay a tensor until then."
    return ""


def _class_with(name: str, match: Match) -> str:
    """Returns the name of a class of the program whose objects get an attribute of that name, "" if there is none."""
    for kind in match.context.code.names.values():
        begin = definition(vars(kind).get("__init__")) if isinstance(kind, type) else None
        made = (node.attr for node in ast.walk(begin) if isinstance(node, ast.Attribute)) if begin else ()
        if name in made:
            return kind.__name__
    return ""


def _compared(match: Match) -> str:
    """Returns why a comparison gave one yes or no: a function was compared, a pair, or values of two kinds."""
    code, node = match.context.code, match.context.code.expression
    compared = node.value if isinstance(node, ast.Attribute) else None
    if isinstance(compared, ast.Compare):
        for side in (compared.left, *compared.comparators):
            value = code.value(side)
            if value is not UNKNOWN and inspect.isroutine(value):
                return (
                    f"`{text_of(side)}` is a function itself; the brackets of its call are missing:"
                    f" `{text_of(side)}(...)`."
                )
    return (
        "The comparison gave one yes or no instead of a tensor: are both sides tensors, of shapes that fit? (`x.max(1)`"
        " gives values *and* indices; of two lists Python says only whether all is equal.)"
    )


def _nearest_or_listed(match: Match, owner: Any, name: str) -> str:
    if owner is UNKNOWN:
        return _by_type(match)
    if advice := _misnamed_init(type(owner)):
        return advice
    public = [other for other in names_of(owner) if not other.startswith("_")]
    if f"set_{name}" in public:
        return f"Here it is `set_{name}(...)`."
    if isinstance(owner, str | list | tuple | int | float):
        return ""
    near = nearest(name, public)
    made = vars(type(owner)).get("__init__")
    if not near and (tree := definition(made)) is not None:
        if name in made.__code__.co_varnames:
            return f"In `__init__` it is a name of that function only: store it in the object, `self.{name} = {name}`."
        return f"Is it set in `__init__`, as `self.{name} = ...`?" if tree else ""
    if near:
        return f"Did you mean `{near}`?"
    return f"It has {_list(public)}." if 0 < len(public) <= 8 else ""


def _by_type(match: Match) -> str:
    """Returns advice for an object that is known by its type alone, as from a recorded message."""
    kind, name = match["type"].rpartition(".")[2], match["name"]
    stand_ins: Mapping[str, Any] = {"list": [], "tuple": (), "str": "", "float": 0.0, "int": 0, "ndarray": np.zeros(1)}
    if kind in stand_ins:
        for look in (_tensor, _array, _container, _text, _number):
            if advice := look(match, stand_ins[kind], name, "x"):
                return advice
    if kind == "Tensor":
        return _LIST_METHODS.get(name, "")
    if kind in ("function", "method", "builtin_function_or_method"):
        return "This is a function itself, not its result: the brackets of the call are missing."
    if kind == "OrderedDict" and name in ("eval", "train", "to", "parameters", "cuda", "forward"):
        return _state_dict(match, {"weight": Tensor()}, name, "weights")
    return _KERAS.get(name, "") if kind in ("Sequential", "Linear", "Net", "Model") else ""


def _list(names: list[str], most: int = 6) -> str:
    quoted = ", ".join(f"`{name}`" for name in names[:most])
    return quoted + (f" and {len(names) - most} more" if len(names) > most else "")


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


def _key(match: Match) -> str:
    container = _container_of(match)
    return (
        f"There is no entry {_quoted(match)} in this dictionary."
        if container is None
        else (f"There is no entry {_quoted(match)} in `{container[0]}`.")
    )


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
    found = _container_of(match)
    key = match.error.args[0] if match.error.args else ""
    if found is None:
        return "Look at what there is: `print(list(d))`."
    name, container = found
    keys = list(container)
    for other in keys:
        if isinstance(other, str) and isinstance(key, str) and other != key:
            if other.replace("\ufeff", "") == key:
                return (
                    "The first name of the file has an invisible mark before it (a BOM, as Excel writes it): open the "
                    'file with `encoding="utf-8-sig"`.'
                )
            if other.strip() == key.strip():
                return f"There is `{other!r}`, with blanks: take them away with `.strip()`."
        if type(other) is not type(key) and str(other) == str(key):
            return (
                f"There is `{other!r}`, of type `{type(other).__name__}`, but `{key!r}` is a `{type(key).__name__}`: "
                f"convert it, `{name}[{type(other).__name__}(key)]`."
            )
    if type(container).__name__ == "_Environ":
        return f"This variable is not set in the system: `{name}.get({key!r}, 'default')` gives a value then."
    near = nearest(key, [other for other in keys if isinstance(other, str)]) if isinstance(key, str) else ""
    if near:
        return f"Did you mean `{name}[{near!r}]`?"
    if not keys:
        return f"`{name}` is empty: was anything put into it before this line?"
    weights = next((other for other, value in container.items() if is_state_dict(value)), None)
    if weights and isinstance(key, str):
        return f"Its entries are {_list([str(other) for other in keys])}; the weights of the model are in `{weights}`."
    also = f" Or ask first: `{name}.get({key!r}, 0)` gives 0 where there is none."
    return f"Its entries are {_list([repr(other) for other in keys])}." + ("" if is_state_dict(container) else also)


_ATTRIBUTE = r"'(?P<type>[\w.]+)' object has no attribute '(?P<name>\w+)'"

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
    Rule(
        "unknown-key", "python", r"^KeyError: (?P<name>'[^']*'|\"[^\"]*\"|-?\d+|\S+)", _key, _key_fix, ("state dict",)
    ),
)
