"""Rules for strings and numbers: formats, conversions, encodings, JSON, and files of text."""

import ast
import re
import sys
from typing import Any

from torchbook.explain.failing_code import UNKNOWN, text_of
from torchbook.explain.first_bytes import kind_of
from torchbook.explain.objects import type_in_words
from torchbook.explain.rule import Match, Rule

# How a file is opened that is no text, or one in another encoding.
_HOW = {
    "a text in UTF-16 (as PowerShell and old editors write it)": (
        'open it with `encoding="utf-16"`, or save it anew as UTF-8'
    ),
    "a picture": "`Image.open(path)` opens it",
    "a packed file (zip, a workbook of Excel, weights of torch)": (
        "open it with what wrote it, such as `torch.load(path, weights_only=True)`, `zipfile` or `pandas.read_excel`"
    ),
    "a packed file (gzip)": '`gzip.open(path, "rt")` opens it',
    "a pickle, which is no text": 'open it in binary mode, `open(path, "rb")`',
    "an array of NumPy": "`np.load(path)` reads it",
    "a PDF": "take the text out of it first",
}


def _format_of(match: Match) -> str:
    return f"The format `{match['code']}` is for numbers, but got {type_in_words(match['type'])}."


def _format_fix(match: Match) -> str:
    kind, code = match["type"], match["code"]
    if kind == "str":
        return 'Convert the string to a number first: `f"{float(text):.2f}"`.'
    if kind == "float" and code in "dxb":
        return 'For a fraction without decimals write `:.0f`, or convert it: `f"{int(x):d}"`.'
    return 'Convert it first: `f"{float(x):.3f}"`.'


def _unformatted(match: Match) -> str:
    kind = match["type"]
    if kind in ("Tensor", "Parameter"):
        return "A tensor cannot be written with a format such as `:.3f`; a Python number can."
    return (
        f"{type_in_words(kind)[:1].upper()}{type_in_words(kind)[1:]} cannot be written with a format such as `:.3f`; a"
        " number can."
    )


def _unformatted_fix(match: Match) -> str:
    kind = match["type"]
    if kind in ("Tensor", "Parameter", "ndarray"):
        return 'Take one number out, `f"{loss.item():.3f}"`; for several: `[f"{value:.3f}" for value in x.tolist()]`.'
    if kind == "NoneType":
        return "Look at where it was made: a function without `return`, or a value that was never set."
    if kind in ("list", "tuple"):
        return 'Write each of its numbers: `", ".join(f"{value:.3f}" for value in values)`.'
    if kind in ("builtin_function_or_method", "method", "function"):
        return "The brackets of a call are missing: `loss.item()`."
    return "Take the number out of it first."


def _decode(match: Match) -> str:
    data = getattr(match.error, "object", b"")
    kind = _kind(data, match["byte"], match["position"])
    return (
        f"The file is {kind[0]}."
        if kind
        else (
            f"The text is not stored in {match['codec']}: byte {match['byte']} at place {match['position']} does not"
            " occur there."
        )
    )


def _decode_fix(match: Match) -> str:
    kind = _kind(getattr(match.error, "object", b""), match["byte"], match["position"])
    if kind:
        return f"{kind[1][:1].upper()}{kind[1][1:]}."
    if match["codec"] in ("charmap", "cp1252", "ascii"):
        return 'Say how it is stored: `open(path, encoding="utf-8")`.'
    return (
        'Say how it was stored: most often `open(path, encoding="cp1252")` for a file of Windows or Excel (with German'
        ' or French letters); or save it anew as UTF-8. If it is no text at all, open it in binary mode, `"rb"`.'
    )


def _kind(data: bytes, byte: str, position: str) -> tuple[str, str] | None:
    start = data if isinstance(data, bytes) and data else bytes([int(byte, 16)]) if position == "0" else b""
    kind = kind_of(start)
    return (kind, _HOW[kind]) if kind in _HOW else None


