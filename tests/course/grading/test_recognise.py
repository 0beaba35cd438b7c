import pytest

from torchbook.course.grading import recognise
from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import Exercise, read_exercise
from torchbook.course.grading.prepared_exercise import PreparedExercise

CHECKS = """
import torch
from torchbook.course.grading.cases import case

@case("numbers", repeat=3)
@case("large", std=1000.0)
def numbers(answer, draw, std=1.0):
    return answer.double(draw.normal("rows columns", std=std))

@case("whole numbers")
def whole(answer, draw):
    return answer.double(draw.integers("rows", 1, 5))
"""

MISTAKES = {
    "added": "return x + 2",
    "capped": "return (x * 2).clamp(max=50)",
    "raised": "raise ValueError('1 of 2')",
    "in_place": "x *= 2\n    return x",
    "floats": "return x.float() * 2",
    "listed": "return (x * 2).tolist()",
}


@pytest.fixture
def mistake(tmp_path, write_exercise):
    """The mistake that is recognised in these lines."""
    folder = write_exercise(tmp_path / "course", "01_a", "double")
    (folder / "checks.py").write_text(CHECKS)
    (folder / "mistakes.toml").write_text(
        "".join(
            f'[[mistake]]\nname = "{name}"\nhint = "{name}"\nedit = [["""return x * 2""", """{lines}"""]]\n'
            for name, lines in MISTAKES.items()
        )
    )

    def recognise(lines):
        answer = tmp_path / "double.py"
        answer.write_text(f"import torch\n\ndef double(x):\n    {lines}\n")
        verdict = check(read_exercise(folder), answer)
        assert verdict.outcome in ("wrong", "error")
        assert verdict.hint == verdict.mistake
        return verdict.mistake

    return recognise


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("return torch.add(2, x)", "added"),
        ("return torch.minimum(x + x, torch.tensor(50, dtype=x.dtype))", "capped"),
        ("raise ValueError('3 of 4')", "raised"),
        ("return x.mul_(2)", "in_place"),
        ("y = x * 2\n    x += 100\n    return y", "in_place"),
        ("return 2.0 * x", "floats"),
        ("return [[b + b for b in a] for a in x.tolist()] if x.ndim > 1 else [a + a for a in x.tolist()]", "listed"),
    ],
)
def test_the_same_behaviour_written_otherwise_is_recognised(mistake, lines, name):
    assert mistake(lines) == name


@pytest.mark.parametrize(
    "lines",
    [
        "return x * 3",
        "return x + 2.1",
        "raise TypeError('1 of 2')",
        "raise ValueError('something else')",
        "return x",
        "return x.double() * 2",
        "return None",
        "y = x * 2",
    ],
)
def test_other_faults_get_no_hint_that_is_not_theirs(mistake, lines):
    assert mistake(lines) is None


def test_one_more_fault_does_not_hide_a_mistake(mistake):
    assert mistake("return (x + 2).clamp(max=50)") == "added"


def test_the_hint_is_about_the_failure_that_is_shown(mistake):
    assert mistake("return torch.where(x.abs() < 50, x + 2, (x * 2).clamp(max=50))") == "added"


def test_where_the_solution_raises_the_words_of_an_exception_are_free(tmp_path, write_exercise):
    folder = write_exercise(tmp_path / "course", "01_a", "double")
    (folder / "checks.py").write_text(
        CHECKS + "\n@case('nothing')\ndef nothing(answer, draw):\n    return answer.double(None)\n"
    )
    raising = "def double(x):\n    if x is None:\n        raise ValueError('{}')\n    return x * {}\n"
    (folder / "solution.py").write_text(raising.format("there is nothing", 2))
    (folder / "mistakes.toml").write_text('[[mistake]]\nname = "a"\nhint = "a"\nedit = [["x * 2", "x * x + 3"]]\n')
    answer = tmp_path / "double.py"
    answer.write_text(raising.format("I want a tensor", "x + 3"))
    assert check(read_exercise(folder), answer).mistake == "a"


FEW = """
from torchbook.course.grading.cases import case

@case("numbers", repeat=6)
def numbers(answer, draw):
    return answer.positive(draw.number())
"""


@pytest.fixture
def few(tmp_path, write_exercise):
    """An exercise whose results are 0 or 1, with these mistakes; checks these lines."""
    folder = write_exercise(tmp_path / "course", "01_a", "positive")
    (folder / "checks.py").write_text(FEW)
    (folder / "solution.py").write_text("def positive(x):\n    return int(x > 0)\n")

    def recognise(lines, **mistakes):
        (folder / "mistakes.toml").write_text(
            "".join(
                f'[[mistake]]\nname = "{name}"\nhint = "{name}"\n{more}\nedit = [["x > 0", "{new}"]]\n'
                for name, (new, more) in mistakes.items()
            )
        )
        answer = tmp_path / "positive.py"
        answer.write_text(f"def positive(x):\n    return {lines}\n")
        return check(read_exercise(folder), answer).hint

    return recognise


def test_results_of_few_values_have_to_agree_in_every_draw(few):
    assert few("int(not x > 0)", opposite=("x < 0", "")) == "opposite"
    assert few("int(x < 1.5)", opposite=("x < 0", "")) is None


