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
    ",": re.compile(
        rf"{_SIGN}(?:\d*,(?:\d{{1,2}}|\d{{4,}})|0*,\d+|\d{{1,3}}(?:\.\d{{3}})+,\d+|\d+,\d+[eE][+-]?\d+"
        r"|\d{1,3}(?:\.\d{3}){2,})"
    ),
    ".": re.compile(
        rf"{_SIGN}(?:\d*\.(?:\d{{1,2}}|\d{{4,}})|0*\.\d+|\d{{1,3}}(?:,\d{{3}})+\.\d+|\d+\.\d+[eE][+-]?\d+"
        r"|\d{1,3}(?:,\d{3}){2,})"
    ),
}
_CURRENCY = r"(?:[$€£¥₹₽₩₺₫₴₦฿]|R\$|Rs\.?|kr\.?|zł|USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD)"
_BEFORE = re.compile(rf"^([+-]?){_CURRENCY}\s*", re.IGNORECASE)
_AFTER = re.compile(rf"\s*(?:{_CURRENCY}|%|(?<=\d)\+)$", re.IGNORECASE)
# Accountants write -1,200 as (1,200).
_IN_BRACKETS = re.compile(r"^\((.*\d.*)\)$")
# What stands behind a number that is a part of the whole one: 12.5K, 1,2 Mio. A small m is a metre.
_TIMES_MORE = {"k": 1e3, "K": 1e3, "Tsd": 1e3, "M": 1e6, "Mio": 1e6, "mn": 1e6, "million": 1e6, "B": 1e9, "bn": 1e9,
               "Mrd": 1e9, "billion": 1e9}  # fmt: skip
_MAGNITUDE = re.compile(rf"(?<=[\d.,])\s?({'|'.join(sorted(_TIMES_MORE, key=len, reverse=True))})\.?$")
_MEASURED = re.compile(r"^(\D?.*\d[.,]?)\s*([^\W\d_][^\W\d]*\.?|[^\W\d_]+/[^\W\d_]+|°[CF]?|[\"'″′])$")
LARGEST = 1e37  # Beyond it the float32 of a table has no room for sums and squares.

# A year of four digits comes before one of two, which the first would not read.
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y-%m",
         "%Y/%m", "%m/%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y",
         "%d/%b/%Y", "%b %Y", "%B %Y", "%b-%Y", "%d.%m.%y", "%m/%d/%y", "%d/%m/%y", "%d-%m-%y", "%d-%b-%y", "%b-%y",
         "%a, %d %b %Y", "%A, %B %d, %Y")  # fmt: skip
_TIMES = (" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p",
          ", %H:%M", ", %H:%M:%S", ", %I:%M %p", ", %I:%M:%S %p")  # fmt: skip
_COMPACT = ("%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S")
_WHOLE = ("%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y")
# Where the time of the day begins.
_CLOCK = re.compile(r"(?:T|,? +)\d{1,2}:\d{2}.*$")
# What a person would take for a date, whatever its form.
_DATE_LIKE = re.compile(r"(?:\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}|[A-Za-zäûé]{3,9}\.?[- ]\d{1,2},? \d{2,4})(?:\D.*)?")
_ZONES = ("", "%z", " %z")


def is_missing(cell: str) -> bool:
    """Tells whether the cell is empty or one of the usual words for that (`NA`, `null`, `?`)."""
    return cell.strip().lower() in MISSING


def number(cell: str, decimal: str = ".") -> float | None:
    """The number in a cell, or None: thousands marks, a currency, a percent sign, a `+` behind it (700+) and brackets
    that mean minus are understood and dropped; 12.5K is 12500."""
    text, times = cell.strip(), 1.0
    if not _NUMBER[decimal].fullmatch(text) and not _NUMBER[decimal].fullmatch(text := _plain(cell)):
        if not (ending := _MAGNITUDE.search(text)):
            return None
        text, times = text[: ending.start()], _TIMES_MORE[ending[1]]
        if not _NUMBER[decimal].fullmatch(text):
            return None
    value = float(text.replace(",", "") if decimal == "." else text.replace(".", "").replace(",", ".")) * times
    # 1.137 times a million has a last digit of its own.
    value = float(f"{value:.15g}") if times > 1 else value
    return value if abs(value) < LARGEST else None


