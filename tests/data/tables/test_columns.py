"""What a column is recognised as, and why."""

import numpy as np
import pytest

from torchbook.data.tables.columns import recognise
from torchbook.errors import TorchbookError

TWENTY = [str(i) for i in range(1, 21)]


@pytest.mark.parametrize(
    ("name", "cells", "kind", "because"),
    [
        ("gpa", ["3.61", "3.67", "4", "2.9"], "continuous", "numbers from 2.9 to 4"),
        ("rank", ["1", "2", "3", "4", "2"], "ordinal", "4 different steps, 1 to 4"),
        ("sex", ["f", "m", "f", "m"], "categorical", "2 different values"),
        ("flag", ["0", "1", "1", "0"], "categorical", "only two values, 0 and 1"),
        ("id", TWENTY, "identifier", "counts the rows from 1 to 20"),
        ("age", TWENTY[::-1], "continuous", "whole numbers"),
        ("patient", TWENTY, "identifier", "counts the rows"),
        ("x", TWENTY[:12], "continuous", "whole numbers"),
        ("customer_id", [str(i * i) for i in range(20)], "identifier", "no number comes twice"),
        ("comment", [f"this is what number {i} says" for i in range(20)], "identifier", "free text"),
        ("code", [f"k{i}" for i in range(20)], "identifier", "another value"),
        ("zip", ["01234", "04321", "98765"] * 3, "categorical", "leading zeros"),
        ("when", ["2024-01-31", "2024-02-01", "2024-02-09"], "date", "2024-01-31 to 2024-02-09"),
        ("when", ["01/02/2024", "03/04/2024"], "date", "is a guess"),
        ("size", ["S", "L", "M", "S"], "ordinal", "s < m < l"),
        ("price", ["1.234,50", "7,25", "8"], "continuous", "7.25 to 1234.5"),
        ("share", ["12 %", "15 %", "1.5 %"], "continuous", "1.5 to 15"),
        ("weight", ["1.2 kg", "3kg", "0.5 kg"], "continuous", "0.5 to 3, 3 different ones kg"),
        ("price", ["12.5K", "0.3M", "90K"], "ordinal", "12500 to 300000"),
        ("age", [*TWENTY, *TWENTY, "-999", "-999"], "continuous", "-999 (2 times) is taken for no value"),
        ("score", [*TWENTY, *TWENTY, "-5", "-5"], "continuous", "from -5 to 20"),
        ("answer", ["Yes", "yes", "YES", "No"] * 5, "categorical", "2 different values"),
        ("size", [f"{i} {u}" for i in range(1, 9) for u in ("kg", "g", "t")], "identifier", "several units (kg, g, t)"),
        (
            "when",
            [f"2024-01-{i:02}" for i in range(1, 15)] + [f"{i}.2.2024" for i in range(1, 15)],
            "identifier",
            "written in several ways (%Y-%m-%d, %d.%m.%Y)",
        ),
        ("when", ["20240131", "20240201", "20240209"], "date", "2024-01-31 to 2024-02-09"),
        ("year", ["1999", "2001", "2010", "2005"] * 5 + TWENTY, "continuous", "whole numbers"),
    ],
)
def test_kinds_and_their_reasons(name, cells, kind, because):
    column = recognise(name, cells)
    assert column.kind == kind
    assert because in column.reason


def test_missing_and_odd_cells_are_told_apart():
    column = recognise("x", [*TWENTY, "", "NA", "about 7"])
    assert column.kind == "continuous"
    assert column.odd == (22,)
    assert column.missing.tolist() == [False] * 20 + [True] * 3


def test_a_column_of_one_value_is_constant_unless_it_is_sometimes_empty():
    assert recognise("x", ["a", "a"]).constant
    assert recognise("x", ["", ""]).constant
    assert recognise("x", ["1", "1.0"]).constant
    assert not recognise("x", ["a", "", "a"]).constant


def test_a_person_overrides():
    assert recognise("rank", ["1", "2", "3"], wanted="categorical").kind == "categorical"
    assert recognise("rank", ["1", "2", "3"], wanted="identifier").reason == "as you said"
    column = recognise("size", ["l", "s", "XS", "?"], wanted="ordinal: xs < s < l")
    assert column.values[:3].tolist() == [2, 1, 0] and np.isnan(column.values[3])


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("numeric", "must be one of continuous, ordinal"),
        ("continuous", "cannot be read as continuous"),
        ("date", "cannot be read as dates"),
        ("ordinal", "give the order"),
        ("continuous: a < b", "must be one of"),
    ],
)
def test_what_cannot_be_overridden_is_said(wanted, says):
    with pytest.raises(TorchbookError, match=says):
        recognise("colour", ["red", "blue"], wanted=wanted)


def test_what_a_person_says_is_taken_as_it_stands():
    assert recognise("age", [*TWENTY, "-999", "-999"], wanted="continuous").values.min() == -999
    assert recognise("answer", ["Yes", "yes", "no"], wanted="categorical").cells == ["Yes", "yes", "no"]
    column = recognise("when", ["31x01x2024", "01x02x2024"], wanted="date: %dx%mx%Y")
    assert np.diff(column.values).tolist() == [1]
    with pytest.raises(TorchbookError, match="cannot be read as dates"):
        recognise("when", ["31.01.2024"], wanted="date: %Y-%m-%d")
