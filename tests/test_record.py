import json

import pytest

from torchbook.errors import TorchbookError
from torchbook.record import Number, parsed, parsed_lines, read_bounded, read_record

SHAPE = {
    "name": str,
    "size": Number(1, whole=True),
    "share?": Number(0, 1),
    "choice?": dict | None,
    "of?": {str: [int]},
}
GOOD = {"name": "a", "size": 3, "share": 0.5, "choice": None, "of": {"x": [1, 2]}, "another": True}


def test_what_fits_comes_back_as_it_is(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps(GOOD))
    assert read_record(file, SHAPE) == GOOD
    assert parsed('{"name": "\\u00e4[[[[", "size": 1.0e0}'.replace("1.0e0", "1"), SHAPE, "x")["name"] == "ä[[[["
    assert parsed('{"name": "a\\ud800b", "size": 1}', SHAPE, "x")["name"] == "a?b"
    deep = json.dumps("[" * 5000)
    assert parsed(deep, str, "x") == "[" * 5000  # brackets in a text are no depth


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b"\xff\xfe", "utf"),
        (b"[]", "it must be an object, got a list"),
        (b"null", "it must be an object, got null"),
        (b"{}", "it has no 'name'"),
        (b'{"name": 3, "size": 1}', "'name' must be a text, got 3"),
        (b'{"name": "a", "size": true}', "'size' must be a whole number from 1 to inf, got true"),
        (b'{"name": "a", "size": 0}', "'size' must be a whole number from 1 to inf, got 0"),
        (b'{"name": "a", "size": 1.5}', "'size' must be a whole number"),
        (b'{"name": "a", "size": 1, "share": NaN}', "'share' must be a number from 0 to 1, got NaN"),
        (b'{"name": "a", "size": 1, "share": 1e999}', "'share' must be a number from 0 to 1, got Infinity"),
        (b'{"name": "a", "size": 1, "choice": []}', "'choice' must be an object or null, got a list"),
        (b'{"name": "a", "size": 1, "of": {"x": [1, "2"]}}', "an item of 'x' must be a whole number, got \"2\""),
        (b'{"name": "a", "size": ' + b"9" * 5000 + b"}", "4300 digits"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"name": "a", "size": 1, "x": ' + b"[" * 70 + b"]" * 70 + b"}", "nested too deep"),
    ],
)
def test_what_does_not_fit_is_named_with_the_file(tmp_path, content, reason):
    file = tmp_path / "a.json"
    file.write_bytes(content)
    with pytest.raises(TorchbookError, match=r"a\.json is damaged: ") as raised:
        read_record(file, SHAPE)
    assert reason in str(raised.value) and len(str(raised.value)) < 400 and "\n" not in str(raised.value)


def test_no_more_is_read_than_such_a_file_may_have(tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(b" " * 10 + b"1")
    assert read_record(file, int, largest=11) == 1 and read_bounded(file, 11) == file.read_bytes()
    with pytest.raises(TorchbookError, match=r"a\.json is larger than 10 bytes"):
        read_record(file, int, largest=10)


def test_an_odd_line_costs_that_one_and_is_named():
    lines = [b'{"at": 1}', b'{"at": 2}', b'"x"', b"{}", b"", b"null", b'{"at": ', b"\xff", b'{"at": 3}']
    values, odd = parsed_lines(b"\n".join(lines), {"at": int}, "log")
    assert [value["at"] for value in values] == [1, 2, 3]
    assert [message.partition(" of log is damaged")[0] for message in odd] == [f"line {n}" for n in range(3, 9)]
    assert parsed_lines(b"\n".join(lines[:2]), {"at": int}, "log") == ([{"at": 1}, {"at": 2}], [])
    # What one line opens no other one closes.
    values, odd = parsed_lines(b'{"at": 1}, {"at": 2}\n{"at": 3, "x": [1\n2]}', {"at": int}, "log")
    assert values == [] and len(odd) == 3, odd
