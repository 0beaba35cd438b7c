"""Rules for the entries of lists, tuples and strings: an index of another type, or beyond the end."""

import ast
from typing import Any

from torch import Size, Tensor, nn
from torch.utils.data import Dataset

from torchbook.explain.data import beyond_the_data
from torchbook.explain.failing_code import UNKNOWN, text_of
from torchbook.explain.objects import FUNCTIONS, capital, in_words, nothing, nothing_fix, type_in_words
from torchbook.explain.rule import Match, Rule

_ITEM = r"(?P<container>list|tuple) indices must be integers or slices, not (?P<type>[\w.]+)"


def _container(match: Match) -> tuple[str, Any]:
    """Returns what was indexed, as it is written and itself."""
    node = match.context.code.expression
    if isinstance(node, ast.Subscript):
        return text_of(node.value), match.context.code.value(node.value)
    return "", UNKNOWN


def _index(match: Match) -> ast.expr | None:
    node = match.context.code.expression
    return node.slice if isinstance(node, ast.Subscript) else None


def _list_index(match: Match) -> str:
    name, _ = _container(match)
    kind = "A tuple" if match["container"] == "tuple" else "A list"
    index = type_in_words(match["type"])
    where = f" (`{name}`)" if name else ""
    return f"{kind}{where} takes one whole number as its index, but got {index}."


def _list_index_fix(match: Match) -> str:
    name, value = _container(match)
    name, kind = name or "values", match["type"]
    index = text_of(_index(match))
    if kind == "str":
        entry = value[0] if isinstance(value, list | tuple) and value else None
        if isinstance(entry, dict):
            return (
                f"`{name}` holds dictionaries: take one first, `{name}[0][{index}]`, or loop over all: `[item[{index}]"
                f" for item in {name}]`."
            )
        if isinstance(entry, Tensor):
            return (
                f"`{name}` is a list of {len(value)} tensors, as a batch of a loader: take one by its number,"
                f" `{name}[0]`, or give each a name, `x, y = {name}`."
            )
        if isinstance(_index(match), ast.Constant) and not str(match.context.code.value(_index(match))).isdigit():
            return "Is a dictionary meant? A name chooses from a dictionary, `{'x': 1}['x']`, a number from a list."
        return (
            "Is a dictionary meant? A name chooses from a dictionary, a number from a list; a number that is a string:"
            f" `{name}[int({index or 'i'})]`."
        )
    if kind == "tuple":
        if isinstance(value, tuple) and any(isinstance(part, Tensor) for part in value):
            return (
                f"`{name}` holds {len(value)} results (a recurrent layer gives its output *and* its state): give each a"
                f" name, `output, state = layer(x)`, or take one, `{name}[0]`."
            )
        if isinstance(value, list) and value and not isinstance(value[0], list | tuple):
            return f"Make a tensor of it for `x[row, column]`: `torch.tensor({name})`."
        return (
            f"A list of lists is indexed by `{name}[row][column]`; make a tensor of it for `x[row, column]`:"
            f" `torch.tensor({name})`."
        )
    if kind == "float":
        return "Whole division is `//`; a fraction becomes a whole number by `int(x)`."
    if kind == "Tensor":
        return (
            f"Take the number out of the tensor, `{name}[int({index or 'i'})]`, or make a tensor of the list to choose"
            " several at once."
        )
    if kind == "list":
        return (
            f"To choose several make a tensor of it, `torch.tensor({name})[places]`, or `[{name}[i] for i in places]`."
        )
    return f"Give a whole number: `{name}[0]`."


def _short(match: Match) -> str:
    name, value = _container(match)
    index = match.context.code.value(_index(match))
    if isinstance(value, list | tuple) and isinstance(index, int):
        return (
            f"`{name}` has {len(value)} entr{'y' if len(value) == 1 else 'ies'}, so there is no entry number {index}."
        )
    return f"A {match['kind']} was asked for an entry beyond its end."


def _short_fix(match: Match) -> str:
    name, value = _container(match)
    if name in ("sys.argv", "argv"):
        return "An argument is missing on the command line: call the program as `python program.py value`."
    if advice := beyond_the_data(match):
        return advice
    if isinstance(value, list) and "assignment" in str(match.error):
        statement = match.context.code.statement
        new = text_of(statement.value) if isinstance(statement, ast.Assign) else ""
        return (
            f"An assignment changes an entry that is there; a new one is put at the end: `{name}.append({new or 'x'})`."
        )
    if isinstance(value, list | tuple) and not value:
        return f"`{name}` is empty: look at why nothing was put into it."
    if isinstance(value, list | tuple):
        if type(value) is Size:
            return f"The tensor has {len(value)} dimensions, counted from 0; the size of the last is `{name}[-1]`."
        loop = f" Loop over it with `for item in {name}:`, or with `range(len({name}))`, without `+ 1`."
        return f"Counting starts at 0: the last entry is `{name}[{len(value) - 1}]`, or `{name}[-1]`.{loop}"
    return "Counting starts at 0: the last entry is `values[len(values) - 1]`, or `values[-1]`."


def _no_index(match: Match) -> str:
    name, value = _container(match)
    if match["type"] == "NoneType":
        return nothing(match, "has no entries")
    who = (
        f"`{name}` is {in_words(value)}, which"
        if name and value is not UNKNOWN and not isinstance(value, type)
        else capital(type_in_words(match["type"]))
    )
    if isinstance(value, type):
        who = f"`{name}` is the class itself and"
    return f"{who} has no entries that could be chosen with square brackets."


