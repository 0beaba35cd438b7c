"""What is prepared for an exercise changes no verdict, and what prepares it changes nothing for an answer."""

import pytest

from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import exercises, read_exercise
from torchbook.course.grading.prepared_exercise import PreparedExercise
from torchbook.course.workers import processes

UNRULY = '''
[[mistake]]
name = "unruly"
hint = "You changed everything."
edit = [["""    return""", """
    import torch
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    return 1 +"""]]

[[mistake]]
name = "tripled"
hint = "You tripled it."
edit = [["* 2", "* 3"]]
'''


def verdict(exercise, source, **options):
    return check(exercise, exercise.folder / "answer.py", source=source.encode(), **options)


@pytest.fixture
def nothing_prepared(monkeypatch):
    monkeypatch.setattr(processes._Preparation, "ask", lambda *_, **__: None)


def test_what_is_not_prepared_gets_the_same_verdict(request):
    exercise = next(exercise for exercise in exercises() if exercise.name == "softmax")
    sources = [exercise.starter, exercise.solution, *(mistake.source for mistake in exercise.mistakes)]
    prepared = [verdict(exercise, source).as_dict() | {"seconds": 0} for source in sources]
    request.getfixturevalue("nothing_prepared")
    assert [verdict(exercise, source).as_dict() | {"seconds": 0} for source in sources] == prepared
    assert [one["mistake"] for one in prepared[2:]] == [mistake.name for mistake in exercise.mistakes]


def test_what_a_mistake_does_to_torch_does_not_reach_an_answer(tmp_path, write_exercise):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / "mistakes.toml").write_text(UNRULY)
    exercise = read_exercise(folder)
    right = (
        "import torch\n\ndef double(x):\n    assert torch.is_grad_enabled() and torch.ones(1).dtype == torch.float32\n"
    )
    for _ in range(3):
        assert verdict(exercise, exercise.mistakes[0].source).mistake == "unruly"
        assert verdict(exercise, exercise.mistakes[1].source).mistake == "tripled"
        assert verdict(exercise, right + "    return x * 2\n").passed


@pytest.mark.parametrize("hanging", ["solution.py", "checks.py"])
def test_an_exercise_that_never_ends_is_given_up(tmp_path, write_exercise, hanging):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / hanging).write_text((folder / hanging).read_text() + "\nwhile True: pass\n")
    assert verdict(read_exercise(folder), "double = abs", seconds=0.5).outcome == "too slow"


def test_a_suspect_is_examined_once(tmp_path, write_exercise):
    prepared = PreparedExercise(write_exercise(tmp_path, "01_a", "double"), 0)
    (added,) = prepared.mistakes
    behaviour, differs = prepared.suspect(added, 1)
    assert differs and behaviour.returned is not None
    assert prepared.suspect(added, 1)[0] is behaviour
    assert len(prepared.probes) == 3 and len(prepared.expected(prepared.cases[0])) == 3
