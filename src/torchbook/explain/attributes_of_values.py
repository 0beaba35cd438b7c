"""Advice on attributes of tensors, arrays, lists, tuples, strings and numbers."""

import ast
import inspect
import re
from typing import Any

import numpy as np
from torch import Tensor
from torch.utils.data import DataLoader

from torchbook.explain.attributes_of_models import OPTIMIZER_METHOD
from torchbook.explain.failing_code import UNKNOWN, attribute, definition, text_of
from torchbook.explain.near_names import elsewhere, nearest
from torchbook.explain.objects import is_picture
from torchbook.explain.rule import Match

_NUMBER = "This is a plain number already; leave `.item()` out."
OF_LISTS = {
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
    "step": OPTIMIZER_METHOD.format(name="step"),
    "zero_grad": OPTIMIZER_METHOD.format(name="zero_grad"),
    "dropna": "Missing values are `nan`: `x[~torch.isnan(x)]`.",
    "plot": "Tensors are drawn with matplotlib: `plt.plot(x.detach().numpy())`.",
    "show": "Tensors are drawn with matplotlib: `plt.imshow(x)`.",
}
# What makes an array or a number of a tensor.
_LEFT_OUT = ("numpy", "detach", "cpu", "to_numpy")
_ROUND = "Numbers are rounded by a function: `round(x, 3)`."


