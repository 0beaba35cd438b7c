import shutil

import pytest

from torchbook.course.authoring.author import author, examined
from torchbook.course.grading.exercise import read_exercise
from torchbook.errors import TorchbookError

ENOUGH = {
    "by_adding": "def double(x):\n    return x + x\n",
    "in_two_steps": "def double(x):\n    y = 2\n    return y * x\n",
}

REFERENCE = """
from torchbook.course.grading.cases import case
REFERENCE = {"double": lambda x: 3 * x}
@case("numbers")
def numbers(answer, draw):
    return answer.double(draw.normal("size"))
"""


ADDED = "[[mistake]]\nname = 'added'\n"
TWICE = """hint = 'A'
edit = [['x * 2', 'x + 2']]
[[mistake]]
name = 'added_too'
hint = 'The same'
edit = [['x * 2', '2 + x']]
"""


@pytest.fixture
def ready(tmp_path, write_exercise):
    """An exercise with which nothing is wrong."""
    folder = write_exercise(tmp_path, "01_a", "double")
    for name, text in ENOUGH.items():
        (folder / "alternatives" / f"{name}.py").write_text(text)
    return folder


def test_an_exercise_is_ready(ready):
    answer = author("check", ready)
    assert answer.status == 0
    assert answer.text.splitlines()[-1] == "1 of 1 exercises are ready"
    (report,) = answer.data["exercises"]
    assert report["problems"] == [] and report["rejected"] == report["mutants"] > 3


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("starter.py", "def double(x):\n    return x * 2\n", "starter.py: expected 'not attempted', got 'passed'"),
        ("checks.py", REFERENCE, "solution.py: expected 'passed', got 'wrong'"),
        (
            "alternatives/by_adding.py",
            "def double(x):\n    return 3 * x\n",
            "by_adding.py: expected 'passed', got 'wrong'",
        ),
        ("alternatives/by_adding.py", "def double(x):\n    return x * 2\n", "alternatives: expected 2 or more"),
        ("mistakes.toml", ADDED + "hint = 'Hint'\nedit = [['x *', '1 * x *']]", "recognised as itself, got 'passed'"),
        ("mistakes.toml", ADDED + "edit = [['x * 2', 'x']]", "'added' has no hint"),
        ("mistakes.toml", ADDED + TWICE, "'added_too': expected to be recognised as itself, got 'wrong'"),
        ("mistakes.toml", ADDED + TWICE, "recognised as added"),
        ("mistakes.toml", "", "mistakes.toml: expected at least one known wrong answer"),
        ("hints.md", "Only one.", "expected two or more hints, got 1"),
        ("survivors.toml", "[[survivor]]\nmutant = 'a'\nreason = ''", "each survivor needs a reason"),
        ("survivors.toml", "[[survivor]]\nmutant = 'a'", "with mutant and reason"),
        ("survivors.toml", "[[survivor]]\nmutant = 'a -> b'\nreason = 'c'", "no such survivor: a -> b"),
        ("solution.py", "def double(x):\n    y = 7 * x\n    return x * 2\n", "a mutant passes: y = 7 * x -> (dropped)"),
        ("checks.py", "from torchbook.course.grading.cases import case", "expected one or more cases"),
    ],
)
def test_what_is_wrong_is_named(ready, file, text, words):
    (ready / file).write_text(text)
    answer = author("check", ready)
    assert answer.status == 1
    assert words in answer.text


def test_a_survivor_with_a_reason_is_excused(ready):
    (ready / "solution.py").write_text("def double(x):\n    assert x is not None\n    return x * 2\n")
    names = ["assert x is not None -> (dropped)", "return x * 2 -> return (dropped)"]
    (ready / "survivors.toml").write_text(f"[[survivor]]\nmutant = '{names[0]}'\nreason = 'never None'")
    report = examined(read_exercise(ready))
    assert report.problems == [] and report.excused == 1


def test_a_folder_of_exercises_is_checked_without_mutants(ready):
    shutil.copytree(ready, ready.parent.parent / "02_b" / "double")
    answer = author("check", ready.parent.parent, mutants=False)
    assert [report["mutants"] for report in answer.data["exercises"]] == [0, 0]


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(TorchbookError, match="there is no exercise here"):
        author("check", tmp_path)


@pytest.mark.slow
def test_a_mutant_that_never_ends_is_rejected_and_those_after_it_are_tried(ready):
    (ready / "solution.py").write_text(
        "def double(x):\n    total, count = x - x, 0\n"
        "    while count < 2:\n        total = total + x\n        count += 1\n    return total\n"
    )
    report = examined(read_exercise(ready))
    assert report.problems == [] and report.rejected == report.mutants > 8
