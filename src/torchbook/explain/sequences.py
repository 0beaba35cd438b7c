"""Rules for what is gone through, indexed or taken apart: lists, dictionaries, batches, generators."""

import ast
import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Size, Tensor, nn
from torch.utils.data import DataLoader, Dataset

from torchbook.explain.failing_code import UNKNOWN, definition, returns_nothing, text_of
from torchbook.explain.objects import in_words, nothing, nothing_fix, type_in_words
from torchbook.explain.rule import Match, Rule

_FUNCTIONS = ("builtin_function_or_method", "method", "function")


def _container(match: Match) -> tuple[str, Any]:
    """Returns what was indexed, as it is written and itself."""
    node = match.context.code.expression
    if isinstance(node, ast.Subscript):
        return text_of(node.value), match.context.code.value(node.value)
    return "", UNKNOWN


def _index(match: Match) -> ast.expr | None:
    node = match.context.code.expression
    return node.slice if isinstance(node, ast.Subscript) else None


# Going through.


def _gone_through(match: Match) -> tuple[ast.expr | None, Any]:
    """Returns the expression that should be gone through, and its object."""
    code, kind = match.context.code, match["type"].rpartition(".")[2]
    node: Any = code.expression
    statement = code.statement
    candidates: list[ast.expr] = []
    if isinstance(statement, ast.For):
        candidates.append(statement.iter)
    if isinstance(node, ast.Call):
        candidates += [*node.args, *(item.value for item in node.keywords)]
    if isinstance(node, ast.AugAssign):
        candidates.append(node.value)
    if isinstance(node, ast.expr):
        candidates.append(node)
    if isinstance(statement, ast.Assign):
        candidates.append(statement.value)
    for part in ast.walk(node) if isinstance(node, ast.AST) else ():
        if isinstance(part, ast.comprehension):
            candidates.append(part.iter)
    for candidate in candidates:
        value = code.value(candidate)
        if type(value).__name__ == kind or (kind in _FUNCTIONS and value is not UNKNOWN and inspect.isroutine(value)):
            return candidate, value
    return None, UNKNOWN


def _not_iterable(match: Match) -> str:
    node, value = _gone_through(match)
    if match["type"] == "NoneType":
        return nothing(match, "cannot be gone through")
    if "params" in match.context.arguments:
        return f"The optimizer was given {_params_in_words(match)}; it takes the parameters of a model."
    written = text_of(node)
    who = f"`{written}` is {in_words(value)}, which" if written else f"{_capital(type_in_words(match['type']))}"
    return f"{who} cannot be gone through one by one."


def _params_in_words(match: Match) -> str:
    return f"{type_in_words(match['type'])}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _not_iterable_fix(match: Match) -> str:
    code, kind = match.context.code, match["type"].rpartition(".")[2]
    node, value = _gone_through(match)
    written = text_of(node) or "x"
    if kind == "NoneType":
        return nothing_fix(match)
    if kind in _FUNCTIONS:
        return f"The brackets of its call are missing: `{written}()`."
    if isinstance(value, nn.Module) or "params" in match.context.arguments:
        if "params" in match.context.arguments:
            model = written if isinstance(value, nn.Module) else "model"
            return f"Pass `{model}.parameters()`."
        return f"Give its parameters, `{written}.parameters()`, or its layers, `{written}.children()`."
    if isinstance(value, type) or kind == "type":
        return f"It is the class itself: make an object of it, with brackets: `{written}(...)`."
    if isinstance(code.expression, ast.AugAssign) or isinstance(code.statement, ast.AugAssign):
        target = code.statement.target if isinstance(code.statement, ast.AugAssign) else None
        given = code.statement.value if isinstance(code.statement, ast.AugAssign) else None
        return (
            "`+=` joins two lists. To put one value into a list:"
            f" `{text_of(target) or 'values'}.append({text_of(given) or written})`."
        )
    if _bracketed(match, node):
        return f"Brackets alone make no tuple; a tuple of one needs a comma: `({written},)`."
    if any(isinstance(item, nn.Module) for item in match.context.arguments.values()) and not code.direct:
        return "Give the parameters of the model, `model.parameters()`, not the model itself."
    if kind in ("int", "float") and isinstance(code.statement, ast.For):
        if isinstance(code.statement.target, ast.Tuple) and kind == "float":
            return "Each entry is one number, and there are two names for it: count along with `enumerate(values)`."
        return (
            f"For a count write `range({text_of(code.statement.iter) or written})`."
            if kind == "int"
            else "A `for` needs a list, a tensor or a loader."
        )
    if kind in ("int", "float"):
        function = text_of(code.call.func) if code.call else ""
        if function in ("sum", "max", "min", "list", "sorted", "tuple", "set", "enumerate", "zip"):
            return f"`{function}` takes a list or a tensor: `{function}([a, b])`."
        return "A list is needed here: put the number into square brackets, `[x]`, or count with `range(n)`."
    if isinstance(value, DataLoader | Dataset) or kind.endswith("Dataset"):
        return "Wrap it: `for x, y in DataLoader(dataset, batch_size=32):`."
    own = _own(value)
    if own and not isinstance(code.statement, ast.For):
        return f"A list or a tuple is needed here. A tuple of one is written with a comma, `(value,)`. {own}"
    return f"A `for` needs a list, a tensor or a loader. {own}".rstrip()


