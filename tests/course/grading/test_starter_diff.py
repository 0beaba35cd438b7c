import pytest

from torchbook.course.grading.exercise import read_exercise
from torchbook.course.grading.starter_diff import unwritten

STARTER = "import torch\n\ndef one(x):\n    raise NotImplementedError\n\ndef two(x):\n    y = ...\n    return y\n"
SOLUTION = "import torch\n\ndef one(x):\n    return 1\n\ndef two(x):\n    y = 2\n    return y\n"


@pytest.fixture
def exercise(tmp_path, write_exercise):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / "starter.py").write_text(STARTER)
    (folder / "solution.py").write_text(SOLUTION)
    return read_exercise(folder)


@pytest.mark.parametrize(
    "answer",
    [
        STARTER,
        "",
        "# nothing yet",
        "'Mine.'",
        STARTER.replace("    raise", "    # soon\n    'Doc.'\n    raise"),
        STARTER.replace("raise NotImplementedError", "pass"),
        STARTER.replace("raise NotImplementedError", "raise NotImplementedError('soon')"),
        STARTER.replace("import torch", "import torch\nimport math"),
        STARTER + "\ndef helper():\n    return 3\n",
    ],
)
def test_nothing_is_written(exercise, answer):
    assert unwritten(exercise, answer) is None


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (SOLUTION, set()),
        (STARTER.replace("...", "5"), {"one"}),
        (STARTER.replace("raise NotImplementedError", "return 5"), {"two"}),
        ("def one(x:", set()),
        ("one = two = 3", set()),
    ],
)
def test_what_is_left_is_named(exercise, answer, left):
    assert unwritten(exercise, answer) == left