def _number(match: Match) -> str:
    text = match["text"]
    if not text.strip():
        return "An empty string is not a number."
    whole = "whole " if _is_number(text) else ""
    return f"The string `{text}` is not a {whole}number."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _number_fix(match: Match) -> str:
    text = match["text"].strip()
    if not text:
        return "Look at where it comes from: an empty cell of a table or an empty line; leave it out, or fill it in."
    if text.count(",") == 1 and text.replace(",", "").lstrip("+-").isdigit():
        return 'The decimal comma must be a point: `float(text.replace(",", "."))`.'
    if not _is_number(text):
        if text.startswith("tensor("):
            return "This is a printed tensor: take the number itself, `x.item()`."
        if re.fullmatch(r"[\w -]*\.(?:png|jpe?g|gif|bmp|txt|csv|json|pt|pth|npy)", text):
            return "It ends as the name of a file does: `Path(name).stem` is the name without its ending."
        # A word needs a space before it to be one; a short one without is a unit, a long one may be anything.
        if number := re.fullmatch(r"([-+]?\d+(?:\.\d+)?)(?:\s*([^\W\d_]{1,5}|[%€$°])|\s+([^\W\d_]+))", text):
            return f"It has a unit: take it away first, `text.removesuffix({(number[2] or number[3])!r})`."
        parts = re.split(r"[;,\s]+", text)
        if any(re.fullmatch(r"[-+.\d]+", part) for part in parts) and re.search(r"[A-Za-z]\w*\s*[:=]", text):
            return (
                "There is a name before the value: take what comes after the colon or the `=`,"
                " `float(text.split(':')[1])`."
            )
        separator = next((sign for sign in ";\t," if sign in text), "")
        if separator:
            return (
                f"It holds several values: split them first, `text.split({separator!r})`, or name the separator, "
                f"`delimiter={separator!r}`."
            )
        if sum(bool(re.fullmatch(r"[-+.\deE]+", part)) for part in parts) > 1:
            return "It holds several values: split them first, `text.split()`."
        if _converts_a_column(match):
            return (
                "What is no number in a column becomes a missing value by `pd.to_numeric(column, errors='coerce')`;"
                " then leave these rows out, `.dropna()`. Classes become numbers by `pd.factorize(column)[0]`."
            )
        return (
            "Look at where it comes from: the headings of a table (leave the first line out: `skiprows=1`,"
            " `next(reader)`), an empty cell, a unit or a name. Names become numbers by their place in a list of"
            " classes."
        )
    return f"It has a fraction: `int(float({text!r}))`, or `float(text)`."


def _converts_a_column(match: Match) -> bool:
    """Returns True for `column.astype(float)` of a table."""
    call = match.context.code.call
    return call is not None and text_of(call.func).endswith(".astype") and "pandas" in sys.modules


def _json(match: Match) -> str:
    text = getattr(match.error, "doc", "")
    if isinstance(text, str) and _looks_like_a_path(text):
        return f"`json.loads` reads a text of JSON, but was given the name of a file, `{text}`."
    if isinstance(text, str) and not text.strip():
        return "There is no JSON to be read: the string (or file) is empty."
    return f"This is not JSON: {match['what'].lower()} in line {match['line']}, place {match['column']}."


def _looks_like_a_path(text: str) -> bool:
    return len(text) < 200 and "\n" not in text and text.endswith((".json", ".txt", ".jsonl"))


def _json_fix(match: Match) -> str:
    text = getattr(match.error, "doc", "")
    if isinstance(text, str) and _looks_like_a_path(text):
        return "Open the file: `with open(path) as file: data = json.load(file)`."
    place = getattr(match.error, "pos", 0)
    if isinstance(text, str) and text[:place].rstrip().endswith(",") and text[place : place + 1] in ("}", "]"):
        return "Take the comma before the closing bracket away: in JSON none stands behind the last entry."
    if "double quotes" in match["what"] or (isinstance(text, str) and text.lstrip()[:2] in ("{'", "['")):
        return (
            "JSON has double quotes only: write it with `json.dumps(data)`, not with `str(data)`;"
            " `ast.literal_eval(text)` reads what Python printed."
        )
    if "Extra data" in match["what"]:
        return (
            "There are several pieces of JSON one after another: read it line by line, `[json.loads(line) for line in"
            " file]`."
        )
    if isinstance(text, str) and text.lstrip()[:1] == "<":
        return "This is a web page, not JSON: look at where it was downloaded from."
    return "Look at that place of the file: a comma, a bracket, quotes, or an empty or broken file?"


def _serial(match: Match) -> str:
    return f"JSON holds numbers, strings, lists and dictionaries, but no {match['type'].removeprefix('numpy.')}."


def _serial_fix(match: Match) -> str:
    kind = match["type"]
    if kind in ("Tensor", "Parameter", "ndarray"):
        return "Convert it: `x.item()` for one number, `x.tolist()` for all."
    if kind.startswith(("int", "float", "bool")):
        return f"Convert it: `{kind.rstrip('0123456789_')}(x)`."
    if kind in ("set", "dict_keys", "dict_values", "range", "generator", "map"):
        return "Convert it: `list(x)`."
    return (
        "Convert it to a string: `str(x)`."
        if kind.endswith("Path")
        else "Convert it to numbers, strings or lists first."
    )


def _text_wanted_fix(match: Match) -> str:
    call = match.context.code.call
    written = text_of(call.args[0]) if call and len(call.args) == 1 else ""
    if "write" in str(match.error):
        return f'Make a string of it: `f"{{{written or "x"}}}\\n"`, which also ends the line.'
    node = match.context.code.statement
    value = node.value if isinstance(node, ast.Assign) else None
    literal = match.context.code.value(value)
    if literal is not UNKNOWN and not isinstance(literal, str):
        return f'Write it as a string: `"{literal}"`.'
    return "Convert it to a string: `str(x)`."