def _own(value: Any) -> str:
    return (
        f"Is one of the attributes of `{type(value).__name__}` meant?"
        if definition(vars(type(value)).get("__init__"))
        else ""
    )


def _bracketed(match: Match, node: ast.expr | None) -> bool:
    """Returns True if an argument of the failing call is written `(x)`, as if that were a tuple."""
    code = match.context.code
    call = next((part for part in ast.walk(code.statement or ast.Module([], [])) if isinstance(part, ast.Call)), None)
    import linecache

    lines = linecache.getline(code.file, code.line)
    inner = [part for part in (call.args if call else ()) if isinstance(part, ast.Name | ast.Attribute)]
    return any(
        f"({text_of(part)})" in lines.replace(" ", "") and f",({text_of(part)})" in lines.replace(" ", "")
        for part in inner
    )


def _takes_apart(match: Match) -> tuple[ast.AST | None, ast.expr | None, Any]:
    """Returns the names on the left, the expression on the right and its object, of an assignment or a loop."""
    code, statement = match.context.code, match.context.code.statement
    if isinstance(statement, ast.Assign):
        return statement.targets[0], statement.value, code.value(statement.value)
    if isinstance(statement, ast.For):
        return statement.target, statement.iter, code.value(statement.iter)
    return None, None, UNKNOWN


def _unpack_number(match: Match) -> str:
    target, right, _ = _takes_apart(match)
    if match["type"] == "NoneType":
        return nothing_fix(match)
    if isinstance(match.context.code.statement, ast.For):
        names = [text_of(item) for item in target.elts] if isinstance(target, ast.Tuple) else ["i", "x"]
        return (
            f"Each entry of `{text_of(right)}` is one thing, and there are {len(names)} names for it: count along, `for"
            f" {', '.join(names)} in enumerate({text_of(right)})`, or write one name."
        )
    if isinstance(right, ast.Call):
        return f"`{text_of(right.func) or 'The call'}` gives one value: write one name on the left."
    return "Write one name on the left, or give as many values on the right."


def _too_many(match: Match) -> str:
    target, right, value = _takes_apart(match)
    count = len(target.elts) if isinstance(target, ast.Tuple) else match["want"]
    if isinstance(match.context.code.statement, ast.For):
        return (
            f"Each part of `{text_of(right) or 'what is gone through'}` has more than the {count} entries that the"
            " names on the left stand for."
        )
    size = _size(value)
    if size is not None and right is not None:
        return f"`{text_of(right)}` has {size} entries, and on the left there are {count} names."
    return f"On the right of `=` there are more than {count} values for {count} names."


def _size(value: Any) -> int | None:
    if isinstance(value, Tensor):
        return value.shape[0] if value.dim() else None
    return len(value) if isinstance(value, tuple | list | dict | str) else None