def test_a_cause_is_a_fact_only_where_the_text_has_it(few):
    mistake = ("x < 0", "words = '<'\notherwise = 'the wrong way round'")
    assert few("int(x < 0)", less=mistake) == "less"
    assert few("int(0 > x)  # < is not written", less=mistake) == "the wrong way round"
    assert few("int(0 > x)", less=("x < 0", "words = '<'")) is None


def test_two_mistakes_at_once_and_a_factor_are_recognised(tmp_path, write_exercise):
    folder = write_exercise(tmp_path / "course", "01_a", "double")
    (folder / "checks.py").write_text(CHECKS)
    (folder / "solution.py").write_text("def double(x):\n    y = x + x\n    return y * 1\n")
    (folder / "mistakes.toml").write_text(
        '[[mistake]]\nname = "squared"\nhint = "It is squared."\nedit = [["x + x", "x * x"]]\n'
        '[[mistake]]\nname = "one_more"\nhint = "It is one more."\nedit = [["y * 1", "y + 1"]]\n'
    )
    answer = tmp_path / "double.py"

    def hint(expression):
        answer.write_text(f"def double(x):\n    return {expression}\n")
        return check(read_exercise(folder), answer).hint

    assert hint("x**2 + 1") == "Two things at once. It is squared.\n\nAnd then: It is one more."
    assert hint("3 * x**2").startswith("It is squared.\n\nBesides, each value is 3 times")
    assert hint("x**2 + 2") is None and hint("x * 6") is None


def test_of_many_pairs_those_that_are_likely_are_tried_first(tmp_path, write_exercise, monkeypatch):
    """Of 40 mistakes, 20 do nothing to ones: what is done to these is the other's."""
    folder = write_exercise(tmp_path / "course", "01_a", "double")
    (folder / "checks.py").write_text(
        CHECKS + '\n@case("ones")\ndef ones(answer, draw):\n    return answer.double(torch.ones(4, 2))\n'
    )
    (folder / "solution.py").write_text("def double(x):\n    y = x + x\n    return y * 1\n")
    (folder / "mistakes.toml").write_text(
        "".join(
            f'[[mistake]]\nname = "power_{number}"\nhint = "power"\nedit = [["x + x", "x + x**{number}"]]\n'
            f'[[mistake]]\nname = "more_{number}"\nhint = "more"\nedit = [["y * 1", "y + {number}"]]\n'
            for number in range(2, 22)
        )
    )
    prepared = PreparedExercise(folder, 0)
    named = {mistake.name: mistake for mistake in prepared.mistakes}
    both = prepared.exercise.both(named["more_17"], named["power_20"])
    behaviours = [prepared.suspect(both, index)[0] for index in range(len(prepared.probes))]
    tried = []
    monkeypatch.setattr(recognise, "PAIRS", 60.0)  # nothing is prepared here
    monkeypatch.setattr(Exercise, "both", lambda *pair, both=Exercise.both: tried.append(pair) or both(*pair))
    name, hint = recognise.recognised(prepared, behaviours)
    assert name == "more_17 and power_20" and len(tried) <= 20
    assert hint == "Two things at once. more\n\nAnd then: power"


@pytest.mark.parametrize(("first", "second", "line"), [("x - 1", "y - x + 1", "x * 0"), ("[1]", "y / 2", "[2] / 3")])
def test_what_two_mistakes_and_many_other_programs_do_gets_no_hint(tmp_path, write_exercise, first, second, line):
    """They raise an error of one kind, or give 0 everywhere."""
    folder = write_exercise(tmp_path / "course", "01_a", "double")
    (folder / "checks.py").write_text(CHECKS)
    (folder / "solution.py").write_text("def double(x):\n    y = x + x\n    return y * 1\n")
    (folder / "mistakes.toml").write_text(
        f'[[mistake]]\nname = "one"\nhint = "one"\nedit = [["x + x", "{first}"]]\n'
        f'[[mistake]]\nname = "other"\nhint = "other"\nedit = [["y * 1", "{second}"]]\n'
    )
    answer = tmp_path / "double.py"
    answer.write_text(f"def double(x):\n    return {line}\n")
    assert check(read_exercise(folder), answer).hint is None


def test_two_mistakes_that_are_no_python_together_are_passed_over(tmp_path, write_exercise):
    folder = write_exercise(tmp_path / "course", "01_a", "double")
    (folder / "checks.py").write_text(CHECKS)
    (folder / "solution.py").write_text(
        "def double(x):\n    if True:\n        y = x * 2\n        z = y\n    return z\n"
    )
    edits = {
        "no_y": ("        y = x * 2\\n", ""),
        "no_z": ("        z = y\\n", ""),
        "seven": ("x * 2", "x * 7"),
        "one": ("return z", "return z + 1"),
    }
    (folder / "mistakes.toml").write_text(
        "".join(
            f'[[mistake]]\nname = "{name}"\nhint = "{name}"\nedit = [["{old}", "{new}"]]\n'
            for name, (old, new) in edits.items()
        )
    )
    answer = tmp_path / "double.py"
    answer.write_text("def double(x):\n    return x * 7 + 1\n")
    verdict = check(read_exercise(folder), answer)
    assert verdict.hint and "seven" in verdict.hint and "one" in verdict.hint
