"""Recognises what a column of a table is, and says why, so that a person can disagree."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np

from torchbook.data.tables.cell_values import LARGEST, date_format, decimal_mark, is_code, is_missing, moment, number
from torchbook.errors import TorchbookError

Kind = Literal["continuous", "ordinal", "categorical", "date", "identifier"]

FEW = 10  # Up to so many different whole numbers are steps, and up to so many categories are worth a column each.
MANY = 20  # So many rows that are numbered 1, 2, 3, ... are so by intent, whatever the column is called.
MOSTLY = 0.9  # A column is of numbers (or dates) where at least so much of what is filled in reads as one.
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
    is how a cell is read again: the decimal mark of numbers, the pattern (`strptime`) of dates, the words of a scale.
    """

    name: str
    kind: Kind
    reason: str
    cells: list[str]
    values: np.ndarray = field(default_factory=lambda: np.empty(0))
    odd: tuple[int, ...] = ()
    form: str | list[str] = "."
    constant: bool = False

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

    `wanted` overrides what is recognised: a kind, or `"ordinal: S < M < L"` for words with an order.

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
    values = numbers(cells, decimal)
    readable = ~np.isnan(values)
    if readable.sum() >= max(1, MOSTLY * len(filled)):
        odd = _odd(cells, values)
        return _numeric(name, cells, values, odd, decimal)
    shape = date_format(filled)
    if shape is not None:
        return _date(name, cells, *shape)
    return _words(name, cells, counts, "")


def numbers(cells: list[str], decimal: str) -> np.ndarray:
    """The cells as float64 `[rows]`, NaN where a cell is no number."""
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


def _numeric(name: str, cells: list[str], values: np.ndarray, odd: tuple[int, ...], decimal: str) -> Column:
    present = values[~np.isnan(values)]
    different = np.unique(present)
    low, high = f"{different[0]:g}", f"{different[-1]:g}"
    whole = bool((present == np.round(present)).all())

    def column(kind: Kind, reason: str) -> Column:
        return Column(name, kind, reason, cells, values, odd, decimal, constant=len(different) == 1)

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


def _date(name: str, cells: list[str], shape: str, other: str) -> Column:
    values = _each(cells, lambda cell: moment(cell, shape))
    days = np.unique(values[~np.isnan(values)])
    first, last = (str(np.datetime64(int(np.floor(day)), "D")) for day in (days[0], days[-1]))
    doubt = f"; {other} would fit as well, and the order of day and month is a guess" if other else ""
    reason = f"dates written as {shape}, {first} to {last}{doubt}"
    return Column(name, "date", reason, cells, values, _odd(cells, values), shape, constant=len(days) == 1)


def _words(name: str, cells: list[str], counts: Counter[str], because: str) -> Column:
    rows = sum(counts.values())
    if not because:
        words = {word.lower() for word in counts}
        for scale in SCALES:
            if len(words) > 2 and words <= set(scale):
                return _scale(name, cells, [step for step in scale if step in words], "words with a known order")
    if len(counts) >= FEW and len(counts) > MOSTLY * rows:
        long = sum(len(cell.split()) > 3 for cell in counts) > len(counts) / 2
        what = "free text" if long else "nearly every row has another value"
        return Column(name, "identifier", f"{because}{what} ({len(counts)} different in {rows} rows)", cells)
    return Column(name, "categorical", f"{because}text with {len(counts)} different values in {rows} rows", cells)


def _scale(name: str, cells: list[str], steps: list[str], reason: str) -> Column:
    place = {step: float(i) for i, step in enumerate(steps)}
    values = np.array([place.get(cell.lower(), np.nan) for cell in cells])
    return Column(name, "ordinal", f"{reason}: {' < '.join(steps)}", cells, values, _odd(cells, values), steps)


def _as_wanted(name: str, cells: list[str], filled: list[str], decimal: str, wanted: str) -> Column:
    kind, _, order = (part.strip() for part in wanted.partition(":"))
    if kind not in get_args(Kind) or (order and kind != "ordinal"):
        known_kinds = f"one of {', '.join(get_args(Kind))} or 'ordinal: a < b < c'"
        raise TorchbookError(f"the kind of column {name!r} must be {known_kinds}, got {wanted!r}")
    if kind in ("categorical", "identifier"):
        values = numbers(cells, decimal)
        whole = bool(filled) and not np.isnan(values[[not is_missing(cell) for cell in cells]]).any()
        chosen = values if whole else np.empty(0)
        return Column(name, kind, "as you said", cells, chosen, form=decimal, constant=len(set(filled)) <= 1)  # type: ignore[arg-type]
    if order:
        column = _scale(name, cells, [step.strip().lower() for step in order.split("<")], "as you said")
    elif kind == "date":
        shape = date_format(filled)
        if shape is None:
            raise TorchbookError(f"column {name!r} cannot be read as dates: its first value is {_first(filled)}")
        column = _date(name, cells, *shape)
    else:
        values = numbers(cells, decimal)
        column = Column(name, kind, "as you said", cells, values, _odd(cells, values), decimal)  # type: ignore[arg-type]
    present = column.values[~np.isnan(column.values)]
    if not len(present):
        hint = "; give the order of its words, as in 'ordinal: low < high'" if kind == "ordinal" else ""
        raise TorchbookError(f"column {name!r} cannot be read as {kind}: its first value is {_first(filled)}{hint}")
    return replace(column, constant=len(np.unique(present)) == 1)


def _odd(cells: list[str], values: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.isnan(values).nonzero()[0] if not is_missing(cells[i]))


def _first(filled: list[str]) -> str:
    return repr(filled[0]) if filled else "empty"
