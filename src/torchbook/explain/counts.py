"""Rules for whole numbers and lengths: of what cannot be counted, and of what is empty."""

import ast
from collections.abc import Iterator

from torch.utils.data import DataLoader, Dataset

from torchbook.explain.called_function import called_class
from torchbook.explain.failing_code import definition, returns_nothing, text_of
from torchbook.explain.objects import FUNCTIONS, NO_FILES, is_from_files, nothing, nothing_fix, type_in_words
from torchbook.explain.rule import Match, Rule

_NO_EXAMPLE = (
    "`__getitem__` of the data set gave None for an example: every path through it must end with `return ...`."
)


def _no_integer(match: Match) -> str:
    call = match.context.code.call
    where = f" (`{text_of(call.func)}`)" if call and text_of(call.func) else ""
    return f"A whole number is needed here{where}, but got {type_in_words(match['type'])}."


def _no_integer_fix(match: Match) -> str:
    code, kind = match.context.code, match["type"].rpartition(".")[2]
    call = code.call
    node = next((part for part in (call.args if call else ()) if type(code.value(part)).__name__ == kind), None)
    written = text_of(node) or (text_of(call.args[0]) if call and call.args else "x")
    if call is not None and text_of(call.func) != "range" and (owner := _length_of_another_kind(match, kind)):
        return f"`__len__` of `{owner}` must return one whole number, such as `len(self.data)`."
    if kind == "list":
        return f"For its places write `range(len({written}))`, or loop over it: `for item in {written}:`."
    if kind == "str":
        return f"A string must become a number first: `int({written})` (`input` and files give strings)."
    if kind == "float" and call is not None and text_of(call.func) == "range" and len(call.args) > 1:
        return (
            "`range` counts in whole numbers; for fractions there are `torch.arange(0, 1, 0.1)` and"
            " `torch.linspace(0, 1, steps=11)`."
        )
    if kind == "float":
        return f"Divide with `//`, or make a whole number of it: `int({written})`."
    if kind == "NoneType":
        length = _length_without_return(match)
        return length or f"Look at where it was made; `{written}` is None."
    if call is not None and text_of(call.func) == "len":
        return "`__len__` of that class must return one whole number, such as `len(self.data)` or `self.data.shape[0]`."
    if kind == "tuple" and call is not None and ast.unparse(call.func).rpartition(".")[2] in ("rand", "randn"):
        return f"This function takes the sizes without brackets: `{text_of(call.func)}(2, 3)`."
    if kind == "tuple":
        return f"Take one of its entries: `{written}[0]`."
    if kind == "Tensor":
        return f"Take the number out: `int({written})`, or its size: `len({written})`."
    if kind == "Size":
        return f"A shape has several entries: take one, `{written}[0]`."
    if kind == "dict":
        return f"For its size write `len({written})`."
    return ""


def _lengths(match: Match) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yields the classes of the person's that the failing statement uses and that define `__len__`, with it."""
    code = match.context.code
    values = [code.value(part) for part in ast.walk(code.statement or ast.Module([], [])) if isinstance(part, ast.expr)]
    types = [*(type(value) for value in values), *(value for value in values if isinstance(value, type))]
    types += [type(value) for value in match.context.arguments.values()]
    for kind in types:
        if (tree := definition(vars(kind).get("__len__"))) is not None:
            yield kind.__name__, tree


def _length_without_return(match: Match) -> str:
    """Returns the advice for a `__len__` of a person's class that returns nothing."""
    name = next((name for name, tree in _lengths(match) if returns_nothing(tree)), "")
    return f"`__len__` of `{name}` comes to its end without `return`: `return len(...)`." if name else ""


def _length_of_another_kind(match: Match, kind: str) -> str:
    """Returns the class whose `__len__` gives something else than a number, "" if a number of the line is meant."""
    given = match.context.code.call.args if match.context.code.call else ()
    if any(type(match.context.code.value(node)).__name__ == kind for node in given):
        return ""
    return next((name for name, tree in _lengths(match) if not returns_nothing(tree)), "")


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
        meant = f"{who} is one number, which has no length: is the list meant that it comes from?"
        return f"{meant} If numbers are allowed there, ask `isinstance({written}, list)` first." if written else meant
    if kind in ("generator", "zip", "map", "filter"):
        return f"Make a list of it first: `len(list({written or 'x'}))`."
    if kind in FUNCTIONS:
        return f"The brackets of its call are missing: `len({written or 'x'}())`."
    if kind == "type":
        parts = ast.walk(code.statement or ast.Module([], []))
        name = next((text_of(node) for node in parts if _is_class(match, node)), "MyDataset")
        return f"It is the class itself: make an object of it first, with brackets, `{name}()`."
    if called_class(match, kind) or kind.endswith("Dataset"):
        return "For a data set define `def __len__(self): return ...` inside the class."
    return ""


def _is_class(match: Match, node: ast.AST) -> bool:
    """Returns True for a name that is given to a call and is a class."""
    code = match.context.code
    called = {part.func for part in ast.walk(code.statement or ast.Module([], [])) if isinstance(part, ast.Call)}
    return isinstance(node, ast.Name) and isinstance(code.value(node), type) and node not in called


def _item_without_return(match: Match) -> str:
    """Returns the advice for a data set whose `__getitem__` gave None to the loader."""
    code = match.context.code
    values = [code.value(part) for part in ast.walk(code.statement or ast.Module([], [])) if isinstance(part, ast.expr)]
    if "elem_size" in match.context.arguments:  # torch puts the examples of a batch together
        return _NO_EXAMPLE
    for value in values:
        data = value.dataset if isinstance(value, DataLoader) else value
        if isinstance(data, Dataset) and definition(vars(type(data)).get("__getitem__")) is not None:
            return _NO_EXAMPLE
    return ""


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
    if inner is not None and is_from_files(match, inner):
        return NO_FILES
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
    if is_from_files(match, node):
        return NO_FILES
    return (
        "Find out why nothing was put into it: print its `len` before this line; a loop may never have run, or a path"
        " or a filter may be wrong."
    )


RULES = (
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
    Rule(
        "larger-than-there-are",
        "value",
        r"Sample larger than population or is negative|Cannot take a larger sample than population",
        "More entries should be drawn than there are.",
        "Draw fewer, `random.sample(values, min(n, len(values)))`, or with repetition, `random.choices(values, k=n)`.",
    ),
    Rule(
        "nothing-to-sample-from",
        "python",
        r"Population must be a sequence",
        "`random.sample` draws from a list, and was given something else.",
        "Give it a list: `random.sample(range(n), k)` for numbers, `random.sample(list(values), k)` for a set or a"
        " dictionary.",
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
)
