"""Two small exercises of our own, and a workspace that has only these."""

import shutil
import textwrap
from pathlib import Path

import pytest

from torchbook.course import workspace
from torchbook.course.exercise import exercises


def _exercise(root: Path, lesson: str, name: str, *, number: int = 1, factor: int = 2) -> Path:
    """An exercise folder: multiply a tensor by `factor`; the mistake `added` adds instead."""
    folder = root / lesson / name
    (folder / "mistakes").mkdir(parents=True)
    (folder / "alternatives").mkdir()
    (folder / "prompt.md").write_text(f"# Times {factor}\n*Exercise {number}, 3 minutes*\n\nReturn ${factor} x$.\n")
    (folder / "starter.py").write_text(f"def {name}(x):\n    raise NotImplementedError\n")
    (folder / "solution.py").write_text(f"def {name}(x):\n    return x * {factor}\n")
    (folder / "mistakes" / "added.py").write_text(
        f'"""You added *{factor}*."""\n\ndef {name}(x):\n    return x + {factor}\n'
    )
    (folder / "alternatives" / "turned.py").write_text(f"def {name}(x):\n    return {factor} * x\n")
    (folder / "hints.md").write_text("Vague.\n---\nConcrete.\n")
    (folder / "checks.py").write_text(
        textwrap.dedent(f"""
        from torchbook.course.cases import case

        @case("random numbers", repeat=3)
        def values(answer, draw):
            return answer.{name}(draw.normal("size"))
        """)
    )
    return folder


@pytest.fixture
def write_exercise():
    """The function that writes an exercise folder."""
    return _exercise


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder with the exercises `double` (lesson 01) and `triple` (lesson 02), instead of the packaged ones."""
    root = tmp_path / "course"
    _exercise(root, "01_tensors", "double")
    _exercise(root, "02_operations", "triple", factor=3)
    monkeypatch.setattr(workspace, "PACKAGED", root)
    return root


@pytest.fixture
def own(course, tmp_path, monkeypatch):
    """A workspace with these two, and the current folder in it."""
    made, _ = workspace.make(tmp_path / "own")
    monkeypatch.chdir(made.folder)
    monkeypatch.delenv("TORCHBOOK_WORKSPACE", raising=False)
    return made


@pytest.fixture
def double(course):
    return exercises(course)[0]


@pytest.fixture
def triple(course):
    return exercises(course)[1]


@pytest.fixture
def answer(own):
    """Writes one of an exercise's own files, or text, as the learner's answer."""

    def write(exercise, what):
        path = own.answer(exercise)
        file = exercise.folder / what
        if what.endswith(".py"):
            shutil.copyfile(file, path)
        else:
            path.write_text(what)
        return path

    return write
