import pytest

from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import read_exercise

HEAD = "import torch\nfrom torchbook.course.grading.cases import case, gradients\n\n"


@pytest.fixture
def call(tmp_path, write_exercise):
    """How a failed case is told."""
    folder = write_exercise(tmp_path, "01_a", "double")
    box = "class Box:\n    def __init__(self, number):\n        self.number = number\n"
    text = f"{box}\n\ndef double(x, by=2):\n    return x * by\n"
    (folder / "solution.py").write_text(text)
    answer = tmp_path / "double.py"
    answer.write_text(text.replace("x * by", "x").replace("= number", "= 0"))

    def tell(case):
        (folder / "checks.py").write_text(HEAD + case)
        verdict = check(read_exercise(folder), answer)
        assert verdict.outcome == "wrong"
        return verdict.cases[0].call

    return tell


def test_a_call_is_told_with_its_arguments(call):
    case = "@case('a')\ndef a(answer, draw):\n    return answer.double(draw.integers('n', 5, 6), by=3)\n"
    assert call(case) == "x = tensor([5, 5, 5])  # [n 3]\ndouble(x, by=3)"


def test_a_call_with_many_numbers_is_told_by_their_range(call):
    case = "@case('a')\ndef a(answer, draw):\n    return answer.double(torch.arange(60.0))\n"
    assert call(case) == "x = a tensor [60] of float32, from 0.0 to 59.0\ndouble(x)"


def test_lines_with_classes_are_told_with_the_values_that_were_drawn(call):
    case = (
        "@case('a')\ndef a(answer, draw):\n    box = answer.Box(draw.integer(7, 8))\n"
        "    more = [answer.Box(draw.integer(1, 2)) for _ in 'ab']\n    return box.number + len(more)\n"
    )
    assert call(case) == "box = Box(7)\nmore = [Box(one of [1, 1]) for _ in 'ab']"


def test_a_case_of_one_line_is_told_as_an_expression(call):
    assert call("@case('a')\ndef a(answer, draw):\n    return answer.Box(3).number\n") == "Box(3).number"


def test_a_call_with_objects_of_the_answer_is_told_by_the_lines_of_the_case(call):
    case = (
        "@case('a', by=3)\ndef a(answer, draw, by):\n    box = answer.Box(draw.integer(7, 8))\n"
        "    answer.double([box], by)\n    return box.number\n"
    )
    assert call(case) == "box = Box(7)\ndouble([box], 3)"
