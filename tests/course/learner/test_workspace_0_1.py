"""A workspace that torchbook 0.1 wrote is found with all that is in it."""

import shutil
from pathlib import Path

import pytest

from torchbook.course.learner import progress, study, workspace
from torchbook.course.site.bookmarks import last

WRITTEN = Path(__file__).parent / "workspace_0_1"


@pytest.fixture
def own(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    shutil.copytree(WRITTEN, folder)
    monkeypatch.setenv("TORCHBOOK_WORKSPACE", str(folder))
    monkeypatch.chdir(tmp_path)
    return workspace.find_or_raise()


def test_answers_marks_hints_and_the_bookmark_are_found(own):
    standings = progress.standings(own.database)
    assert {name for name, standing in standings.items() if standing.passed} == {
        *("shape_of_lists", "scalar_engine", "engine_functions")
    }
    failed = standings["gradient_descent_step"]
    assert (failed.tries, failed.hints, failed.mistakes) == (1, 1, ("forgotten_learning_rate",))
    assert progress.quiz_results(own.database) == {1: {"one-point-changes-all": True, "count-the-brackets": False}}
    place = last(own)
    assert place and (place.lesson, place.anchor, place.share) == (8, "a-baseline-and-a-loss", 0.4)
    begun = [exercise.name for exercise in own.exercises() if own.answer(exercise).is_file()]
    assert sorted(begun) == sorted(standings)


def test_an_upgrade_overwrites_no_answer(own):
    before = {file: file.read_bytes() for file in own.folder.glob("answers/*/*.py")}
    _, update = workspace.make(own.folder)
    assert all(file.read_bytes() == content for file, content in before.items())
    assert not update.renewed and not update.changed and not update.orphaned


def test_answers_that_build_on_each_other_pass_again_and_a_mistake_is_the_same(own):
    exercises = {exercise.name: exercise for exercise in own.exercises()}
    assert study.check(own, exercises["engine_functions"]).outcome == "passed"
    assert study.check(own, exercises["gradient_descent_step"]).mistake == "forgotten_learning_rate"