def _unpack_fix(match: Match) -> str:
    target, right, value = _takes_apart(match)
    written = text_of(right)
    if isinstance(value, Mapping) or isinstance(right, ast.Dict | ast.DictComp):
        return f"Going through a dictionary gives its keys; for both write `{written}.items()`."
    if isinstance(match.context.code.statement, ast.For):
        return _unpack_in_loop(match, target, right, value, written)
    if isinstance(value, Tensor):
        return (
            f"A tensor is taken apart along its first dimension: use `{written}` as a whole, or `{written}.unbind(1)`"
            " for its columns."
        )
    if (isinstance(right, ast.Attribute) and right.attr == "shape") or (
        isinstance(right, ast.Call) and text_of(right.func).endswith(".size")
    ):
        shape = list(value) if value is not UNKNOWN else None
        return (
            f"A shape has one entry for each dimension{f', {shape} here' if shape else ''}: write as many names, or"
            " `*rest` for the others."
        )
    if isinstance(value, tuple | list):
        return f"Write {len(value)} names on the left, or `first, *rest = {written}`."
    if isinstance(right, ast.Call):
        function = match.context.code.value(right.func)
        called = text_of(right.func) or "the call"
        if called == "next" or called.endswith("next"):
            return (
                "A batch has as many parts as an example of the data set: print `len(batch)`; the dataset must give"
                " inputs *and* labels."
            )
        tree = definition(function)
        if tree is not None:
            counts = {
                len(part.value.elts)
                for part in ast.walk(tree)
                if isinstance(part, ast.Return) and isinstance(part.value, ast.Tuple)
            }
            if len(counts) == 1:
                return f"`{called}` returns {counts.pop()} values: write as many names on the left."
        if isinstance(function, nn.Module) or called == "train_test_split":
            return (
                f"Look at what `{called}` gives back, and write as many names: `print(type({called}(...)))`."
                if called != "train_test_split"
                else (
                    "For each array that it is given, `train_test_split` gives two back: `x_train, x_test, y_train,"
                    " y_test = train_test_split(x, y)`."
                )
            )
        return f"Print what `{called}(...)` gives back, and write as many names on the left."
    return "Print what the right side is, and write as many names on the left."


def _unpack_in_loop(match: Match, target: ast.AST | None, right: ast.expr | None, value: Any, written: str) -> str:
    nested = isinstance(target, ast.Tuple) and any(isinstance(part, ast.Tuple) for part in target.elts)
    enumerated = isinstance(right, ast.Call) and text_of(right.func) == "enumerate"
    if isinstance(target, ast.Tuple) and nested and not enumerated:
        listed = ", ".join(map(text_of, target.elts))
        return f"To count along, `enumerate` is missing: `for {listed} in enumerate({written}):`."
    if enumerated and not nested and isinstance(target, ast.Tuple) and len(target.elts) > 2:
        first, *rest = (text_of(part) for part in target.elts)
        return (
            f"`enumerate` gives a number and *one* entry; the entry is taken apart in brackets: `for {first},"
            f" ({', '.join(rest)}) in {written}:`."
        )
    if isinstance(value, DataLoader):
        data = value.dataset
        if isinstance(data, Tensor | list | np.ndarray):
            return (
                "The data set of this loader holds inputs alone, no labels: `DataLoader(TensorDataset(x, y), ...)`, or"
                " one name in the loop."
            )
        return (
            "A batch has as many parts as `__getitem__` of the data set returns: return inputs *and* labels, or write"
            " as many names."
        )
    names = [text_of(part) for part in target.elts] if isinstance(target, ast.Tuple) else []
    if names and isinstance(value, list | tuple | Tensor) and not enumerated:
        return (
            f"Look at one entry, `print({written}[0])`, and write as many names; to count along: `for"
            f" {', '.join(names)} in enumerate({written}):`; to go through two lists together: `zip(a, b)`."
        )
    return f"Look at one entry, `print(next(iter({written})))`, and write as many names for it."


# Indexing.


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
                f"`{name}` holds dictionaries: take one first, `{name}[0][{index}]`, or go through all: `[item[{index}]"
                f" for item in {name}]`."
            )
        return (
            "Is a dictionary meant? A name chooses from a dictionary, a number from a list; a number that is a text:"
            f" `{name}[int({index or 'i'})]`."
        )
    if kind == "tuple":
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
    return "A list was asked for an entry beyond its end."


def _short_fix(match: Match) -> str:
    name, value = _container(match)
    code = match.context.code
    if name in ("sys.argv", "argv"):
        return "An argument is missing on the command line: call the program as `python program.py value`."
    if code.function == "__getitem__":
        return (
            "The data set asks beyond its data: `__len__` must say how many entries there really are, `return"
            " len(self.data)`."
        )
    if isinstance(value, list | tuple) and not value:
        return f"`{name}` is empty: look at why nothing was put into it."
    if isinstance(value, list | tuple):
        if type(value) is Size:
            return f"The tensor has {len(value)} dimensions, counted from 0; the size of the last is `{name}[-1]`."
        loop = f" Go through it with `for item in {name}:`, or with `range(len({name}))`, without `+ 1`."
        return f"Counting starts at 0: the last entry is `{name}[{len(value) - 1}]`, or `{name}[-1]`.{loop}"
    return "Counting starts at 0: the last entry is `values[len(values) - 1]`, or `values[-1]`."