def of_tensor(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for a tensor, or a pair of tensors."""
    if type(owner).__module__ == "torch.return_types":
        best = "argmax" if "max" in type(owner).__name__ else "argmin"
        values = type(owner).__name__
        return (
            f"It is a pair, values and places: `values, indices = x.{values}(dim=1)`, or take one, `{source}.values`, "
            f"`{source}.indices`; `x.{best}(dim=1)` gives the places alone."
        )
    if not isinstance(owner, Tensor):
        return ""
    if name in OF_LISTS:
        return OF_LISTS[name]
    if near := nearest(name, [other for other in dir(Tensor) if not other.startswith("_")]):
        return f"Did you mean `{near}`?"
    if place := elsewhere(name):
        return f"It is a function: `{place}({source})`."
    return ""


def of_array(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for an array of NumPy."""
    if not isinstance(owner, np.ndarray):
        return ""
    if owner.dtype == object and owner.size and hasattr(owner.flat[0], name):
        if owner.ndim > 1:
            return (
                f"It is a grid of shape {list(owner.shape)}: take one of it, such as `axes[0, 0].{name}`, or loop over"
                " all with `axes.flat`."
            )
        return (
            f"It is a row of {owner.size}: take one of them, `{source}[0].{name}`, or loop over all with `axes.flat`."
        )
    if name in ("append", "extend"):
        return "An array has a fixed size: collect in a Python list, and make the array at the end, `np.array(values)`."
    if name in _LEFT_OUT:
        return f"It is a NumPy array already: leave `.{name}()` out."
    near = nearest(name, [other for other in dir(owner) if not other.startswith("_")])
    if hasattr(Tensor, name) and not (near and near == name):
        return f"This is a NumPy array; make a tensor of it: `torch.from_numpy({source})`."
    return f"Did you mean `{source}.{near}`?" if near else ""


def of_picture(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for a picture of Pillow."""
    if not is_picture(owner):
        return ""
    if name == "shape":
        return f"A picture of Pillow has `{source}.size`, (width, height); as an array, `np.array({source}).shape`."
    if hasattr(Tensor, name) or name in ("astype", "numpy"):
        return f"Make an array or a tensor of the picture first: `torch.from_numpy(np.array({source}))`."
    near = nearest(name, [other for other in dir(owner) if not other.startswith("_")])
    return f"Did you mean `{source}.{near}`?" if near else ""


def of_container(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for a list, a tuple or a set."""
    if isinstance(owner, list):
        others = {"push": "append", "add": "append", "len": "", "length": "", "size": ""}
        first = owner[0] if owner else None
        if name == "to" and first is not None and all(isinstance(item, Tensor) for item in owner):
            return f"Bring each of its tensors there: `{source} = [item.to(device) for item in {source}]`."
        if name in ("len", "length"):
            return f"Its length is `len({source})`."
        if others.get(name):
            return f"For a list it is `{source}.{others[name]}(value)`."
        if len({item.shape for item in owner if isinstance(item, Tensor)}) > 1 and hasattr(Tensor, name):
            return f"It holds several tensors, as a batch does: unpack it, `x, y = {source}`, and ask each of them."
        if name == "tolist":
            return "It is a list already: leave `.tolist()` out."
        if _is_a_batch(match, source):
            return f"It is a batch of the loader, a list of its parts: take the first, `{source}[0].{name}`."
        if name == "item" and all(isinstance(item, Tensor) for item in owner):
            return f"It holds {len(owner)} tensors: `[value.item() for value in {source}]`."
        if first is not None and not hasattr(list, name) and isinstance(first, Tensor) and hasattr(Tensor, name):
            return (
                "Make one tensor of the tensors in the list first:"
                f" `torch.stack({source}).{name}{'()' if callable(getattr(Tensor, name)) else ''}`."
            )
        if name == "shape":
            return f"A list has no shape; make a tensor of it, `torch.tensor({source})`, or ask for `len({source})`."
        if first is not None and not isinstance(first, int | float | list) and hasattr(first, name):
            brackets = "()" if callable(getattr(type(first), name, None)) else ""
            return f"Its entries have it: `for item in {source}: item.{name}{brackets}`."
        if near := nearest(name, dir(list)):
            return f"Did you mean `{source}.{near}`?"
        if hasattr(Tensor, name):
            return f"A list cannot do that; make a tensor of it: `torch.tensor({source})`."
    if isinstance(owner, tuple):
        return _tuple(match, owner, name, source)
    if isinstance(owner, set) and name == "append":
        return f"For a set it is `{source}.add(value)`."
    return ""


def _is_a_batch(match: Match, source: str) -> bool:
    """Returns True for the one name of a loop over a data loader."""
    code = match.context.code
    return any(
        isinstance(node, ast.For) and text_of(node.target) == source and isinstance(code.value(node.iter), DataLoader)
        for node in ast.walk(code.tree or ast.Module([], []))
    )


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
    if owner and all(isinstance(item, str) for item in owner):
        return (
            "These are strings, such as names of classes. Return a number from `__getitem__` instead, its place in a"
            " list of all names, `classes.index(name)`: a batch of those is a tensor."
        )
    if any(isinstance(item, Tensor) for item in owner) or hasattr(Tensor, name):
        return (
            f"It holds {len(owner)} parts; take one of them: `{source}[0]`, or give each a name, as in `output, state ="
            " layer(x)` for a recurrent layer."
        )
    return f"It holds {len(owner)} parts: `{source}[0]` is the first."


def of_text(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for a string."""
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
        return f"A string is no file yet: `with open({source}) as file: file.{name}(...)`."
    if _from_a_dictionary(match, source):
        return (
            "Unpacking a dictionary gives its keys, which are strings: write one name for the batch, and take"
            f" `batch['{owner}']`."
        )
    if name in ("convert", "resize", "show", "size") or (hasattr(Tensor, name) and name not in dir(str)):
        if not re.search(r"[\\/]|\.\w{1,5}$", owner):
            return (
                f"`{owner[:20]}` is a string, and a tensor holds numbers: make a number of it first, such as its place"
                " in a list of all names, `names.index(text)`."
            )
        return "This is a string, perhaps the name of a file: open or load what it names first."
    if name in ("state_dict", "parameters", "eval", "items", "keys"):
        return "This is a string, perhaps the name of a file: load it first, `torch.load(path, weights_only=True)`."
    if name in ("length", "len", "count_letters"):
        return f"Its length is `len({source})`."
    old = {"decode": "It is a string already: leave `.decode()` out.", "append": "Strings are joined with `+`."}
    return old.get(name) or (f"Did you mean `{source}.{near}`?" if (near := nearest(name, dir(str))) else "")


def _from_a_dictionary(match: Match, source: str) -> bool:
    """Returns True for a name of a loop over a loader in which each name got a key, a string."""
    code = match.context.code
    for node in ast.walk(code.tree or ast.Module([], [])):
        if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and "oader" in text_of(node.iter):
            names = [text_of(part) for part in node.target.elts]
            values = [code.value(part) for part in node.target.elts]
            return source in names and all(isinstance(value, str) and value.isidentifier() for value in values)
    return False


def of_number(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for a number of Python or NumPy."""
    if not isinstance(owner, int | float | bool | np.number):
        return ""
    if name == "backward":
        return _without_history(match, owner, source)
    if name == "item":
        return _NUMBER
    if isinstance(owner, bool) and name in ("sum", "all", "any", "mean", "float"):
        return _compared(match)
    if name in (*_LEFT_OUT, "tolist"):
        return f"It is a number of Python already: leave `.{name}()` out."
    if name == "append":
        return f"`{source}` is a number; to collect numbers begin with a list, `{source} = []`, of a name of its own."
    if name == "round":
        return _ROUND
    if "target" in match.context.arguments and source.isidentifier():
        origin = match.context.code.source_of(source)
        if isinstance(origin, ast.Call) and text_of(origin.func).endswith(".item"):
            return f"`{source}` came from `.item()`, which takes a number out of torch: leave that out for the loss."
    if name == "size" and "target" in match.context.arguments:
        return "This loss takes two tensors of one shape; make one of the number: `torch.full_like(x, value)`."
    if maker := _class_with(name, match):
        return f"This is a plain number; an object that has `{name}` is made of it by `{maker}(...)`."
    if counted := _counted_along(match, source):
        return counted
    if hasattr(Tensor, name):
        return "This is a plain number; what should be computed with tensors must stay a tensor until then."
    return ""


def _counted_along(match: Match, source: str) -> str:
    """Returns the advice for the number of a loop over `enumerate`, "" for all other numbers."""
    for node in ast.walk(match.context.code.scope or ast.Module([], [])):
        if not isinstance(node, ast.For) or not isinstance(node.iter, ast.Call) or not node.iter.args:
            continue
        names = [text_of(part) for part in node.target.elts] if isinstance(node.target, ast.Tuple) else []
        if text_of(node.iter.func) == "enumerate" and names[:1] == [source]:
            looped = text_of(node.iter.args[0])
            return (
                f"`enumerate` counts along, so `{source}` is the number of the turn: `for {', '.join(names)} in"
                f" {looped}:` without it, or `for i, ({', '.join(names)}) in enumerate({looped}):`."
            )
    return ""


def _without_history(match: Match, owner: Any, source: str) -> str:
    """Tells a loss that is still its first value from one that was made a plain number."""
    code = match.context.code
    first = next(
        (
            place
            for place in code.assignments(source)
            if isinstance(place.value, ast.Constant) and place.line < code.line
        ),
        None,
    )
    if first is not None and code.value(first.value) == owner:
        return (
            f"`{source}` is still the number of line {first.line}: no loss was added to it. Is what the loop goes"
            " through empty?"
        )
    calls = [ast.unparse(node.func) for node in ast.walk(code.tree or ast.Module([], [])) if isinstance(node, ast.Call)]
    if not calls or any(call.endswith(".item") for call in calls):
        return "This is a plain number without a history: call `loss.backward()` before `loss.item()`."
    return (
        "This is a plain number without a history: the loss must stay a tensor, computed by torch alone from the output"
        " of the model, until `backward`."
    )


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
