"""Words of a command line as arguments, and the help of every command."""

import json
import math
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchbook import TorchbookError
from torchbook.cli import main
from torchbook.command_answer import Answer, closest
from torchbook.command_arguments import parse, value_of
from torchbook.command_table import COMMANDS
from torchbook.commands import OF_RUN
from torchbook.data.source import DATA_SETS, ENDINGS
from torchbook.options import OPTIONS, Range, typed
from torchbook.recipes.start import described, names
from torchbook.text_value import element


def example(
    run: str,
    files: tuple[Path, ...] = (),
    /,
    *,
    to: Literal["pt2", "onnx"] = "pt2",
    sizes: tuple[int, ...] = (1, 2),
    dropout: float = 0.5,
    kinds: dict[str, str] | None = None,
    loud: bool = True,
    no_browser: bool = False,
    out: Path | None = None,
) -> Answer:
    """Does something.

    In a second paragraph.

    Args:
        run: the name
            of a run.
        out: 100 % of it.
    """
    return Answer({key: str(value) for key, value in locals().items()})


USUAL = {"files": "()", "to": "pt2", "sizes": "(1, 2)", "dropout": "0.5", "kinds": "None", "loud": "True"}
USUAL |= {"no_browser": "False", "out": "None"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mine", {}),
        ("mine a b", {"files": "(PosixPath('a'), PosixPath('b'))"}),
        ("--to onnx mine", {"to": "onnx"}),
        ("mine --sizes 3 4 5 --out=x", {"sizes": "(3, 4, 5)", "out": "x"}),
        ("mine --sizes", {"sizes": "()"}),
        ("mine --no-loud --no-browser", {"loud": "False", "no_browser": "True"}),
        ("mine --loud --no_browser", {"no_browser": "True"}),
        ("mine --kinds a b c d=e", {"kinds": "{'a': 'b', 'c': 'd=e'}"}),
        ("mine --dropout 1e-1", {"dropout": "0.1"}),
        ("mine --sizes -3", {"sizes": "(-3,)"}),
        ("mine --out a_b", {"out": "a_b"}),
    ],
)
def test_words_become_arguments(words, expected):
    assert parse(example, words.split(), prog="example").data == {"run": "mine"} | USUAL | expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "the following arguments are required: RUN"),
        ("--sizes 3 4", "RUN is missing: --sizes takes every word behind it, also '4'; write: example 4 --sizes 3$"),
        ("--sizes 3", "the following arguments are required: RUN"),
        ("--kinds a b", "the following arguments are required: RUN"),
        ("mine --so 1", r"Unrecognized options: --so, 1; example --help lists what there is$"),
        ("mine --drop 1", r"Unrecognized options: --drop.*; did you mean --dropout\?"),
        ("mine --to pdf", "--to must be one of 'pt2', 'onnx', got 'pdf'"),
        ("mine --dropout 20", "--dropout must be from 0 to below 1, got 20"),
        ("mine --dropout -1", "--dropout must be from 0 to below 1, got -1"),
        ("mine --sizes x", "--sizes must be a number, got 'x'"),
        ("mine --sizes 1.5", "--sizes must be a whole number, got '1.5'"),
        ("mine --out", "--out needs a value"),
        ("mine --kinds a", "--kinds must be columns and their kinds in pairs, got 'a'"),
    ],
)
def test_a_mistake_names_the_option_as_it_was_typed(words, message):
    with pytest.raises(TorchbookError, match=f"^example: {message}"):
        parse(example, words.split(), prog="example")


