"""Reads a table of text (CSV and its relatives) as it comes: the separator, the header and the quotes are found out."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from torchbook.data.phrasing import counted
from torchbook.data.tables.cell_values import is_missing, number
from torchbook.data.tables.table_file import content
from torchbook.errors import TorchbookError

SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "blanks"}
# So many lines at most stand above the header.
_ABOVE = 30
_LISTED = 5


@dataclass(frozen=True)
class Sheet:
    """The cells of a table, column by column, as text without spaces around it.

    `lines` is the line of the file where each row begins; `header` says whether the names come from the file (otherwise
    they are "column 1", "column 2"). `notes` says what was left out, added or assumed;
    `left_out` are the lines of the rows that are not here.
    """

    names: list[str]
    columns: list[list[str]]
    lines: list[int]
    separator: str
    header: bool
    notes: list[str]
    left_out: list[int]

    def __len__(self) -> int:
        return len(self.lines)


def read_delimited(
    path: Path, *, header: bool | Callable[[list[str]], bool] | None = None, raw: bytes | None = None
) -> Sheet:
    """The table in the file `path`; `header` says whether its first row holds names, when guessing must not decide, or
    is a function of its cells that does. `raw` are the bytes of the table where they are read already.

    Empty lines are skipped, and so are a title and comments above the table. A row that is too short is filled with
    empty cells and one that is too long is left out, because nobody can tell which of its cells moved; each with a note
    that names the lines. A column without a name and without values is none.

    Raises:
        TorchbookError: the file is not text, is empty or has no row of values.
    """
    notes: list[str] = []
    text = _decoded(path, content(path) if raw is None else raw, notes)
    separator, text, start = _separator(text)
    rows, lines = _parsed(text, separator, path, notes)
    lines = [line + start for line in lines]
    if not rows:
        raise TorchbookError(f"{path.name} is empty: expected a table with one row a line")
    if rows[0][0].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise TorchbookError(f"{path.name} is a web page and no table; download the file itself")
    above = _above(rows)
    if above:
        notes.append(f"{_lines(lines[:above])} no row of the table and skipped: {_shortened(rows[0])}.")
        rows, lines = rows[above:], lines[above:]
    if header is None and _is_lone_header(rows):
        header = True
    if not isinstance(header, bool):
        header = _has_header(rows) if header is None else header(rows[0])
    first = rows[0]
    names = _names(first, notes) if header else [f"column {i + 1}" for i in range(_usual(map(len, rows)))]
    if header:
        rows, lines = rows[1:], lines[1:]
    if not rows:
        raise TorchbookError(f"{path.name} has a header but no row of values below it")
    if header and min(map(len, rows)) == max(map(len, rows)) == len(names) + 1:
        notes.append("The header has one name less than the rows have cells: the first column was named 'row'.")
        names, first = ["row", *names], ["row", *first]
    rows, lines, left_out = _rectangular(rows, lines, len(names), notes)
    if not rows:
        raise TorchbookError(f"{path.name}: no row has the {len(names)} cells that its header names")
    columns = [list(column) for column in zip(*rows)]
    used = [i for i, column in enumerate(columns) if not (header and first[i : i + 1] == [""]) or any(column)]
    if len(used) < len(names):
        notes.append(f"Left out: {counted(len(names) - len(used), 'column')} without a name and without values.")
    names, columns = [names[i] for i in used], [columns[i] for i in used]
    return Sheet(names, columns, lines, separator, header, notes, left_out)


def _decoded(path: Path, raw: bytes, notes: list[str]) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif raw.startswith(b"PK\x03\x04") or b"\0" in raw:
        raise TorchbookError(f"{path.name} is not a table of text; save it as CSV (UTF-8) in the program that wrote it")
    else:
        encoding = "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        notes.append("The file is not UTF-8; it was read as Windows-1252 (Western European).")
        text = raw.decode("cp1252", errors="replace")
        if "�" in text:
            notes.append(f"{text.count('�')} bytes are no letters of Windows-1252 and are shown as �.")
    return text


def _separator(text: str) -> tuple[str, str, int]:
    """The separator, the text without the line that names it (`sep=;`, as Excel writes), and how many lines that is."""
    named = re.match(r"sep=(.)\r?\n", text)
    if named and named[1] in SEPARATORS:
        return named[1], text[named.end() :], 1
    # Quoted cells may hold anything, so they are blanked before separators are counted.
    bare = re.sub(r'(?:(?<=^)|(?<=[\t;|,\r\n]))[ ]*"(?:[^"]|"")*"', "Q", text[:200_000], flags=re.MULTILINE)
    records = [line for line in re.split(r"\r\n|\r|\n", bare) if line.strip()][:1000]
    # A comma that always stands between digits is a decimal comma if anything else can separate.
    apart = re.search(r"(?<!\d),|,(?!\d)", "\n".join(records)) is not None
    best, likeliest = (0.0, False, 0, 0, 0), "," if apart else ";"
    for rank, separator in enumerate([",", "|", ";", "\t"]):
        counts = [record.count(separator) for record in records]
        width = _usual(counts) if counts else 0
        # The first lines that do not have it are titles if nearly all below them agree; a decimal comma has none.
        titles = next((i for i, count in enumerate(counts) if count), 0)
        below = len(counts) - titles * (separator != "," or apart)
        if width == 0 or (titles and counts.count(width) < 0.8 * below):
            continue
        agreed = sum(count == width for count in counts) / len(counts)
        best, likeliest = max(
            (best, likeliest), ((round(agreed, 1), separator != "," or apart, -titles, rank, width), separator)
        )
    if best[1:] == (False, 0, 0, 0) or likeliest == "\t":
        blanks = _by_blanks(records)
        if blanks and blanks > best[4] + 1:
            return " ", "\n".join(" ".join(line.split()) for line in re.split(r"\r\n|\r|\n", text)), 0
    return likeliest, text, 0


def _by_blanks(records: list[str]) -> int:
    """How many cells blanks separate in each record, where that is the same number in all; 0 where they do not.

    Words have single blanks between them, so columns are set apart by more, or have numbers in them.
    """
    cells = [re.sub('"[^"]*"', "Q", record).split() for record in records]
    width = len(cells[0]) if cells else 0
    if width < 2 or any(len(row) != width for row in cells):
        return 0
    numeric = any(_is_numeric([row[i] for row in cells[1:] or cells]) for i in range(width))
    aligned = all(re.search(r"\S\s{2,}\S|\S\t\S", record) for record in records)
    return width if aligned or (numeric and len(records) > 1) else 0


def _parsed(text: str, separator: str, path: Path, notes: list[str]) -> tuple[list[list[str]], list[int]]:
    """Rows of stripped cells and the line where each begins; quotes as the file seems to use them."""
    dialects = (
        {"strict": True},
        {"strict": True, "doublequote": False, "escapechar": "\\"},
        {"quoting": csv.QUOTE_NONE},
    )
    if len(text) > 1 << 17 and csv.field_size_limit() < len(text):
        # One cell may be as long as the file; the limit of the csv module is meant for hostile streams.
        csv.field_size_limit(len(text))
    for dialect in dialects:
        rows, lines, empty = [], [], []
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, **dialect)
        line = 1
        try:
            for row in reader:
                cells = [cell.strip() for cell in row]
                if len(cells) > 1 or any(cells):
                    rows.append(cells)
                    lines.append(line)
                else:
                    empty.append(line)
                line = reader.line_num + 1
        except csv.Error:
            continue
        if dialect.get("quoting") == csv.QUOTE_NONE:
            notes.append("The quotes of the file do not match; they were read as plain characters.")
        if empty:
            notes.append(f"{_lines(empty)} empty and skipped.")
        return rows, lines
    raise TorchbookError(f"{path.name} cannot be read as a table of cells separated by {SEPARATORS[separator]}")


def _above(rows: list[list[str]]) -> int:
    """How many rows stand above the table: a title, comments, who exported it and when.

    Such a row has fewer than half of the usual cells filled in, or begins with `#`; a `#` before the names of all
    columns, as NumPy writes, belongs to no name.
    """
    usual = _usual(map(len, rows[:1000]))
    for place, row in enumerate(rows[:_ABOVE]):
        filled = sum(map(bool, row))
        comment = row[0].startswith("#")
        if comment and len(row) == usual and len(rows) > place + 1 and not rows[place + 1][0].startswith("#"):
            row[0] = row[0].lstrip("# ")
            return place
        title = 2 * filled < usual or (usual == 2 and filled == 1 == len(row) and _has_header(rows[place + 1 :]))
        if not comment and not title:
            return place if len(rows) > place else 0
    return 0


def _is_lone_header(rows: list[list[str]]) -> bool:
    """Tells whether the only row there is holds names: words, and no number among them."""
    return len(rows) == 1 and not any(_is_number(cell) or is_missing(cell) for cell in rows[0])


def _has_header(rows: list[list[str]]) -> bool:
    """Tells whether the first row holds names: words above numbers, or words that do not come back below.

    Names may be numbers that count (0, 1, 2 or 2010, 2020, 2030) beside words, if the rows below do not count as well.
    """
    first, below = rows[0], rows[1:1001]
    if len(first) > 2 and first in ([str(i) for i in range(len(first))], ["", *map(str, range(len(first) - 1))]):
        return True  # What pandas writes for columns without names.
    numbers = [i for i, cell in enumerate(first) if _is_number(cell)]
    words = [i for i, cell in enumerate(first) if i not in numbers and not is_missing(cell)]
    if sum(_is_numeric([row[i] for row in below if i < len(row)]) for i in words) > len(numbers):
        return True
    values = {(i, cell) for row in below for i, cell in enumerate(row)}
    fresh = len({first[i] for i in words}) == len(words) > 0 and not any((i, first[i]) in values for i in words)
    if numbers:
        counting = sum(_counts([row[i] for i in numbers if i < len(row)]) for row in below)
        return fresh and _counts([first[i] for i in numbers]) and counting < len(below) / 20
    return fresh and bool(below) and not any(cell and is_missing(cell) for cell in first)


def _is_numeric(cells: list[str]) -> bool:
    """Tells whether most of the cells that are not empty are numbers."""
    filled = [cell for cell in cells if not is_missing(cell)]
    return sum(map(_is_number, filled)) > len(filled) / 2


def _counts(cells: list[str]) -> bool:
    """Tells whether these are whole numbers in equal steps: three or more, or 0 and 1."""
    if not all(map(str.isdecimal, cells)):
        return False
    steps = {int(after) - int(before) for before, after in pairwise(cells)}
    return len(steps) == 1 and 0 not in steps and (len(cells) > 2 or cells == ["0", "1"])


def _is_number(cell: str) -> bool:
    return number(cell) is not None or number(cell, ",") is not None


def _names(first: list[str], notes: list[str]) -> list[str]:
    names: list[str] = []
    for i, cell in enumerate(first):
        name = " ".join(cell.split()) or f"column {i + 1}"
        if name in names:
            fresh = next(f"{name} ({k})" for k in range(2, len(first) + 2) if f"{name} ({k})" not in [*names, *first])
            notes.append(f"Two columns are called {name!r}; the later one was named {fresh!r}.")
            name = fresh
        names.append(name)
    return names


def _rectangular(
    rows: list[list[str]], lines: list[int], width: int, notes: list[str]
) -> tuple[list[list[str]], list[int], list[int]]:
    kept: list[list[str]] = []
    kept_lines: list[int] = []
    short: list[int] = []
    trailing: list[int] = []
    long: list[int] = []
    for row, line in zip(rows, lines):
        if len(row) > width and any(row[width:]):
            long.append(line)
            continue
        if len(row) != width:
            (trailing if len(row) > width else short).append(line)
        kept.append(row[:width] + [""] * (width - len(row)))
        kept_lines.append(line)
    if short:
        notes.append(f"{_lines(short)} shorter than {width} cells; what is missing counts as empty.")
    if trailing:
        notes.append(f"{_lines(trailing)} longer than {width} cells by empty ones, which were left out.")
    if long:
        notes.append(f"{_lines(long)} longer than {width} cells and left out (a separator in a text without quotes?).")
    return kept, kept_lines, long


def _shortened(row: list[str]) -> str:
    text = " ".join(filter(None, row))
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _usual(values: object) -> int:
    return Counter(values).most_common(1)[0][0]  # type: ignore[call-overload]


def _lines(lines: list[int]) -> str:
    """A subject and its verb: "Line 7 is", "Lines 7, 9 and 12 more are"."""
    if len(lines) == 1:
        return f"Line {lines[0]} is"
    more = f" and {len(lines) - _LISTED} more" if len(lines) > _LISTED else ""
    return f"Lines {', '.join(map(str, lines[:_LISTED]))}{more} are"
