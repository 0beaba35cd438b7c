"""`torchbook data` at the command line."""

import json

import pytest
from PIL import Image

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


def test_long_lists_end_after_ten_lines_and_say_how_to_see_all(tmp_path, capsys):
    names = [f"column{number}" for number in range(40)]
    rows = [",".join(str((row * 7 + number * 3) % 11 + row / 100) for number in range(40)) for row in range(60)]
    (tmp_path / "wide.csv").write_text("\n".join([",".join(names), *rows]))
    assert main(["data", "show", str(tmp_path / "wide.csv")]) == 0
    short = capsys.readouterr().out
    assert "column35" not in short and "more: --all shows them" in short
    assert main(["data", "show", str(tmp_path / "wide.csv"), "--all"]) == 0
    whole = capsys.readouterr().out
    assert all(name in whole for name in names) and "more: --all" not in whole


def test_all_names_every_file_that_was_left_out(tmp_path, capsys):
    for number in range(12):
        for name in ("a", "b"):
            (tmp_path / "set" / name).mkdir(parents=True, exist_ok=True)
            Image.new("L", (9, 9), number * 20).save(tmp_path / "set" / name / f"{number}.png")
        (tmp_path / "set" / "a" / f"broken{number}.jpg").write_bytes(b"none")
    assert main(["data", "show", str(tmp_path / "set"), "--all"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert all(f"left out, damaged: a/broken{number}.jpg" in printed for number in range(12))
