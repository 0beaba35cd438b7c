"""What cells of text mean."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.tables.cell_values import (
    compact_date,
    date_format,
    dates_written,
    decimal_mark,
    folded,
    is_missing,
    moment,
    number,
    one_spelling,
    unit_of,
    without_unit,
)


@given(st.floats(-1e12, 1e12), st.sampled_from([".", ","]))
@settings(max_examples=200, deadline=None)
def test_a_number_is_read_as_python_reads_it(value, decimal):
    assert number(repr(value).replace(".", decimal), decimal) == value
    grouped = f"{value:,.3f}"
    if decimal == ",":
        grouped = grouped.translate(str.maketrans(",.", ".,"))
    assert number(grouped, decimal) == float(f"{value:.3f}")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("−3", -3.0), ("12 %", 12.0), ("$1,200.50", 1200.5), ("-$5", -5.0), ("1 234 567", 1234567.0), ("1'000", 1000.0),
     (".5", 0.5), ("5.", 5.0), ("+1e3", 1000.0), ("12 €", 12.0),
     ("(1,200)", -1200.0), ("700+", 700.0), ("5 USD", 5.0), ("R$ 5", 5.0), ("0.074M", 74000.0)],
)  # fmt: skip
def test_what_people_write_around_numbers_is_dropped(cell, value):
    assert number(cell) == value


@pytest.mark.parametrize("cell", ["", "abc", "1,2,3", "12a", "1_000", "inf", "nan", "1e99", "--5", "1.2.3", "$", "%"])
def test_what_is_no_number_is_none(cell):
    assert number(cell) is None


def test_the_decimal_mark_is_told_by_cells_that_cannot_be_read_twice():
    assert decimal_mark(["3,5", "12"]) == ","
    assert decimal_mark(["3.5", "12"]) == "."
    assert decimal_mark(["0,125"]) == ","
    assert decimal_mark(["1.234,5"]) == ","
    assert decimal_mark(["1,234.5"]) == "."
    assert decimal_mark(["1,234", "12", "7,500"]) is None


@given(st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d %b %Y"]))
@settings(max_examples=50, deadline=None)
def test_a_date_is_counted_in_days(when, shape):
    cell = when.strftime(shape)
    found = date_format([cell])
    assert found is not None and found[0] == shape
    assert moment(cell, shape) == (when.date() - datetime(1970, 1, 1).date()).days


DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%b %d, %Y", "%d-%b-%Y"]
CLOCKS = [" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", " %I:%M %p"]


@pytest.mark.parametrize("clock", CLOCKS)
@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)), st.sampled_from(DAYS), st.sampled_from(["", "%z", " %z"])
)
@settings(max_examples=15, deadline=None)
def test_a_clock_is_read_after_every_way_to_write_a_day(clock, when, day, zone):
    wanted = day + clock + zone
    cell = when.replace(tzinfo=UTC).strftime(wanted)
    found = date_format([cell])
    assert found is not None
    assert moment(cell, wanted) in [moment(cell, shape) for shape in found if shape]


def test_day_and_month_are_told_apart_where_a_date_tells():
    assert date_format(["01/02/2024", "25/12/2023"]) == ("%d/%m/%Y", "")
    assert date_format(["01/02/2024", "12/25/2023"]) == ("%m/%d/%Y", "")
    assert date_format(["01/02/2024", "03/04/2023"]) == ("%m/%d/%Y", "%d/%m/%Y")


def test_clock_and_zone_are_read():
    (shape, _) = date_format(["2024-05-01T12:00:00+02:00"] * 3)
    assert moment("2024-05-01T12:00:00+02:00", shape) == moment("2024-05-01 10:00", "%Y-%m-%d %H:%M")


def test_numbers_and_words_are_no_dates():
    assert date_format(["1999", "2004"]) is None
    assert date_format(["may be", "april"]) is None
    assert date_format([]) is None


def test_missing_words():
    assert all(map(is_missing, ["", " ", "NA", "n/a", "NaN", "null", "None", "?", "-"]))
    assert not any(map(is_missing, ["0", "no", "nothing", "x"]))


def test_a_few_cells_that_are_no_dates_do_not_hide_that_others_are():
    cells = ["soon", *(f"2024-01-{day:02}" for day in range(1, 20))]
    assert date_format(cells) == ("%Y-%m-%d", "")
    assert date_format(["soon", "2024-01-01"]) is None


@given(
    st.floats(0.001, 999),
    st.sampled_from(["K", "k", "M", " Mio", "B", " bn"]),
    st.sampled_from(["", "$", "₹ ", "EUR "]),
)
@settings(max_examples=100, deadline=None)
def test_a_magnitude_multiplies(value, word, before):
    times = {"K": 1e3, "k": 1e3, "M": 1e6, "Mio": 1e6, "B": 1e9, "bn": 1e9}[word.strip()]
    assert number(f"{before}{value:.3f}{word}") == pytest.approx(float(f"{value:.3f}") * times)


@given(st.integers(0, 10**12), st.sampled_from([".", ","]))
def test_thousands_that_come_twice_tell_the_decimal_mark(value, mark):
    cell = f"{value + 10**6:,}".replace(",", mark)
    decimal = decimal_mark([cell, "1"])
    assert decimal == ("," if mark == "." else ".")
    assert number(cell, decimal) == value + 10**6


@pytest.mark.parametrize(
    ("cells", "unit", "units"),
    [
        (["8 GB", "16GB", "4 gb"], "GB", 1),
        (["5 years", "1 year", "7"], "years", 1),
        (["1.2kg", "3 g"], "", 2),
        (["20 km/h", "5km/h"], "km/h", 1),
        (["5", "7"], "", 0),
        (["red", "blue"], "", 0),
    ],
)
def test_a_unit_is_what_all_numbers_have_behind_them(cells, unit, units):
    usual, every = unit_of(cells)
    assert (usual, len(every)) == (unit, units)
    if unit:
        assert all(number(without_unit(cell, unit)) is not None for cell in cells)


PORTALS = [
    "%m/%d/%Y %I:%M:%S %p",
    "%d.%m.%y",
    "%d.%m.%Y, %H:%M",
    "%d-%b-%y",
    "%Y.%m.%d",
    "%B %d, %Y",
    "%a %b %d %H:%M:%S %z %Y",
]


@pytest.mark.parametrize("shape", PORTALS)
@given(st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1)))
@settings(max_examples=15, deadline=None)
def test_dates_of_spreadsheets_and_portals_are_read(shape, when):
    cell = when.replace(tzinfo=UTC).strftime(shape)
    ways = date_format([cell])
    assert ways is not None
    assert moment(cell, shape) in [moment(cell, way) for way in ways if way]


def test_days_in_one_number_are_dates_and_other_numbers_are_not():
    assert compact_date(["20240131", "19991224"]) == "%Y%m%d"
    assert compact_date(["20241331", "19991224"]) is None
    assert compact_date(["12345678", "20240131"]) is None


def test_dates_in_several_or_unknown_ways_are_told_from_words():
    assert set(dates_written(["2024-01-31", "31.01.2024", "Jan 31, 2024"])) == {"%Y-%m-%d", "%d.%m.%Y", "%b %d, %Y"}
    assert dates_written(["2024-99-99", "2024-98-98"]) == ()
    assert dates_written(["red", "blue"]) is None


@given(st.dictionaries(st.text("aAbB ", min_size=1, max_size=4), st.integers(1, 9), min_size=1, max_size=8))
def test_one_spelling_stands_for_all_and_is_one_of_them(words):
    spelling = one_spelling(words)
    assert set(spelling) == set(words)
    for word, usual in spelling.items():
        assert folded(usual) == folded(word)
        assert spelling[usual] == usual


def test_where_the_case_tells_apart_it_stays():
    letters = dict.fromkeys("abcdefgABCDEFG", 1)
    assert one_spelling(letters) == {letter: letter for letter in letters}
    assert set(one_spelling({"Yes": 3, "yes": 5, "YES": 1, "No": 2}).values()) == {"yes", "No"}
