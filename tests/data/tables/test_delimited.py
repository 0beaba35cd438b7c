"""Tables of text as they come."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from torchbook.data.tables.delimited import read_delimited
from torchbook.errors import TorchbookError

WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8)
TEXT = st.text("abcXYZ äß'\"\n,;|\t", max_size=10).map(str.strip)


@st.composite
def tables(draw):
    """A grid of numbers (first column) and text, with names that are unlike any value."""
    width, height = draw(st.integers(2, 5)), draw(st.integers(1, 12))
    names = [f"name {chr(97 + i)}" for i in range(width)]
    number = st.integers(-999, 999).map(str)
    rows = [[draw(number), *(draw(TEXT) for _ in range(width - 1))] for _ in range(height)]
    return names, rows


@given(
    tables(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@settings(max_examples=150, deadline=None)
def test_every_cell_is_read_as_the_csv_module_wrote_it(tmp_path_factory, table, separator, encoding, ending, quoting):
    names, rows = table
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, lineterminator=ending, quoting=quoting).writerows([names, *rows])
    path = tmp_path_factory.mktemp("table") / "table.csv"
    path.write_bytes(written.getvalue().encode(encoding))
    sheet = read_delimited(path)
    assert (sheet.names, sheet.header, sheet.separator) == (names, True, separator)
    assert [list(row) for row in zip(*sheet.columns)] == rows
    assert sheet.notes == []


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_table_or_an_error_in_one_line(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("bytes") / "any.csv"
    path.write_bytes(raw)
    try:
        sheet = read_delimited(path)
    except TorchbookError as error:
        assert "\n" not in str(error)
    else:
        assert {len(column) for column in sheet.columns} == {len(sheet)}


@given(st.lists(st.lists(st.sampled_from(["1", "2.5", "", "x"]), min_size=1, max_size=5), min_size=3, max_size=12))
@settings(max_examples=150, deadline=None)
def test_rows_of_any_length_are_kept_or_named(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("ragged") / "ragged.csv"
    path.write_text("\n".join(["a,b,c", *(",".join(row) for row in rows)]) + "\n")
    filled = [(i + 2, row) for i, row in enumerate(rows) if row != [""]]
    fitting = [(line, row) for line, row in filled if not any(row[3:])]
    if not fitting or all(len(row) == 4 for _, row in filled):
        return
    sheet = read_delimited(path, header=True)
    expected = [[*row, "", ""][:3] for _, row in fitting]
    assert [list(row) for row in zip(*sheet.columns)] == expected
    assert sheet.lines == [line for line, _ in fitting]
    assert sheet.left_out == [line for line, row in filled if any(row[3:])]
    odd = {line for line, row in filled if len(row) != 3} | {i + 2 for i, row in enumerate(rows) if row == [""]}
    assert bool(odd) == bool(sheet.notes)


def written(tmp_path, text, name="t.csv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_decimal_commas_do_not_separate(tmp_path):
    sheet = read_delimited(written(tmp_path, "1,5;2,5\n3,5;4,5\n"))
    assert (sheet.separator, sheet.columns, sheet.header) == (";", [["1,5", "3,5"], ["2,5", "4,5"]], False)


def test_one_column_with_decimal_commas_stays_one(tmp_path):
    sheet = read_delimited(written(tmp_path, "value\n1,5\n2,5\n"))
    assert (sheet.names, sheet.columns) == (["value"], [["1,5", "2,5"]])


def test_texts_with_another_separator_do_not_mislead(tmp_path):
    sheet = read_delimited(written(tmp_path, "id,text\n1,a;b;c\n2,d;e\n3,f\n"))
    assert sheet.columns == [["1", "2", "3"], ["a;b;c", "d;e", "f"]]


def test_the_line_of_excel_names_the_separator(tmp_path):
    sheet = read_delimited(written(tmp_path, "sep=;\na;b\n1;2\n"))
    assert (sheet.names, sheet.columns, sheet.lines) == (["a", "b"], [["1"], ["2"]], [3])


def test_the_index_that_r_and_pandas_write_gets_a_name(tmp_path):
    assert read_delimited(written(tmp_path, "a,b\nx,1,2\ny,3,4\n")).names == ["row", "a", "b"]
    assert read_delimited(written(tmp_path, ",a,b\n0,1,2\n1,3,4\n")).names == ["column 1", "a", "b"]


def test_names_that_come_twice_are_told_apart(tmp_path):
    sheet = read_delimited(written(tmp_path, "a,a,b\n1,2,3\n"))
    assert sheet.names == ["a", "a (2)", "b"] and "'a (2)'" in sheet.notes[0]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("1,2\n3,4\n", False),
        ("a,b\n3,4\n", True),
        ("name,city\nAnna,Rome\nBen,Oslo\n", True),
        ("red,round\ngreen,long\nred,long\n", False),
        ("NA,3\n4,5\n", False),
        ("0,1,2\n5,6,7\n", True),
        ("2019,2020\n1,2\n", False),
        # A name may be a word for "missing", or a number among words.
        ("RI,Na,Mg,Type\n1.5,13.6,4.4,1\n1.5,13.8,3.6,2\n", True),
        ("Na,K,species\n1.5,13.6,oak\n1.5,13.8,elm\n", True),
        ("age,2010,height\n30,5.5,1.8\n40,6.5,1.7\n", True),
        ("0,1,2,label\n0.3,1.5,-2.2,cat\n1.3,0.5,-1.2,dog\n", True),
        ("0,1,label\n0.3,1.5,cat\n1.3,0.5,dog\n", True),
        ("country,2010,2011,2012\nPeru,1.5,2.5,3.5\nChad,2.5,1.5,4.5\n", True),
        ("country,1990,2000,2010\nPeru,1.5,2.5,3.5\nChad,2.5,1.5,4.5\n", True),
        # Rows, though they have words or count.
        ("unknown,3,4\n5,6,7\n8,9,1\n", False),
        ("NA,red,3\n1,blue,4\n", False),
        ("?,red\n1,blue\n", False),
        ("1,2,3,cat\n7,1,4,dog\n2,2,5,cat\n", False),
        ("1,2,3,Ann\n2,3,4,Ben\n3,4,5,Cid\n", False),
        ("1,2,red\n2,5,blue\n", False),
    ],
)
def test_whether_the_first_row_holds_names(tmp_path, text, header):
    assert read_delimited(written(tmp_path, text)).header is header
    assert read_delimited(written(tmp_path, text), header=not header).header is not header


def test_backslashes_and_quotes_that_do_not_match(tmp_path):
    sheet = read_delimited(written(tmp_path, 'a,b\n1,"x \\" y"\n2,z\n'))
    assert sheet.columns[1] == ['x " y', "z"]
    sheet = read_delimited(written(tmp_path, 'a,b\n1,"x\n2,z\n'))
    assert sheet.columns == [["1", "2"], ['"x', "z"]] and "quotes" in sheet.notes[0]


def test_windows_letters_are_read_and_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("Größe,Preis\n1,2 €\n".encode("cp1252"))
    sheet = read_delimited(path)
    assert sheet.names == ["Größe", "Preis"] and sheet.columns[1] == ["2 €"] and "Windows-1252" in sheet.notes[0]


def test_a_very_long_cell_is_no_obstacle(tmp_path):
    assert read_delimited(written(tmp_path, f"a,b\n1,{'x' * 300_000}\n")).columns[1] == ["x" * 300_000]


@pytest.mark.parametrize(
    ("raw", "says"),
    [(b"", "empty"), (b"\n\n", "empty"), (b"PK\x03\x04rest", "not a table"), (b"a\0b", "not a table")],
)
def test_what_is_no_table_is_named(tmp_path, raw, says):
    path = tmp_path / "t.csv"
    path.write_bytes(raw)
    with pytest.raises(TorchbookError, match=says):
        read_delimited(path)


def test_a_header_alone_is_no_table(tmp_path):
    with pytest.raises(TorchbookError, match="no row"):
        read_delimited(written(tmp_path, "a,b\n"), header=True)


@given(
    tables(),
    st.lists(st.sampled_from(["Report of 2024", "exported by Ann", "# a comment", "#", ""]), max_size=4),
    st.sampled_from([",", ";", "\t"]),
)
@example((["name a", "name b", "name c"], [["0", "", ";"]] * 2), ["Report of 2024"], ",")
@settings(max_examples=80, deadline=None)
def test_lines_above_a_table_are_skipped_and_told(tmp_path_factory, table, above, separator):
    names, rows = table
    names, rows = [*names, "z y", "z z"], [[*row, "1", "2"] for row in rows]  # At least four columns.
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows([names, *rows] * 1 + rows * 6)
    path = tmp_path_factory.mktemp("table") / "table.csv"
    path.write_text("".join(line + "\n" for line in above) + text.getvalue())
    sheet = read_delimited(path)
    assert sheet.names == names
    assert [list(row) for row in zip(*sheet.columns)] == rows * 7
    assert sheet.lines[0] == len(above) + 2
    assert any("skipped" in note for note in sheet.notes) == bool(above)


@pytest.mark.parametrize(
    ("text", "names", "cells"),
    [
        ("a,b,\n1,2,\n3,4,\n", ["a", "b"], [["1", "3"], ["2", "4"]]),
        ("# a,b\n1,2\n3,4\n", ["a", "b"], [["1", "3"], ["2", "4"]]),
        (
            "  70   22  Rome\n  57  430  Bonn\n",
            ["column 1", "column 2", "column 3"],
            [["70", "57"], ["22", "430"], ["Rome", "Bonn"]],
        ),
        (
            '18.0   8\t"a car"\n17.0   6\t"b car"\n',
            ["column 1", "column 2", "column 3"],
            [["18.0", "17.0"], ["8", "6"], ["a car", "b car"]],
        ),
        ("name\nAnn Lee\nBob Ray\n", ["name"], [["Ann Lee", "Bob Ray"]]),
    ],
)
def test_forms_of_other_programs(tmp_path, text, names, cells):
    sheet = read_delimited(written(tmp_path, text))
    assert (sheet.names, sheet.columns) == (names, cells)


@pytest.mark.parametrize(
    ("text", "says"), [("a,b,c\n", "no row of values"), ("<!DOCTYPE html>\n<p>1,2</p>\n", "a web page")]
)
def test_a_web_page_or_a_lone_header_is_named(tmp_path, text, says):
    with pytest.raises(TorchbookError, match=says):
        read_delimited(written(tmp_path, text))
