import pytest

from torchbook.course.earlier import answer_of
from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import read_exercise
from torchbook.errors import TorchbookError


@pytest.fixture
def quadruple(tmp_path, write_exercise):
    """An exercise that builds on `double`."""
    write_exercise(tmp_path / "course", "01_a", "double")
    folder = write_exercise(tmp_path / "course", "02_b", "quadruple", factor=4)
    (folder / "solution.py").write_text(
        "from torchbook.course.earlier import double\n\ndef quadruple(x):\n    return double.double(double.double(x))\n"
    )
    return read_exercise(folder)


@pytest.fixture
def answers(tmp_path, quadruple):
    """Writes answers to both exercises as a workspace keeps them, and gives the later one."""

    def write(double):
        folder = tmp_path / "answers"
        for lesson in ("01_a", "02_b"):
            (folder / lesson).mkdir(parents=True)
        (folder / "01_a" / "double.py").write_text(double, newline="")
        later = folder / "02_b" / "quadruple.py"
        later.write_text(quadruple.solution)
        return later

    return write


def test_the_learners_own_earlier_answer_is_used(quadruple, answers):
    verdict = check(quadruple, answers("def double(x):\n    print('mine')\n    return x + x\n"))
    assert verdict.passed and verdict.printed.startswith("mine")


@pytest.mark.parametrize("saved", ["{}", "{}\n\n", "\ufeff{}", "crlf"])
def test_the_solution_takes_the_place_of_an_untouched_starter_however_an_editor_saves_it(quadruple, answers, saved):
    starter = (quadruple.folder.parent.parent / "01_a" / "double" / "starter.py").read_text()
    text = starter.replace("\n", "\r\n") if saved == "crlf" else saved.format(starter)
    assert check(quadruple, answers(text)).passed


def test_a_failure_says_that_the_earlier_answer_was_used(quadruple, answers):
    verdict = check(quadruple, answers("def double(x):\n    return x + 1\n"))
    assert verdict.outcome == "wrong"
    assert verdict.uses == ("double",)


def test_the_exercise_itself_uses_solutions(quadruple):
    assert check(quadruple, quadruple.folder / "solution.py").passed


def test_who_asks_for_no_exercise_is_told():
    with pytest.raises(TorchbookError, match="there is no exercise 'inner_rings'"):
        answer_of("inner_rings")
