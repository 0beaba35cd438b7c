"""Recognises what a column of a table is, and says why, so that a person can disagree."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np

from torchbook.data.tables.cell_values import (
    LARGEST,
    compact_date,
    date_format,
    dates_written,
    decimal_mark,
    is_code,
    is_missing,
    moment,
    number,
    one_spelling,
    unit_of,
    without_unit,
)
from torchbook.errors import TorchbookError

Kind = Literal["continuous", "ordinal", "categorical", "date", "identifier"]

FEW = 10  # Up to so many different whole numbers are steps, and up to so many categories are worth a column each.
MANY = 20  # So many rows that are numbered 1, 2, 3, ... are so by intent, whatever the column is called.
MOSTLY = 0.9  # A column is of numbers (or dates) where at least so much of what is filled in reads as one.
# Numbers that programs write where there is no value.
STAND_INS = (-9.0, -99.0, -999.0, -9999.0, -99999.0, 999.0, 9999.0, 99999.0)
SCALES = (
    ("very low", "low", "medium", "high", "very high"),
    ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"),
    ("tiny", "small", "medium", "large", "huge"),
    ("never", "rarely", "sometimes", "often", "always"),
    ("very bad", "bad", "ok", "good", "very good", "excellent"),
    ("very poor", "poor", "fair", "good", "very good", "excellent"),
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
)
_COUNTS = re.compile(
    r"(.*[ _.-])?(id|ids|key|uuid|guid|index|idx|row|rows|nr|no|number|record)|unnamed.*|column 1|.+Id", re.I
)
_ONLY_ID = re.compile(r"(.*[ _.-])?(id|uuid|guid)|.+I[dD]")


@dataclass(frozen=True)
class Column:
    """One column: its name, what it is and why, and its cells as text and, where it has an order, as numbers.

    `values` is NaN where a cell is empty or does not read as the kind says; `odd` are the rows of the latter. `form`
    is how a cell is read again: the decimal mark of numbers, the pattern (`strptime`) of dates, the words of a scale;
    `unit` is the word behind each number, `no_value` the number that means none (its cells are empty here).
    """

    name: str
    kind: Kind
    reason: str
    cells: list[str]
    values: np.ndarray = field(default_factory=lambda: np.empty(0))
    odd: tuple[int, ...] = ()
    form: str | list[str] = "."
    constant: bool = False
    unit: str = ""
    no_value: float | None = None

    @property
    def missing(self) -> np.ndarray:
        """Which rows have nothing in this column, or nothing that reads as its kind."""
        if len(self.values):
            return np.isnan(self.values)
        return np.array([is_missing(cell) for cell in self.cells], dtype=bool)

    @property
    def is_number(self) -> bool:
        """Whether the cells are numbers (and neither dates nor words)."""
        return len(self.values) > 0 and self.kind != "date" and isinstance(self.form, str)


def recognise(name: str, cells: list[str], *, decimal: str = ".", wanted: str | None = None) -> Column:
    """Recognises a column from its name and cells. `decimal` is the mark for numbers that can be read in two ways.

    `wanted` overrides what is recognised: a kind, `"ordinal: S < M < L"` for words with an order, or
    `"date: %d.%m.%Y"` for the form of dates (as in `strptime`). What is said is taken as it stands: no spelling is
    mended then, and -999 is a number.

    Raises:
        TorchbookError: `wanted` is no kind, or the cells cannot be read as that kind.
    """
    filled = [cell for cell in cells if not is_missing(cell)]
    decimal = decimal_mark(filled) or decimal
    if wanted is not None:
        return _as_wanted(name, cells, filled, decimal, wanted)
    counts = Counter(filled)
    if len(counts) <= 1:
        reason = f"every cell that is not empty is {filled[0]!r}" if filled else "all cells are empty"
        return Column(name, "categorical", reason, cells, constant=len(filled) in (0, len(cells)))
    code = next(filter(is_code, counts), None)
    if code is not None and all(cell.isdigit() and len(cell) == len(code) for cell in counts):
        return _words(name, cells, counts, f"digits with leading zeros ({code!r}) are a code and no quantity; ")
    if compact := compact_date(filled):
        return _date(name, cells, compact, "")
    values = numbers(cells, decimal)
    enough = max(1, MOSTLY * len(filled))
    if (~np.isnan(values)).sum() >= enough:
        return _numeric(name, cells, values, decimal)
    shape = date_format(filled)
    if shape is not None:
        return _date(name, cells, *shape)
    unit, units = unit_of(filled)
    if unit:
        decimal = decimal_mark(without_unit(cell, unit) for cell in filled) or decimal
        values = numbers(cells, decimal, unit)
        if (~np.isnan(values)).sum() >= enough:
            return _numeric(name, cells, values, decimal, unit)
    return _words(name, cells, counts, "", units)


def numbers(cells: list[str], decimal: str, unit: str = "", no_value: float | None = None) -> np.ndarray:
    """The cells as float64 `[rows]`, NaN where a cell is no number, or the one that means no value."""
    values = _numbers([without_unit(cell, unit) for cell in cells] if unit else cells, decimal)
    return values if no_value is None else np.where(values == no_value, np.nan, values)


def _numbers(cells: list[str], decimal: str) -> np.ndarray:
    if decimal == ".":
        try:  # Plain numbers all the way through, which NumPy reads at once; it knows no thousands and no units.
            values = np.array(cells, dtype=np.float64)
            usable = np.isfinite(values).all() and np.abs(values).max(initial=0) < LARGEST
            if usable and not any("_" in cell for cell in cells):
                return values
        except ValueError:
            pass
    return _each(cells, lambda cell: None if is_missing(cell) else number(cell, decimal))


def _each(cells: list[str], read: Callable[[str], float | None]) -> np.ndarray:
    """Returns what `read` makes of each cell, NaN for None; equal cells are read once."""
    value_of = {cell: np.nan if (value := read(cell)) is None else value for cell in set(cells)}
    return np.array([value_of[cell] for cell in cells], dtype=np.float64)


def _numeric(name: str, cells: list[str], values: np.ndarray, decimal: str, unit: str = "") -> Column:
    odd = _odd(cells, values)
    no_value = _stand_in(values)
    told = f" {unit}" if unit else ""
    if no_value is not None:
        gone = values == no_value
        told += f"; {no_value:g} ({int(gone.sum())} times) is taken for no value"
        values = np.where(gone, np.nan, values)
        cells = ["" if empty else cell for cell, empty in zip(cells, gone.tolist())]
    present = values[~np.isnan(values)]
    different = np.unique(present)
    low, high = f"{different[0]:g}", f"{different[-1]:g}"
    whole = bool((present == np.round(present)).all())

    def column(kind: Kind, reason: str) -> Column:
        constant = len(different) == 1
        return Column(name, kind, reason + told, cells, values, odd, decimal, constant, unit=unit, no_value=no_value)

    if whole and len(present) >= FEW and len(different) == len(present) == len(cells):
        counted = bool((np.diff(present) == 1).all())
        if counted and (_COUNTS.fullmatch(name) or (len(present) >= MANY and present[0] in (0, 1))):
            return column("identifier", f"counts the rows from {low} to {high}")
        if _ONLY_ID.fullmatch(name):
            return column("identifier", f"called {name!r}, and no number comes twice")
    if len(different) == 2:
        return column("categorical", f"only two values, {low} and {high}")
    if whole and len(different) <= FEW:
        return column("ordinal", f"whole numbers with {len(different)} different steps, {low} to {high}")
    what = "whole numbers" if whole else "numbers"
    return column("continuous", f"{what} from {low} to {high}, {len(different)} different ones")


def _stand_in(values: np.ndarray) -> float | None:
    """The number that stands where there is no value: one of the usual, more than once and far from all others."""
    present = values[~np.isnan(values)]
    for usual in STAND_INS:
        others = present[present != usual]
        if len(present) - len(others) < 2 or len(others) < FEW:
            continue
        low, high = others.min(), others.max()
        outside = max(low - usual, usual - high)
        if outside > 2 * (high - low) or (usual < 0 <= low):
            return usual
    return None


def _date(name: str, cells: list[str], shape: str, other: str) -> Column:
    values = _each(cells, lambda cell: moment(cell, shape))
    days = np.unique(values[~np.isnan(values)])
    first, last = (str(np.datetime64(int(np.floor(day)), "D")) for day in (days[0], days[-1]))
    doubt = f"; {other} would fit as well, and the order of day and month is a guess" if other else ""
    reason = f"dates written as {shape}, {first} to {last}{doubt}"
    return Column(name, "date", reason, cells, values, _odd(cells, values), shape, constant=len(days) == 1)


def _words(name: str, cells: list[str], counts: Counter[str], because: str, units: tuple[str, ...] = ()) -> Column:
    rows = sum(counts.values())
    if not because:
        words = {word.lower() for word in counts}
        for scale in SCALES:
            if len(words) > 2 and words <= set(scale):
                return _scale(name, cells, [step for step in scale if step in words], "words with a known order")
    if len(counts) >= FEW and len(counts) > MOSTLY * rows:
        long = sum(len(cell.split()) > 3 for cell in counts) > len(counts) / 2
        what = "free text" if long else "nearly every row has another value"
        what += f" ({len(counts)} different in {rows} rows){_unread(name, counts, units)}"
        return Column(name, "identifier", f"{because}{what}", cells)
    spelling = one_spelling(counts)
    twins = [word for word in counts if spelling[word] != word]
    cells = [spelling.get(cell, cell) for cell in cells] if twins else cells
    what = f"text with {len(counts) - len(twins)} different values in {rows} rows{_unread(name, counts, units)}"
    if twins:
        other = next(iter(twins))
        more = f" and {len(twins) - 1} more" if len(twins) > 1 else ""
        what += f"; capitals and blanks do not count ({other!r} stands for {spelling[other]!r}{more})"
    return Column(name, "categorical", f"{because}{what}", cells)


def _unread(name: str, counts: Counter[str], units: tuple[str, ...]) -> str:
    """Says of words what they look like: numbers with several units, or dates that cannot be read."""
    if len(units) > 1 and len(counts) > FEW:
        return f"; they look like numbers with several units ({', '.join(units[:4])}): write all in one"
    written = dates_written(list(counts)) if len(counts) > FEW else None
    if written:
        return f"; they look like dates written in several ways ({', '.join(written)}): write all in one"
    if written == ():
        return f"; they look like dates: say their form, as in kinds={{{name!r}: 'date: %d.%m.%Y'}}"
    return ""


def _scale(name: str, cells: list[str], steps: list[str], reason: str) -> Column:
    place = {step: float(i) for i, step in enumerate(steps)}
    values = np.array([place.get(cell.lower(), np.nan) for cell in cells])
    return Column(name, "ordinal", f"{reason}: {' < '.join(steps)}", cells, values, _odd(cells, values), steps)


def _as_wanted(name: str, cells: list[str], filled: list[str], decimal: str, wanted: str) -> Column:
    kind, _, order = (part.strip() for part in wanted.partition(":"))
    if kind not in get_args(Kind) or (order and kind not in ("ordinal", "date")):
        known_kinds = f"one of {', '.join(get_args(Kind))}, 'ordinal: a < b < c' or 'date: %d.%m.%Y'"
        raise TorchbookError(f"the kind of column {name!r} must be {known_kinds}, got {wanted!r}")
    if kind in ("categorical", "identifier"):
        values = numbers(cells, decimal)
        whole = bool(filled) and not np.isnan(values[[not is_missing(cell) for cell in cells]]).any()
        chosen = values if whole else np.empty(0)
        return Column(name, kind, "as you said", cells, chosen, form=decimal, constant=len(set(filled)) <= 1)  # type: ignore[arg-type]
    if order and kind == "ordinal":
        column = _scale(name, cells, [step.strip().lower() for step in order.split("<")], "as you said")
    elif kind == "date":
        shape = (order, "") if order else date_format(filled)
        if shape is None or not any(moment(cell, shape[0]) is not None for cell in filled):
            raise TorchbookError(f"column {name!r} cannot be read as dates: its first value is {_first(filled)}")
        column = _date(name, cells, *shape)
    else:
        unit, _ = unit_of(filled)
        values = numbers(cells, decimal, unit)
        column = Column(name, kind, "as you said", cells, values, _odd(cells, values), decimal, unit=unit)  # type: ignore[arg-type]
    present = column.values[~np.isnan(column.values)]
    if not len(present):
        hint = "; give the order of its words, as in 'ordinal: low < high'" if kind == "ordinal" else ""
        raise TorchbookError(f"column {name!r} cannot be read as {kind}: its first value is {_first(filled)}{hint}")
    return replace(column, constant=len(np.unique(present)) == 1)


def _odd(cells: list[str], values: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.isnan(values).nonzero()[0] if not is_missing(cells[i]))


def _first(filled: list[str]) -> str:
    return repr(filled[0]) if filled else "empty"