def _no_index(match: Match) -> str:
    name, value = _container(match)
    if match["type"] == "NoneType":
        return nothing(match, "has no entries")
    who = (
        f"`{name}` is {in_words(value)}, which"
        if name and value is not UNKNOWN and not isinstance(value, type)
        else _capital(type_in_words(match["type"]))
    )
    if isinstance(value, type):
        who = f"`{name}` is the class itself and"
    return f"{who} has no entries that could be chosen with square brackets."


def _no_index_fix(match: Match) -> str:
    name, value = _container(match)
    kind, written = match["type"].rpartition(".")[2], name or "x"
    if kind == "NoneType":
        return nothing_fix(match)
    if kind in _FUNCTIONS:
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
        return f"A text never changes: make a new one, such as `{written}.replace('a', 'b')`."
    if kind in ("generator", "range", "zip", "map"):
        return f"Make a list of it first: `{written} = list({written})`."
    return ""


# Counting.


def _no_integer(match: Match) -> str:
    call = match.context.code.call
    where = f" (`{text_of(call.func)}`)" if call and text_of(call.func) else ""
    return f"A whole number is needed here{where}, but got {type_in_words(match['type'])}."


def _no_integer_fix(match: Match) -> str:
    code, kind = match.context.code, match["type"]
    call = code.call
    node = next((part for part in (call.args if call else ()) if type(code.value(part)).__name__ == kind), None)
    written = text_of(node) or (text_of(call.args[0]) if call and call.args else "x")
    if kind == "list":
        return f"For its places write `range(len({written}))`, or go through it: `for item in {written}:`."
    if kind == "str":
        return (
            f"A text must become a number first: `int({written})` (what `input`, a file or the command line gives is"
            " text)."
        )
    if kind == "float":
        return f"Divide with `//`, or make a whole number of it: `int({written})`."
    if kind == "NoneType":
        length = _length_without_return(match)
        return length or f"Look at where it was made; `{written}` is None."
    if call is not None and text_of(call.func) == "len":
        return "`__len__` of that class must return one whole number, such as `len(self.data)` or `self.data.shape[0]`."
    if kind == "tuple":
        return f"Take one of its entries: `{written}[0]`."
    if kind == "Tensor":
        return f"Take the number out: `int({written})`, or its size: `len({written})`."
    if kind == "Size":
        return f"A shape has several entries: take one, `{written}[0]`."
    if kind == "dict":
        return f"For its size write `len({written})`."
    return ""


def _length_without_return(match: Match) -> str:
    """Returns the advice for a `__len__` of a person's class that returns nothing."""
    code = match.context.code
    values = [code.value(part) for part in ast.walk(code.statement or ast.Module([], [])) if isinstance(part, ast.expr)]
    types = [*(type(value) for value in values), *(value for value in values if isinstance(value, type))]
    types += [type(value) for value in match.context.arguments.values()]
    for kind in types:
        tree = definition(vars(kind).get("__len__")) if isinstance(kind, type) else None
        if tree is not None and returns_nothing(tree):
            return f"`__len__` of `{kind.__name__}` comes to its end without `return`: `return len(...)`."
    return ""


def _no_length(match: Match) -> str:
    return (
        f"`{match['type']}` does not say how many entries it has."
        if match["type"] != "NoneType"
        else nothing(match, "has no length")
    )


def _no_length_fix(match: Match) -> str:
    code, kind = match.context.code, match["type"]
    call = code.call
    written = text_of(call.args[0]) if call and call.args and text_of(call.func) == "len" else ""
    if kind == "NoneType":
        if advice := _item_without_return(match):
            return advice
        return nothing_fix(match)
    if kind in ("int", "float", "bool"):
        who = f"`{written}`" if written else "What was given"
        return f"{who} is one number, which has no length: is the list meant that it comes from?"
    if kind in ("generator", "zip", "map", "filter"):
        return f"Make a list of it first: `len(list({written or 'x'}))`."
    if kind in _FUNCTIONS:
        return f"The brackets of its call are missing: `len({written or 'x'}())`."
    if kind == "type":
        parts = ast.walk(code.statement or ast.Module([], []))
        name = next((text_of(node) for node in parts if _is_class(match, node)), "MyDataset")
        return f"It is the class itself: make an object of it first, with brackets, `{name}()`."
    return "For a data set define `def __len__(self): return ...` inside the class."


