"""Rules for tables of pandas: columns and rows that are not there, and tables on their way to a tensor."""

import ast
import re
from typing import Any

from torch import Tensor

from torchbook.explain.failing_code import UNKNOWN, text_of
from torchbook.explain.near_names import names_of, nearest
from torchbook.explain.rule import Match, Rule

_GONE = {
    "append": "pandas has taken it away: `pd.concat([a, b])` puts tables together.",
    "ix": "pandas has taken it away: `.loc[...]` chooses by name, `.iloc[...]` by place.",
    "as_matrix": "It is called `to_numpy()` now.",
    "iteritems": "It is called `items()` now.",
}
_NAMED = 4


def kind_of_table(value: Any) -> str:
    """Returns `DataFrame`, `Series` or another class of pandas by its name, "" for all that is not of pandas."""
    kind = type(value)
    return kind.__name__ if kind.__module__.partition(".")[0] == "pandas" else ""


def _columns(table: Any) -> list[str]:
    return [str(name) for name in getattr(table, "columns", ())]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(f"`{name}`" for name in names[:_NAMED]) + more


def _texts(table: Any) -> list[str]:
    """Returns the columns of a table that hold no numbers."""
    return [str(name) for name in table.columns if getattr(table[name].dtype, "kind", "O") not in "biuf"]


def _value(match: Match, node: ast.AST | None) -> Any:
    """Returns the object behind an expression; a column of a table is taken, which runs no code but that of pandas."""
    code = match.context.code
    if isinstance(node, ast.Subscript):
        table, key = _value(match, node.value), code.value(node.slice)
        if kind_of_table(table) == "DataFrame" and isinstance(key, str) and key in table.columns:
            return table[key]
    return code.value(node)


def _indexed(match: Match) -> tuple[str, Any]:
    """Returns the table or column in whose square brackets a key was not found, as it is written and itself."""
    node = match.context.code.expression
    owner = node.func if isinstance(node, ast.Call) else node  # `df["a"]`, and `df.groupby("a")`
    if isinstance(owner, ast.Subscript | ast.Attribute):
        value = _value(match, owner.value)
        if kind_of_table(value) in ("DataFrame", "Series"):
            return text_of(owner.value) or "table", value
    return "", UNKNOWN


def _key(match: Match) -> Any:
    key = match.error.args[0] if match.error.args else ""
    # What is taken out, or chosen by a list, stands in a sentence.
    several = re.match(r"\['([^']*)'\](?: not found in axis| not in index)", str(key))
    return several[1] if several else key


def _no_key(match: Match) -> str:
    name, table = _indexed(match)
    if kind_of_table(table) == "DataFrame":
        if isinstance(match.context.code.expression, ast.Call):
            return f"The table `{name}` has no column called `{_key(match)}`."
        return f"Square brackets choose a column of a table, and `{name}` has none called `{_key(match)}`."
    if not name:
        return f"Square brackets choose a column of a table by its name, and there is none labelled `{_key(match)}`."
    return f"Square brackets choose by the label of a row, and `{name}` has no row labelled `{_key(match)}`."


def _no_key_fix(match: Match) -> str:
    name, table = _indexed(match)
    key, node = _key(match), match.context.code.expression
    place = text_of(node.slice) if isinstance(node, ast.Subscript) else "0"
    if not name:
        return f"A row is taken by its place with `.iloc[{place}]`; what columns there are: `print(table.columns)`."
    if isinstance(key, tuple) and kind_of_table(table) == "DataFrame":
        if all(item in table.columns for item in key):
            return f"Several columns are chosen by a list, in brackets of its own: `{name}[{list(key)!r}]`."
        return f"Rows and columns together are chosen by `{name}.loc[rows, columns]`, or by place `{name}.iloc[0, 1]`."
    if isinstance(key, str):
        labels = _columns(table) if kind_of_table(table) == "DataFrame" else [str(label) for label in table.index]
        if near := nearest(key, labels):
            written = near if isinstance(node, ast.Call) else f"{name}[{near!r}]"
            return f"Did you mean `{written}`?"
        return f"It has {_listed(labels)}."
    if kind_of_table(table) == "DataFrame":
        return f"A row is taken by its place with `{name}.iloc[{place}]`; a column by its name, `{name}[name]`."
    return (
        f"By its place it is `{name}.iloc[{place}]`; rows that were taken out leave gaps in the labels, which "
        "`table.reset_index(drop=True)` closes."
    )