def test_the_help_has_the_words_of_the_docstring(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    text = parse(example, ["--help"], prog="example").text
    assert "Does something.\n\nIn a second paragraph.\n" in text and "Args" not in text
    assert "the name of a run" in text and "100 % of it" in text and "(default: 1 2)" in text
    assert "from 0 to below 1 (default: 0.5)" in text and "--loud, --no-loud" in text and "--no-no" not in text


def test_one_option_is_found_among_others():
    assert value_of("data", ["--x", "1", "--data", "a"]) == value_of("data", ["--data=a", "b"]) == "a"
    assert value_of("data", ["--data"]) is value_of("data", ["--date", "a"]) is None


def test_every_help_fits_a_terminal_and_says_what_each_option_means(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    helps = [[name] for name in COMMANDS] + [["train", name] for name in names()] + [["lessons", "export"]]
    helps += [["data", "show", name] for name in DATA_SETS]
    faults = []
    for words in helps:
        assert main([*words, "--help"]) == 0
        text = capsys.readouterr().out
        faults += [f"{words}: {word}" for word in ("None", "--no-no-", "SUPPRESS") if word in text]
        lines = text.splitlines()
        if words not in (["lessons"], ["data"], ["train"]):
            faults += [f"{words}: {line} is longer than 80" for line in lines if len(line) > 80]
        for line, following in zip(lines, [*lines[1:], ""]):
            if line.startswith("  --") and "  " not in line.strip() and not following.startswith("      "):
                faults.append(f"{words}: {line} has no words")
    assert not faults


def test_the_first_screen_fits_a_terminal_and_says_where_to_begin(capsys):
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert ["tour" in lines[2], "learn" in lines[3], "--data FOLDER" in lines[4]] == [True] * 3


def test_the_list_of_recipes_fits_a_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["recipes"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_every_shared_option_has_words_and_every_number_a_range_that_holds_its_default():
    signatures = {name: described(name).without("run") for name in names()} | {"a run": OF_RUN}
    signatures |= {f"data {name}": loader.signature.without("path") for name, loader in DATA_SETS.items()}
    signatures |= {f"data {end}": loader.signature.without("path") for end, loader in ENDINGS.items()}
    faults = []
    for whose, signature in signatures.items():
        for name, parameter in signature.parameters.items():
            option, number = OPTIONS.get(name), element(parameter.annotation) in (int, float) and name != "seed"
            if option is None or not option.words:
                faults.append(f"{name} of {whose} has no words")
            elif number and option.range is None:
                faults.append(f"{name} of {whose} has no range")
            elif refusal := option.refusal(parameter.default):
                faults.append(f"the default of {name} of {whose} {refusal}")
    assert not faults


NUMBERS = st.one_of(st.integers(-3, 3), st.floats(-3, 3), st.sampled_from([math.inf, -math.inf, math.nan]))


@given(NUMBERS)
def test_a_range_is_what_it_says(value):
    finite = math.isfinite(value)
    for range_, text, holds in (
        (Range(above=0.0), "above 0", value > 0),
        (Range(least=0.0), "0 or more", value >= 0),
        (Range(least=0.0, below=1.0), "from 0 to below 1", 0 <= value < 1),
        (Range(above=0.0, most=1.0), "above 0 to 1", 0 < value <= 1),
    ):
        assert str(range_) == text and (value in range_) == (finite and holds)


def test_help_is_an_answer_for_machines_too(capsys):
    assert main(["runs", "--help", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["help"].startswith("usage: torchbook runs")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("there is no array 'x'; say inputs=NAME", "there is no array 'x'; say --inputs NAME"),
        ("say kinds={'a b': 'categorical'} if so", "say --kinds 'a b' 'categorical' if so"),
        ("image_size must be 8 to 1024 pixels, got 4", "--image-size must be 8 to 1024 pixels, got 4"),
        ("epochs must be above 0, got 0", "--epochs must be above 0, got 0"),
        ("cropped; image_size asks for another size.", "cropped; --image-size asks for another size."),
        ("they are at: data=PATH", "they are at: --data PATH"),
        ("tune=False leaves it", "--no-tune leaves it"),
        *((text, text) for text in ("the column 'image_size' is", "Batches(x, y, size=3)", "`load(x, image_size=3)`")),
        *((text, text) for text in ("show 'x.csv?target=a'", "watch=accuracy", "/home/me/size=3/batch_size/x")),
    ],
)
def test_a_message_is_in_the_words_of_the_command_line(message, expected):
    assert typed(message) == expected


@given(st.text())
def test_words_of_the_command_line_stay_what_they_are(text):
    assert typed(typed(text)) == typed(text)


@given(st.sampled_from(sorted(OPTIONS)))
def test_every_option_is_found_by_its_initials_and_by_its_parts(name):
    names = [each.replace("_", "-") for each in OPTIONS]
    initials = "".join(part[0] for part in name.split("_"))
    if "_" in name:
        near = closest(initials, names)
        assert near is not None and "".join(part[0] for part in near.split("-")) == initials
    assert all(part in str(closest(part, names)) for part in name.split("_"))
