"""What one cell of text means: nothing, a number, or a moment in time."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

# Compared in lower case. What stands for "no value" in the exports of common programs.
MISSING = {"", "na", "n/a", "#n/a", "nan", "-nan", "null", "none", "nil", "?", "-", "--", ".", "missing", "<na>"}

_SIGN = r"[+-]?"
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_NUMBER = {
    ".": re.compile(rf"{_SIGN}(?:(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d*)?|\.\d+){_EXPONENT}"),
    ",": re.compile(rf"{_SIGN}(?:(?:\d{{1,3}}(?:\.\d{{3}})+|\d+)(?:,\d*)?|,\d+){_EXPONENT}"),
}
# A comma that cannot be one of thousands, and the same for a point.
_SURELY = {
    ",": re.compile(rf"{_SIGN}(?:\d*,(?:\d{{1,2}}|\d{{4,}})|0*,\d+|\d{{1,3}}(?:\.\d{{3}})+,\d+|\d+,\d+[eE][+-]?\d+)"),
    ".": re.compile(
        rf"{_SIGN}(?:\d*\.(?:\d{{1,2}}|\d{{4,}})|0*\.\d+|\d{{1,3}}(?:,\d{{3}})+\.\d+|\d+\.\d+[eE][+-]?\d+)"
    ),
}
_UNIT = re.compile(r"^([+-]?)[$€£]\s*|\s*[$€£%]$")
LARGEST = 1e37  # Beyond it the float32 of a table has no room for sums and squares.

_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m", "%d %b %Y", "%d %B %Y",
         "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%b %Y")  # fmt: skip
_TIMES = (" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", " %I:%M %p")
_ZONES = ("", "%z", " %z")


def is_missing(cell: str) -> bool:
    """Tells whether the cell is empty or one of the usual words for that (`NA`, `null`, `?`)."""
    return cell.strip().lower() in MISSING


def number(cell: str, decimal: str = ".") -> float | None:
    """The number in a cell, or None: thousands marks, a currency sign and a percent sign are understood and dropped."""
    text = _plain(cell)
    if not text or not _NUMBER[decimal].fullmatch(text):
        return None
    value = float(text.replace(",", "") if decimal == "." else text.replace(".", "").replace(",", "."))
    return value if abs(value) < LARGEST else None


def decimal_mark(cells: Iterable[str]) -> str | None:
    """Returns which of `.` and `,` begins the fraction in these cells; None where they do not tell, as in 1,234."""
    marked = {cell for cell in cells if "," in cell or "." in cell}
    if not any("," in cell for cell in marked):
        return "." if any(_SURELY["."].fullmatch(_plain(cell)) for cell in marked) else None
    plain = [_plain(cell) for cell in marked]
    points, commas = (sum(_SURELY[mark].fullmatch(text) is not None for text in plain) for mark in ".,")
    return None if points == commas == 0 else "," if commas > points else "."


def is_code(cell: str) -> bool:
    """Tells whether digits are a code and no quantity: a leading zero as in 00713."""
    return re.fullmatch(r"0\d+", cell) is not None


def date_format(cells: Sequence[str]) -> tuple[str, str] | None:
    """The one way in which (nearly) all cells write a date, and another that would fit as well ("" if none does).

    None where they are no dates. Month and day that could be exchanged are told by the second answer.
    """
    counts = Counter(cells)
    sample = dict(list(counts.items())[:: max(1, len(counts) // 200)])
    if not sample or not any(re.search(r"\d[-/. :]|[A-Za-z]{3} ?\d", cell) for cell in list(sample)[:3]):
        return None
    shares = {shape: _share(sample, shape) for cell in list(sample)[:3] for shape in _shapes(cell)}
    shares = {shape: _share(counts, shape) for shape in shares if shares[shape] > 0.5}
    fitting = sorted((shape for shape in shares if shares[shape] >= 0.9), key=lambda shape: -shares[shape])
    if not fitting:
        return None
    return fitting[0], fitting[1] if len(fitting) > 1 and shares[fitting[1]] == shares[fitting[0]] else ""


def moment(cell: str, shape: str) -> float | None:
    """Days since 1970-01-01 (UTC) of a date written in the way `shape` (as in `strptime`), or None."""
    try:
        when = datetime.strptime(cell, shape)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() / 86_400
    except (ValueError, OverflowError):
        return None


def _shapes(cell: str) -> list[str]:
    clocks = [time + zone for time in _TIMES for zone in _ZONES] if ":" in cell else [""]
    return [shape for day in _DAYS for clock in clocks if moment(cell, shape := day + clock) is not None]


def _share(counts: Mapping[str, int], shape: str) -> float:
    read = sum(count for cell, count in counts.items() if moment(cell, shape) is not None)
    return read / sum(counts.values())


def _plain(cell: str) -> str:
    text = cell.strip().replace("−", "-").replace("\xa0", " ").replace(" ", " ")
    text = _UNIT.sub(r"\1", text)
    # 1 234 567 and 1'234'567
    return re.sub(r"(?<=\d)[ '’](?=\d{3}(?:\D|$))", "", text)