def _is_class(match: Match, node: ast.AST) -> bool:
    """Returns True for a name that is given to a call and is a class."""
    code = match.context.code
    called = {part.func for part in ast.walk(code.statement or ast.Module([], [])) if isinstance(part, ast.Call)}
    return isinstance(node, ast.Name) and isinstance(code.value(node), type) and node not in called


def _item_without_return(match: Match) -> str:
    """Returns the advice for a data set whose `__getitem__` gave None to the loader."""
    code = match.context.code
    values = [code.value(part) for part in ast.walk(code.statement or ast.Module([], [])) if isinstance(part, ast.expr)]
    for value in values:
        data = value.dataset if isinstance(value, DataLoader) else value
        if isinstance(data, Dataset) and definition(vars(type(data)).get("__getitem__")) is not None:
            return (
                "`__getitem__` of the data set gave None for an example: every path through it must end with `return"
                " ...`."
            )
    return ""


def _no_item(match: Match) -> str:
    return "There was nothing more to take: the iterator (a loader, a generator) had come to its end."


def _no_next_fix(match: Match) -> str:
    call = match.context.code.call
    written = text_of(call.args[0]) if call and call.args else "loader"
    return f"Make an iterator of it once, `iterator = iter({written})`, and take from that: `next(iterator)`."


def _zero(match: Match) -> str:
    code, node = match.context.code, match.context.code.expression
    right = node.right if isinstance(node, ast.BinOp) else node.value if isinstance(node, ast.AugAssign) else None
    written = text_of(right)
    return (
        f"Something was divided by `{written}`, which is 0 here."
        if written and not isinstance(right, ast.Constant) and code.file
        else "Something was divided by 0."
    )


def _zero_fix(match: Match) -> str:
    code, node = match.context.code, match.context.code.expression
    right = node.right if isinstance(node, ast.BinOp) else None
    inner = right.args[0] if isinstance(right, ast.Call) and text_of(right.func) == "len" and right.args else None
    value = code.value(inner)
    if isinstance(value, DataLoader):
        small = value.drop_last and len(value.dataset) > 0  # type: ignore[arg-type]
        if small:
            return (
                "With `drop_last=True` a loader leaves out a batch that is not full, and the data set is smaller than"
                " one batch: use a smaller `batch_size`."
            )
        return "The loader gives no batch: is its data set empty? Print `len(dataset)`."
    if inner is not None:
        return f"`{text_of(inner)}` is empty: look at why nothing was put into it."
    return "Look at what the divisor counts; is a list or a data set empty, or did the loop that counts never run?"


def _empty(match: Match) -> str:
    call = match.context.code.call
    written = text_of(call.args[0]) if call and call.args else ""
    name = f"`{written}`" if written and isinstance(call and call.args[0], ast.Name | ast.Attribute) else "The list"
    return f"{name} is empty, so nothing can be taken from it."


def _empty_fix(match: Match) -> str:
    call = match.context.code.call
    node = call.args[0] if call and call.args else None
    source = match.context.code.source_of(node)
    if any(
        isinstance(part, ast.Attribute) and part.attr in ("glob", "rglob", "iterdir", "listdir")
        for part in ast.walk(source or ast.Module([], []))
    ):
        return "No file was found: check the folder, `print(Path.cwd())`, and the pattern."
    return (
        "Find out why nothing was put into it: print its `len` before this line; a loop may never have run, or a path"
        " or a filter may be wrong."
    )


def _in_list(match: Match) -> str:
    value = match["value"]
    return f"`{value}` is not in the list."


