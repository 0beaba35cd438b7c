"""`torchbook data` at the command line."""

import json

import pytest

from torchbook.cli import main


def run(capsys, *words: str) -> tuple[int, str, str]:
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "\n".join(["size,colour,price", *(f"{i * 1.5},{'red' if i % 3 else 'blue'},{i * 2.5}" for i in range(200))])
    )
    return path


def test_the_data_sets_are_listed(capsys):
    status, out, _ = run(capsys, "data")
    assert status == 0 and "digits" in out and "1,797 digits" in out
    listed = json.loads(run(capsys, "data", "list", "--json")[1])["data"]
    assert {"name", "about"} == set(listed[0]) and all(row["about"] for row in listed)


def test_a_card_is_shown_and_written(capsys, path, tmp_path):
    out = tmp_path / "card.html"
    status, said, _ = run(capsys, "data", "show", str(path), "--target", "colour", "--out", str(out))
    assert status == 0 and "colour" in said and "'price' alone" not in said
    assert "one of 2 classes" in out.read_text()
    answer = json.loads(run(capsys, "data", "show", str(path), "--json")[1].splitlines()[-1])
    assert answer["task"] == "regression" and answer["sizes"] == {"train": 140, "valid": 30, "test": 30}
    assert any(finding["what"] == "leak" for finding in answer["findings"])
    assert "cards" in answer["card"]


def test_kinds_are_overridden(capsys, path):
    status, said, _ = run(capsys, "data", "show", str(path), "--kinds", "size", "identifier", "--json")
    columns = json.loads(said)["extra"]["columns"]
    assert status == 0 and columns[0]["kind"] == "identifier" and columns[0]["reason"] == "as you said"


def test_a_data_set_is_prepared(capsys):
    status, said, _ = run(capsys, "data", "prepare", "digits", "--json")
    assert status == 0 and json.loads(said)["sizes"]["train"] == 1259


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["shoe", "x"], "did you mean 'show'?"),
        (["show"], "needs the name"),
        (["show", "digitz"], "did you mean 'digits'?"),
        (["show", "digits", "--target", "x"], "--target"),
        (["show", "{path}", "--target", "prise"], "did you mean 'price'?"),
        (["list", "x"], "takes nothing"),
    ],
)
def test_a_mistake_is_one_line(capsys, path, words, says):
    status, out, err = run(capsys, "data", *(word.format(path=path) for word in words))
    assert status == 2 and says in err and err.count("\n") == 1 and out == ""


def test_help_is_help(capsys):
    assert "prepare" in run(capsys, "data", "--help")[1]
    assert "prepare" in run(capsys, "data", "show", "--help")[1]