def _joined_fix(match: Match) -> str:
    return "Convert each to a string: `', '.join(str(value) for value in values)`."


def _closed_fix(match: Match) -> str:
    return (
        "At the end of a `with open(...)` the file is closed: use it inside, in lines that are indented below the"
        " `with`."
    )


def _mode_fix(match: Match) -> str:
    if "writable" in match["what"] or match["what"] == "write":
        return 'Open it for writing, `open(path, "w")`, or `"a"` to write at its end.'
    return 'Open it for reading, `open(path)`; `"w"` would have emptied it.'


def _bytes_fix(match: Match) -> str:
    return (
        'A file opened with `"b"` takes bytes: open it with `"w"` or `"r"` for strings, with `"wb"` or `"rb"` for'
        " pickles and pictures."
    )


def _percent(match: Match) -> str:
    return "The string with `%` and the values after it do not have the same number of places."


def _path_wanted(match: Match) -> str:
    return f"A path (a string) is needed here, but got {type_in_words(match['type'])}."


def _path_wanted_fix(match: Match) -> str:
    kind = match["type"]
    if kind == "NoneType":
        return "Look at where the path was made: it is None."
    if kind == "float":
        return (
            "In a table a missing name is read as `nan`, which is a number: leave such rows out, `table.dropna()`, or"
            " skip what is no string, `isinstance(name, str)`."
        )
    if kind == "list":
        return "Give one path at a time: `for path in paths:`."
    return "Give the name of the file: an object must be saved or opened by its path."


def _number_from_nothing(match: Match) -> str:
    kind: Any = type_in_words(match["type"])
    return f"`{match['function']}(...)` makes a number of a string or a number, but got {kind}."


def _json_argument_fix(match: Match) -> str:
    if "TextIOWrapper" in match["type"] or "Reader" in match["type"]:
        return "For a file write `json.load(file)`; `json.loads` is for strings."
    return "It is no text: leave `json.loads` out." if match["type"] in ("dict", "list") else ""


