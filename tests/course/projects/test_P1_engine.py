"""What the project of the autograd engine finds of a learner, and what its rubric says of engines that are wrong."""

import shutil

import pytest

from torchbook.course.grading.exercise import exercises
from torchbook.course.grading.rubric import HandedIn
from torchbook.course.learner import progress
from torchbook.course.learner import workspace as workspaces
from torchbook.course.learner.project import find_project, handed_in, judge_work
from torchbook.course.texts.document_parts import Card

EXERCISES = ("scalar_engine", "engine_functions", "engine_network", "engine_training")
TODAY = "tests/course/learner/workspace_0_1"


@pytest.fixture
def own(tmp_path, monkeypatch, request):
    """A workspace as it was written when the four exercises stood in lesson 09."""
    folder = tmp_path / "mine"
    shutil.copytree(request.config.rootpath / TODAY, folder)
    monkeypatch.setenv("TORCHBOOK_WORKSPACE", str(folder))
    return workspaces.find_or_raise()


def test_answers_and_marks_from_lesson_09_are_found_on_the_page_of_the_project(own):
    project = find_project("P1")
    cards = [part.name for part in project.flat if isinstance(part, Card) and part.kind == "exercise"]
    assert tuple(cards) == EXERCISES
    work = handed_in(own, project)
    assert isinstance(work["scalar_engine"], HandedIn) and work["scalar_engine"].file.parent.name == "09_autograd"
    assert isinstance(work["engine_training"], str) and "Not begun yet" in work["engine_training"]
    marks = progress.standings(own.database)
    assert marks["scalar_engine"].passed and marks["engine_functions"].passed


def judged(**changed):
    """Returns the criteria that are not met by the solutions, some of them exchanged for another file."""
    project = find_project("P1")
    folders = {exercise.name: exercise.folder for exercise in exercises()}
    work = {}
    for name in ("scalar_engine", "engine_training"):
        file = folders[name] / changed.get(name, "solution.py")
        work[name] = HandedIn(file, file.read_bytes())
    review = judge_work(project, work)
    return {criterion.name for criterion, judgement in review.judgements if judgement.finding == "not met"}


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("engine", "not_met"),
    [
        ("solution.py", set()),
        ("alternatives/waiting_lists.py", set()),
        ("alternatives/way_by_way.py", {"each_number_once"}),
        ("mistakes/wrong_order_each_once.py", {"slopes_of_pytorch"}),
        ("mistakes/only_parents.py", {"slopes_of_pytorch"}),
    ],
)
def test_an_engine_is_judged_by_its_slopes_and_by_how_it_walks(engine, not_met):
    assert judged(scalar_engine=engine) - {"learns_what_no_line_can", "same_path_as_pytorch"} == not_met


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_training_that_takes_another_way_than_pytorch_is_noticed(tmp_path):
    (folder,) = (exercise.folder for exercise in exercises() if exercise.name == "engine_training")
    forgetful = tmp_path / "forgetful.py"
    source = (folder / "solution.py").read_text()
    forgetful.write_text(source.replace("parameter.grad = 0.0", "pass"))
    assert source != forgetful.read_text()
    assert "same_path_as_pytorch" in judged(engine_training=forgetful)