def unit_of(cells: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The unit that stands behind (nearly) all the numbers in cells, as "kg" behind 1.2kg, and all units there are.

    The first is "" where the cells have no unit or several.
    """
    units: Counter[str] = Counter()
    for unit, count in Counter(unit for cell in cells if (unit := _unit(cell)) is not None).items():
        units[next((other for other in units if _same(other, unit)), unit)] += count
    bare = units.pop("", 0)
    usual, count = next(iter(units.most_common(1)), ("", 0))
    return usual if count >= max(bare, 0.9 * units.total()) else "", tuple(units)


def without_unit(cell: str, unit: str) -> str:
    """The cell without the column's unit behind its number; as it is where `unit` is "" or another one stands there."""
    measured = _MEASURED.match(cell.strip()) if unit else None
    return measured[1] if measured and _same(measured[2], unit) else cell


def _unit(cell: str) -> str | None:
    """The word behind the number in a cell, "" where it is a number without one, None where it is none."""
    if number(cell) is not None or number(cell, ",") is not None:
        return ""
    measured = _MEASURED.match(cell.strip())
    if measured is None or (number(measured[1]) is None and number(measured[1], ",") is None):
        return None
    return measured[2]


def _same(unit: str, other: str) -> bool:
    """Tells whether two words are one unit: in other letters' case, with a full stop or an s of the plural."""
    first, second = (word.casefold().rstrip(".") for word in (unit, other))
    return first == second or (len(first) > 2 < len(second) and first.rstrip("s") == second.rstrip("s"))


def decimal_mark(cells: Iterable[str]) -> str | None:
    """Returns which of `.` and `,` begins the fraction in these cells; None where they do not tell, as in 1,234."""
    marked = {cell for cell in cells if "," in cell or "." in cell}
    if not any("," in cell or cell.count(".") > 1 for cell in marked):
        return "." if any(_SURELY["."].fullmatch(_MAGNITUDE.sub("", _plain(cell))) for cell in marked) else None
    plain = [_MAGNITUDE.sub("", _plain(cell)) for cell in marked]
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


def dates_written(cells: Sequence[str]) -> tuple[str, ...] | None:
    """The ways in which cells write dates where they are several, () where they look like dates in no known way, None
    where (nearly) all are no dates."""
    sample = list(Counter(cells))[:200]
    if not sample or sum(_DATE_LIKE.fullmatch(cell) is not None for cell in sample) < 0.9 * len(sample):
        return None
    shapes: Counter[str] = Counter()
    for cell in sample:
        shapes[next((shape for shape in shapes if moment(cell, shape) is not None), next(iter(_shapes(cell)), ""))] += 1
    return tuple(shape for shape, _ in shapes.most_common() if shape) if shapes[""] <= 0.1 * len(sample) else ()


def compact_date(cells: Sequence[str]) -> str | None:
    """The form of days that are written as one number, as 20240131 (and 202401311259), or None."""
    lengths = {len(cell) for cell in cells}
    shape = next((shape for shape, length in zip(_COMPACT, (8, 12, 14)) if lengths == {length}), None)
    if shape is None or not all(re.match(r"(19|20)\d\d[01]\d[0-3]\d+$", cell) for cell in cells):
        return None
    return shape if all(moment(cell, shape) is not None for cell in cells) else None


def one_spelling(words: Mapping[str, int]) -> dict[str, str]:
    """For each word the spelling that stands for it: the most frequent one of those that differ by case or blanks only.

    `words` has how often each stands there. Where most words have a twin the case tells them apart (a, A, b, B).
    """
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(folded(word), []).append(word)
    several = sum(len(group) > 1 for group in groups.values())
    if several > 5 and 2 * several > len(groups):
        return {word: word for word in words}
    usual = {key: max(group, key=lambda word: (words[word], word)) for key, group in groups.items()}
    return {word: usual[folded(word)] for word in words}


def folded(word: str) -> str:
    """A word without what nobody means: capitals, and blanks around it or twice within."""
    return " ".join(word.split()).casefold()


def moment(cell: str, shape: str) -> float | None:
    """Days since 1970-01-01 (UTC) of a date written in the way `shape` (as in `strptime`), or None."""
    try:
        when = datetime.strptime(cell, shape)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() / 86_400
    except (ValueError, OverflowError):
        return None


def _shapes(cell: str) -> list[str]:
    """All the ways in which a cell can be read as a date."""
    clock = _CLOCK.search(cell)
    day, time = (cell[: clock.start()], clock[0]) if clock else (cell, "")
    days = [shape for shape in _DAYS if _marks(shape) == _marks(day) and moment(day, shape) is not None]
    clocks = [""]
    if clock and days:
        every = [time_ + zone for time_ in _TIMES for zone in _ZONES]
        clocks = [shape for shape in every if moment(f"2000-01-01{time}", f"%Y-%m-%d{shape}") is not None]
    shapes = [day_ + clock_ for day_ in days for clock_ in clocks]
    return shapes or [shape for shape in _WHOLE if clock and moment(cell, shape) is not None]


def _marks(text: str) -> tuple[str, bool]:
    """What stands between the parts of a day or of its form, and whether there are words: a form that differs in that
    need not be tried, and each try is costly."""
    return re.sub(r"%?\w", "", text), re.search(r"[^\W\d_]{2}|%[abAB]", text) is not None


def _share(counts: Mapping[str, int], shape: str) -> float:
    read = sum(count for cell, count in counts.items() if moment(cell, shape) is not None)
    return read / sum(counts.values())


def _plain(cell: str) -> str:
    text = cell.strip().replace("−", "-").replace("\xa0", " ").replace("\u202f", " ")
    text = _IN_BRACKETS.sub(r"-\1", text)
    text = _AFTER.sub("", _BEFORE.sub(r"\1", text))
    # 1 234 567 and 1'234'567
    return re.sub(r"(?<=\d)[ '’](?=\d{3}(?:\D|$))", "", text)