_ITEM = r"(?P<container>list|tuple) indices must be integers or slices, not (?P<type>[\w.]+)"

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
        "text-indexed-by-name",
        "python",
        r"string indices must be integers",
        "A text was indexed by a name, as if it were a dictionary.",
        "Going through a dictionary gives its keys, which are texts: `for key, value in d.items():`. A text from a file"
        " of JSON becomes a dictionary by `json.loads(text)`.",
    ),
    Rule(
        "list-too-short",
        "index",
        r"^IndexError: (?:list|tuple|string|list assignment) (?:index|assignment index) out of range|^IndexError: list"
        r" assignment index out of range",
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
        "take-apart-too-many",
        "python",
        r"too many values to unpack \(expected (?P<want>\d+)",
        _too_many,
        _unpack_fix,
    ),
    Rule(
        "take-apart-too-few",
        "python",
        r"not enough values to unpack \(expected (?P<want>\d+), got (?P<got>\d+)\)",
        "On the left of `=` there are {want} names, but on the right only {got} value(s).",
        _unpack_fix,
    ),
    Rule(
        "take-apart-one",
        "python",
        r"cannot unpack non-iterable (?P<type>[\w.]+) object",
        lambda match: (
            nothing(match, "cannot be taken apart")
            if match["type"] == "NoneType"
            else f"{_capital(type_in_words(match['type']))} is one value and cannot be taken apart into several names."
        ),
        _unpack_number,
    ),
    Rule(
        "not-to-be-gone-through",
        "python",
        r"'(?P<type>[\w.]+)' object is not iterable",
        _not_iterable,
        _not_iterable_fix,
    ),
    Rule(
        "not-a-container",
        "python",
        r"argument of type '(?P<type>[\w.]+)' is not (?:iterable|a container or iterable)",
        lambda match: (
            nothing(match, "holds nothing")
            if match["type"] == "NoneType"
            else f"`in` looks into a list, a text or a dictionary, not into {type_in_words(match['type'])}."
        ),
        lambda match: (
            nothing_fix(match)
            if match["type"] == "NoneType"
            else "Compare with `==`, or put the values into a list: `x in [1, 2]`."
        ),
    ),
    Rule(
        "not-an-iterator",
        "python",
        r"'(?P<type>[\w.]+)' object is not an iterator",
        lambda match: f"`next` takes from an iterator, and {type_in_words(match['type'])} is none itself.",
        _no_next_fix,
        ("data loader",),
    ),
    Rule(
        "nothing-more-to-take",
        "python",
        r"^StopIteration: ?$",
        _no_item,
        "Go through all of it with `for batch in loader:`; to begin anew make another iterator, `iter(loader)`.",
        ("data loader", "epoch"),
    ),
    Rule(
        "not-a-whole-number",
        "python",
        r"'(?P<type>[\w.]+)' object cannot be interpreted as an integer",
        _no_integer,
        _no_integer_fix,
    ),
    Rule(
        "dataset-without-length",
        "python",
        r"object of type '(?P<type>\w+)' has no len\(\)",
        _no_length,
        _no_length_fix,
        ("dataset", "data loader"),
    ),
    Rule("division-by-zero", "value", r"ZeroDivisionError", _zero, _zero_fix),
    Rule(
        "nothing-to-choose-from",
        "value",
        r"(?:max|min)\(\) (?:arg is an empty sequence|iterable argument is empty)|Cannot choose from an empty sequence"
        r"|pop from (?:an )?empty (?:list|deque|set)|mean requires at least one data point|a cannot be empty unless no"
        r" samples",
        _empty,
        _empty_fix,
    ),
    Rule(
        "not-in-the-list",
        "value",
        r"^ValueError: (?P<value>.+?) is not in (?:list|tuple|deque)|list\.(?:remove|index)\(x\): x not in"
        r" (?P<value2>list)",
        _in_list,
        "Check how it is written (capitals, blanks); print the list, and ask before: `if x in values:`.",
    ),
    Rule(
        "changed-while-gone-through",
        "python",
        r"(?:dictionary (?:changed size|keys changed)|Set changed size|deque mutated) during iteration",
        "A dictionary (or set) was changed inside of the loop that goes through it.",
        "Go through a copy: `for key in list(d):`, or make a new dictionary.",
    ),
    Rule(
        "cannot-be-a-key",
        "python",
        r"unhashable type: '(?P<type>[\w.]+)'",
        lambda match: (
            f"{_capital(type_in_words(match['type']))} can change, so it can be no key of a dictionary and no member of"
            " a set."
        ),
        lambda match: (
            "Take a number or a text as the key, `d[x.item()]`, or a tuple, `tuple(x.tolist())`."
            if match["type"] == "numpy.ndarray"
            else (
                "Make a tuple of it: `tuple(values)`."
                if match["type"] in ("list", "set")
                else "Is an index meant? Take one of its values as the key."
            )
        ),
    ),
)
