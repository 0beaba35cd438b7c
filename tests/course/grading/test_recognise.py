import pytest

from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import read_exercise

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
