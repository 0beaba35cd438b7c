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

    def tell(case, *, own=""):
        answer.write_text(own or text.replace("x * by", "x").replace("= number", "= 0"))
        (folder / "checks.py").write_text(HEAD + case)
        verdict = check(read_exercise(folder), answer)
        assert verdict.outcome in ("wrong", "error")
        return verdict.cases[0].call

    return tell


def test_a_call_is_told_with_its_arguments(call):
    case = "@case('a')\ndef a(answer, draw):\n    return answer.double(draw.integers('n', 5, 6), by=3)\n"
    assert call(case) == "x = torch.tensor([5, 5, 5])  # [n 3]\ndouble(x, by=3)"


@pytest.mark.parametrize("own", ["def double():\n    return 1\n", "from operator import add as double\n"])
def test_arguments_without_names_are_told_by_their_places(call, own):
    case = "@case('a')\ndef a(answer, draw):\n    return answer.double(2, 7)\n"
    assert call(case, own=own) == "double(2, 7)"


def test_many_numbers_are_told_by_one_like_them(call):
    case = "@case('a')\ndef a(answer, draw):\n    return answer.double(torch.arange(60.0))\n"
    said = "x = torch.empty(60).uniform_(0.0, 59.0)  # [60], one like it: there are too many numbers to show\ndouble(x)"
    assert call(case) == said


def test_lines_with_classes_are_told_with_the_values_that_were_drawn(call):
    case = (
        "@case('a')\ndef a(answer, draw):\n    box = answer.Box(draw.integer(7, 8))\n"
        "    more = [answer.Box(draw.integer(1, 2)) for _ in 'ab']\n    return box.number + len(more)\n"
    )
    said = "drawn = iter([\n    1,\n    1,\n])\nbox = Box(7)\nmore = [Box(next(drawn)) for _ in 'ab']"
    assert call(case) == said


def test_a_case_of_one_line_is_told_as_an_expression(call):
    assert call("@case('a')\ndef a(answer, draw):\n    return answer.Box(3).number\n") == "Box(3).number"


def test_a_call_with_objects_of_the_answer_is_told_by_the_lines_of_the_case(call):
    case = (
        "@case('a', by=3)\ndef a(answer, draw, by):\n    box = answer.Box(draw.integer(7, 8))\n"
        "    answer.double([box], by)\n    return box.number\n"
    )
    assert call(case) == "box = Box(7)\ndouble([box], 3)"


def test_a_model_and_its_optimizer_are_told_by_what_makes_them(call):
    case = (
        "@case('a')\ndef a(answer, draw):\n"
        "    model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Dropout(0.2)).eval()\n"
        "    model.load_state_dict({'0.weight': torch.ones(1, 2), '0.bias': torch.zeros(1)})\n"
        "    return answer.double(model, torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9))\n"
    )
    assert call(case) == (
        "x = nn.Sequential(nn.Linear(2, 1), nn.Dropout(0.2))\n"
        "x.load_state_dict({\n    '0.weight': torch.tensor([[1.0, 1.0]]),\n    '0.bias': torch.tensor([0.0]),\n})\n"
        "x.eval()\nby = torch.optim.SGD(x.parameters(), lr=0.5, momentum=0.9)\ndouble(x, by)"
    )


def test_a_case_with_a_graph_is_told_by_its_lines(call):
    case = (
        "def made(draw, *sizes):\n    return [draw.normal(size, requires_grad=True).exp() for size in sizes]\n\n"
        "@case('a', sizes=('1', '2'))\ndef a(answer, draw, sizes, times=3):\n    first, _ = made(draw, *sizes)\n"
        "    result = answer.double(first, times)\n    return result\n"
    )
    drawn, _, lines = call(case).partition("\n])\n")
    assert drawn.startswith("drawn = iter([\n    torch.tensor([") and drawn.count("requires_grad=True") == 2
    assert lines == (
        "def made(*sizes):\n    return [next(drawn).exp() for size in sizes]\n"
        "first, _ = made(*('1', '2'))\nresult = double(first, 3)"
    )


def test_a_case_that_ended_early_is_told_up_to_there(call):
    case = (
        "@case('a')\ndef a(answer, draw):\n    box = answer.Box(1)\n    if box.number == 0:\n        return None\n"
        "    return box.number + draw.integer(1, 2)\n"
    )
    assert call(case) == "box = Box(1)\nif box.number == 0:\n    None"