RULES = (
    Rule(
        "places-of-a-format",
        "python",
        r"Replacement index (?P<i>\d+) out of range for positional args tuple",
        "The string has more places `{{}}` than `format` was given values.",
        'Give one value for each place, or write the values into the string: `f"{{epoch}} {{loss:.3f}}"`.',
    ),
    Rule(
        "text-rounded",
        "python",
        r"type (?P<type>[\w.]+) doesn't define __round__ method",
        lambda match: f"`round` takes a number, but got {type_in_words(match['type'])}.",
        lambda match: (
            "Make a number of the string first: `round(float(text), 2)`."
            if match["type"] == "str"
            else "Round each of its numbers: `[round(value, 2) for value in values]`."
            if match["type"] in ("list", "tuple")
            else "Take the number out first: `round(x.item(), 2)`."
        ),
    ),
    Rule(
        "row-of-a-table",
        "python",
        r"^Error: iterable expected, not (?P<type>\w+)",
        lambda match: f"`writerow` writes a row, a list of values, but got {type_in_words(match['type'])}.",
        "Put the values of the row into square brackets: `writer.writerow([epoch, loss])`.",
    ),
    Rule(
        "text-and-number",
        "python",
        r"can only concatenate str \(not \"(?P<type>[\w.]+)\"\) to str",
        lambda match: f"A string and {type_in_words(match['type'])} cannot be joined by `+`.",
        lambda match: (
            'Write it into the string: `f"loss: {loss.item():.3f}"`.'
            if match["type"] in ("Tensor", "Parameter")
            else (
                "Look at where the None was made: a function without `return`?"
                if match["type"] == "NoneType"
                else (
                    'Write it into the string, `f"loss: {x}"`'
                    + (
                        "; if a sum is meant, the string must become a number: `float(text) + x`."
                        if match["type"] in ("int", "float", "bool")
                        else "."
                    )
                )
            )
        ),
    ),
    Rule(
        "list-and-other",
        "python",
        r"can only concatenate (?P<kind>list|tuple) \(not \"(?P<type>[\w.]+)\"\) to (?:list|tuple)",
        lambda match: (
            f"`+` joins a {match['kind']} with a {match['kind']} only, not with {type_in_words(match['type'])}."
        ),
        "To put one value into a list: `values.append(x)`; to calculate make a tensor of it: `torch.tensor(values)`.",
    ),
    Rule(
        "format-of-a-tensor",
        "python",
        r"unsupported format string passed to (?P<type>[\w.]+)\.__format__",
        _unformatted,
        _unformatted_fix,
        ("scalar",),
    ),
    Rule(
        "format-of-a-text",
        "python",
        r"Unknown format code '(?P<code>\w)' for object of type '(?P<type>\w+)'",
        _format_of,
        _format_fix,
    ),
    Rule(
        "format-with-percent",
        "python",
        r"not (?:enough arguments for format string|all arguments converted during string formatting)",
        _percent,
        'Put all values into one pair of brackets, `"%d %.3f" % (epoch, loss)`, or write `f"{{epoch}} {{loss:.3f}}"`.',
    ),
    Rule(
        "format-number-wanted",
        "python",
        r"%(?P<code>\w) format: (?:a real number|an integer) is required, not (?P<type>[\w.]+)",
        _format_of,
        'Convert it first, or write `f"{{x}}"`, which takes everything.',
    ),
    Rule(
        "tensor-in-json",
        "python",
        r"Object of type (?P<type>[\w.]+) is not JSON serializable",
        _serial,
        _serial_fix,
        ("tensor",),
    ),
    Rule(
        "no-json",
        "file",
        r"^JSONDecodeError: (?P<what>[^:]+): line (?P<line>\d+) column (?P<column>\d+)",
        _json,
        _json_fix,
    ),
    Rule(
        "json-of-an-object",
        "python",
        r"the JSON object must be str, bytes or bytearray, not (?P<type>\w+)",
        lambda match: f"`json.loads` reads a string, but got {type_in_words(match['type'])}.",
        _json_argument_fix,
    ),
    Rule(
        "text-instead-of-number",
        "value",
        r"could not convert string(?: to float:)? '(?P<text>[^']*)'|invalid literal for int\(\) with base \d+:"
        r" '(?P<text2>[^']*)'",
        _number,
        _number_fix,
    ),
    Rule(
        "number-from-nothing",
        "python",
        r"(?P<function>float|int)\(\) argument must be a string(?:, a bytes-like object)? or a (?:real )?number, not"
        r" '(?P<type>[\w.]+)'",
        _number_from_nothing,
        lambda match: (
            "Look at where it was made; a missing value is often None."
            if match["type"] == "NoneType"
            else "Take one of its values: `float(x[0])`."
        ),
    ),
    Rule(
        "nan-to-integer",
        "value",
        r"cannot convert float (?P<what>NaN|infinity) to integer",
        "A value is missing (`nan`, not a number) or infinite, and no whole number can be made of it.",
        "Take such values out first, `values[~np.isnan(values)]`, or find where they come from: an empty cell, a loss"
        " that has grown without end.",
    ),
    Rule(
        "not-this-encoding",
        "file",
        r"^UnicodeDecodeError: '(?P<codec>[\w-]+)' codec can't decode bytes? (?:(?P<byte>0x\w\w) )?in position"
        r" (?P<position>\d+)",
        _decode,
        _decode_fix,
    ),
    Rule(
        "cannot-be-encoded",
        "file",
        r"^UnicodeEncodeError: '(?P<codec>[\w-]+)' codec can't encode",
        "A letter of this string does not exist in the encoding {codec}.",
        'Say which is meant: `open(path, "w", encoding="utf-8")`.',
    ),
    Rule(
        "text-wanted",
        "python",
        r"^TypeError: (?:str expected, not (?P<type>\w+)|write\(\) argument must be str, not (?!bytes)(?P<type2>\w+))",
        lambda match: f"A string is needed here, but got {type_in_words(match['type'])}.",
        _text_wanted_fix,
    ),
    Rule(
        "join-wants-texts",
        "python",
        r"sequence item (?P<i>\d+): expected str instance, (?P<type>[\w.]+) found",
        lambda match: f"`join` joins strings, but entry {match['i']} is {type_in_words(match['type'])}.",
        _joined_fix,
    ),
    Rule(
        "file-closed",
        "file",
        r"I/O operation on closed file",
        "The file was closed before this line used it.",
        _closed_fix,
    ),
    Rule(
        "file-mode",
        "file",
        r"^UnsupportedOperation: (?:not )?(?P<what>writable|readable|write|read)",
        lambda match: f"The file was opened in a mode in which it is not {match['what']}.",
        _mode_fix,
    ),
    Rule(
        "bytes-and-texts",
        "file",
        r"a bytes-like object is required, not 'str'|write\(\) argument must be str, not bytes|startswith first arg"
        r" must be bytes",
        "Strings and bytes are two things, and the file was opened for the other one.",
        _bytes_fix,
    ),
    Rule(
        "path-wanted",
        "file",
        r"(?:expected str, bytes or os\.PathLike object|join\(\) argument must be str, bytes, or os\.PathLike"
        r" object|argument should be a str or an os\.PathLike object[^,]*|path should be string, bytes, os\.PathLike or"
        r" integer), not '?(?P<type>[\w.]+)",
        _path_wanted,
        _path_wanted_fix,
    ),
)