def _no_index_fix(match: Match) -> str:
    name, value = _container(match)
    kind, written = match["type"].rpartition(".")[2], name or "x"
    if kind == "NoneType":
        return nothing_fix(match)
    if kind in FUNCTIONS:
        near = {"size": f"`{written}(0)` or `{written.removesuffix('size')}shape[0]`"}.get(written.rpartition(".")[2])
        return f"The brackets of its call are missing: {near or f'`{written}()`'}."
    if kind in (
        "zip",
        "map",
        "filter",
        "generator",
        "enumerate",
        "dict_keys",
        "dict_values",
        "dict_items",
        "set",
        "reversed",
    ):
        return f"Make a list of it first: `list({written})[0]`."
    if kind in ("int", "float", "bool"):
        return f"`{written}` is one number: use it as it is."
    if kind == "type":
        return f"Make an object of the class first, `{written}(...)`, or write round brackets."
    if kind in ("Axes", "AxesSubplot"):
        return "`plt.subplots()` with one picture gives the axis itself, not a grid: leave the index out."
    if isinstance(value, Dataset) or kind.endswith("Dataset"):
        return "Define `def __getitem__(self, index):` in the class of the data set."
    if isinstance(value, nn.Module):
        return f"Take a layer by its name, `{written}.name`; `print({written})` shows the names."
    if kind in ("BatchEncoding", "Namespace"):
        return f"Take it with a dot: `{written}.name`."
    if kind.endswith("Iter") or kind.endswith("iterator"):
        return f"Take the next one with `next({written})`."
    return ""


def _no_assignment_fix(match: Match) -> str:
    name, _ = _container(match)
    kind, written = match["type"], name or "x"
    if kind == "tuple":
        return (
            f"A tuple never changes: make a list of it, `{written} = list({written})`, or begin with square brackets."
        )
    if kind == "str":
        return f"A string never changes: make a new one, such as `{written}.replace('a', 'b')`."
    if kind in ("generator", "range", "zip", "map"):
        return f"Make a list of it first: `{written} = list({written})`."
    if kind == "torch.Size":
        return "A tensor of another shape is made by `x.reshape(...)`; a list of sizes, `list(x.shape)`, can change."
    if kind in ("int", "float"):
        return f"`{written}` is one number; to store several begin with a list, `{written} = []`, or a tensor."
    if kind in FUNCTIONS:
        return f"It is a function itself: the brackets of its call are missing, `{written}()`."
    if kind == "set":
        return f"A set has no places: `{written}.add(value)`, or make a list of it."
    return ""


def _in_list(match: Match) -> str:
    call = match.context.code.call
    value = match["value"] or (text_of(call.args[0]) if call and call.args else "")
    return f"`{value}` is not in the list." if value else "This value is not in the list."


RULES = (
    Rule("list-of-lists", "python", _ITEM, _list_index, _list_index_fix, ("tensor",)),
    Rule(
        "slice-not-whole",
        "index",
        r"slice indices must be integers or None",
        "The bounds of a slice must be whole numbers; `/` gives a fraction, even of 10 / 2.",
        "Divide with `//`, or make a whole number of it: `x[: int(n)]`.",
    ),
    Rule(
        "string-index-not-whole",
        "python",
        r"string indices must be integers, not '(?P<type>float|tuple|list)'",
        "A string takes one whole number as its index, but got a `{type}`.",
        lambda match: (
            "Whole division is `//`; a fraction becomes a whole number by `int(x)`."
            if match["type"] == "float"
            else "Choose one letter, `word[0]`, or a part, `word[1:3]`."
        ),
    ),
    Rule(
        "text-indexed-by-name",
        "python",
        r"string indices must be integers",
        "A string was indexed by a name, as if it were a dictionary.",
        "Looping over a dictionary gives its keys, which are strings: `for key, value in d.items():`. A text from a"
        " file of JSON becomes a dictionary by `json.loads(text)`.",
    ),
    Rule(
        "list-too-short",
        "index",
        r"^IndexError: (?P<kind>list|tuple|string)(?: assignment)? index out of range",
        _short,
        _short_fix,
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
        "loader-has-no-index",
        "python",
        r"'DataLoader' object is not subscriptable",
        "A data loader gives batch after batch and cannot be indexed.",
        "Use `for x, y in loader:` or `x, y = next(iter(loader))`; single examples come from the data set: "
        "`dataset[0]`.",
        ("data loader", "batch"),
    ),
    Rule(
        "brackets-missing",
        "python",
        r"'(?P<type>builtin_function_or_method|method|function)' object is not subscriptable",
        _no_index,
        _no_index_fix,
    ),
    Rule("has-no-entries", "python", r"'(?P<type>[\w.]+)' object is not subscriptable", _no_index, _no_index_fix),
    Rule(
        "entries-cannot-be-set",
        "python",
        r"'(?P<type>[\w.]+)' object does not support item (?:assignment|deletion)",
        lambda match: f"The entries of {type_in_words(match['type'])} cannot be changed.",
        _no_assignment_fix,
    ),
    Rule(
        "not-in-the-list",
        "value",
        r"^ValueError: (?P<value>.+?) is not in (?:list|tuple|deque)|list\.(?:remove|index)\(x\): x not in"
        r" list",
        _in_list,
        "Check how it is written (capitals, spaces); print the list, and ask before: `if x in values:`.",
    ),
    Rule(
        "cannot-be-a-key",
        "python",
        r"unhashable type: '(?P<type>[\w.]+)'",
        lambda match: (
            f"{capital(type_in_words(match['type']))} can change, so it cannot be a key of a dictionary or a member of"
            " a set."
        ),
        lambda match: (
            "Take a number or a string as the key, `d[x.item()]`, or a tuple, `tuple(x.tolist())`."
            if match["type"] == "numpy.ndarray"
            else (
                "Make a tuple of it: `tuple(values)`."
                if match["type"] in ("list", "set")
                else "Is an index meant? Take one of its values as the key."
            )
        ),
    ),
)
