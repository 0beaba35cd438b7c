"""The packaged exercises as rows of a test, each proven by itself: a changed one costs its own time, once."""

from pathlib import Path

import pytest

from torchbook.course.grading.exercise import exercises

ROOT = Path(__file__).parents[2]
# What decides on a verdict, beside the exercise and its answers.
JUDGES = ("course/grading", "course/workers", "explain")
COURSE = ROOT / "src" / "torchbook" / "course"
AUTHORS = [COURSE / "earlier.py", COURSE / "authoring" / "author.py", COURSE / "authoring" / "mutants.py"]


def each_exercise(answers=None):
    """Returns the rows; with the folder `answers` each depends on the file of its name there, too."""
    return [
        pytest.param(exercise, id=exercise.name, marks=pytest.mark.proven(*JUDGES, also=_files(exercise, answers)))
        for exercise in exercises()
    ]


def _files(exercise, answers):
    """Returns the folder of an exercise and all else that is its own, also the exercises that it builds on."""
    # Of the checkout, for torchbook may be installed elsewhere.
    folder = COURSE / "exercises" / exercise.folder.parent.name / exercise.folder.name
    files = [*AUTHORS, folder, Path(__file__)]
    if answers:
        files.append(answers / f"{exercise.name}.toml")
    texts = [file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.suffix in (".py", ".toml")]
    if "course.earlier" in "".join(texts):
        files += sorted(folder.parent.parent.glob("*/*/solution.py"))
    return files