def _is_indexed(match: Match) -> bool:
    return kind_of_table(_indexed(match)[1]) != "" or _raised_by_pandas(match.error)


def _raised_by_pandas(error: BaseException) -> bool:
    trace, modules = error.__traceback__, []
    while trace is not None:
        modules.append(str(trace.tb_frame.f_globals.get("__name__", "")))
        trace = trace.tb_next
    return any(module.partition(".")[0] == "pandas" for module in modules)


def of_table(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for a table or a column of pandas that was asked for an attribute."""
    if kind_of_table(owner) not in ("DataFrame", "Series"):
        return ""
    if name in _GONE:
        return _GONE[name]
    if kind_of_table(owner) == "DataFrame" and (near := nearest(name, _columns(owner))):
        return f"Did you mean `{source}[{near!r}]`? Columns are chosen with square brackets."
    near = nearest(name, [other for other in names_of(owner) if not other.startswith("_")])
    if near and not hasattr(Tensor, name):
        return f"Did you mean `{source}.{near}`?"
    if name in ("numpy", "tensor", "to_tensor"):
        return f"Take its numbers, and make a tensor of them: `torch.from_numpy({source}.to_numpy())`."
    if hasattr(Tensor, name):
        return f"This is a table of pandas; make a tensor of it first: `torch.from_numpy({source}.to_numpy())`."
    return f"Its columns are {_listed(_columns(owner))}." if _columns(owner) else ""


def to_tensor(match: Match, kind: str) -> str:
    """Returns how a table or a column becomes a tensor; of a table with strings which columns must be left out."""
    node, table = _given(match)
    written = text_of(node) or "table"
    if kind == "DataFrame" and table is not UNKNOWN and (texts := _texts(table)):
        return (
            f"The columns {_listed(texts)} hold no numbers: leave them out or make numbers of them first; of the others"
            f" `torch.from_numpy({written}.select_dtypes('number').to_numpy())`."
        )
    return f"Take its numbers: `torch.from_numpy({written}.to_numpy())`, and `.float()` behind it for a layer."


def _given(match: Match) -> tuple[ast.AST | None, Any]:
    """Returns the table that the failing line gives away, as an expression and itself."""
    for node in match.context.code.parts():
        if isinstance(node, ast.expr) and kind_of_table(value := _value(match, node)) in ("DataFrame", "Series"):
            return node, value
    return None, UNKNOWN


def _mixed(match: Match) -> bool:
    table = _given(match)[1]
    return kind_of_table(table) == "DataFrame" and bool(_texts(table))


def _parts_of_a_condition(match: Match) -> list[str]:
    """Returns the conditions that `and` or `or` joins in the failing statement."""
    nodes = ast.walk(match.context.code.statement or ast.Module([], []))
    joined = next((node for node in nodes if isinstance(node, ast.BoolOp)), None)
    return [text_of(value) for value in joined.values] if joined else []


def _truth_fix(match: Match) -> str:
    parts = _parts_of_a_condition(match)
    if all(parts) and parts:
        joined = " & ".join(f"({part})" for part in parts)
        return f"Row by row it is `&` or `|`, with brackets around each side: `{joined}`."
    return (
        "Row by row combine with `&`, `|` and `~`, brackets around each side; for one answer say `.all()` or `.any()`."
    )


def _deals_out_a_table(match: Match) -> bool:
    """Returns True if a data loader asked a table for a row as if it were a data set."""
    data = match.context.arguments.get("self")
    return kind_of_table(getattr(data, "dataset", None)) != ""


RULES = (
    Rule(
        "table-in-a-loader",
        "index",
        r"^KeyError: \d+$",
        "A data loader takes examples by their number, `data[0]`, and a table of pandas chooses columns that way.",
        "Make tensors of it first: `TensorDataset(torch.from_numpy(table.to_numpy()).float())`, inputs and"
        " labels as two tensors.",
        ("data loader", "dataset"),
        when=_deals_out_a_table,
    ),
    Rule(
        "no-such-column",
        "index",
        r"^KeyError: ",
        _no_key,
        _no_key_fix,
        ("feature",),
        when=_is_indexed,
    ),
    Rule(
        "table-as-tensor",
        "python",
        r"could not determine the shape of object type '(?P<type>DataFrame|Series)'"
        r"|expected np\.ndarray \(got (?P<type2>DataFrame|Series)\)",
        "A tensor is made of numbers or an array, not of a `{type}` of pandas.",
        lambda match: to_tensor(match, match["type"]),
        ("tensor",),
    ),
    Rule(
        "table-with-texts",
        "dtype",
        r"can't convert np\.ndarray of type numpy\.object_|could not convert string(?: to float)?: ",
        lambda match: f"The table holds columns without numbers: {_listed(_texts(_given(match)[1]))}.",
        lambda match: to_tensor(match, "DataFrame"),
        ("tensor", "feature"),
        when=_mixed,
    ),
    Rule(
        "yes-or-no-of-a-table",
        "value",
        r"The truth value of a (?P<type>DataFrame|Series) is ambiguous",
        "`and`, `or`, `not` and `if` want one yes or no, and a `{type}` has one for each row.",
        _truth_fix,
    ),
    Rule(
        "name-for-a-place",
        "index",
        r"Location based indexing can only have|Cannot index by location index with a non-integer key"
        r"|cannot do positional indexing",
        "`.iloc` chooses rows and columns by their place, which is a whole number, but was given a name.",
        "By its name a column is `table['name']`, and `table.loc[rows, 'name']` chooses rows as well.",
    ),
    Rule(
        "row-beyond-the-end",
        "index",
        r"single positional indexer is out-of-bounds|positional indexers are out-of-bounds",
        "The table has no row at this place.",
        "Places are counted from 0 to `len(table) - 1`.",
    ),
    Rule(
        "lines-of-different-length",
        "file",
        r"Error tokenizing data\. C error: Expected (?P<want>\d+) fields in line (?P<line>\d+), saw (?P<got>\d+)",
        "Line {line} of the file has {got} values where {want} are expected.",
        "Look at that line of the file; another separator is named by `sep=';'`, lines above the heading are left out "
        "by `skiprows=...`.",
    ),
    Rule(
        "column-of-another-length",
        "shape",
        r"Length of values \((?P<got>\d+)\) does not match length of index \((?P<want>\d+)\)"
        r"|All arrays must be of the same length(?P<got2>)(?P<want2>)",
        lambda match: (
            f"The table has {match['want']} rows, but the new column has {match['got']} values."
            if match["got"]
            else "The columns of a table must be equally long, and these are not."
        ),
        "Print the `len` of both: there must be one value for each row; were rows left out on one side?",
    ),
    Rule(
        "table-of-single-values",
        "python",
        r"If using all scalar values, you must pass an index",
        "Each column of a table is a list, one value for each row, but here they are single values.",
        "Put the values into square brackets: `pd.DataFrame({{'loss': [0.5]}})`, or one row as a dictionary in a list,"
        " `pd.DataFrame([{{'loss': 0.5}}])`.",
    ),
    Rule(
        "tables-without-a-common-column",
        "python",
        r"No common columns to perform merge on",
        "`merge` joins two tables by the values of a column, and these have no column of the same name.",
        "Name the columns: `a.merge(b, left_on='id', right_on='number')`; to put tables side by side row by row"
        " `pd.concat([a, b], axis=1)`.",
    ),
    Rule(
        "empty-table",
        "file",
        r"No columns to parse from file",
        "The file is empty: there is neither a heading nor a row.",
        "Look at its size and where it comes from; save or download it again.",
    ),
)
