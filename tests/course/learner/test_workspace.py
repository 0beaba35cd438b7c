import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from torchbook.course.grading.answer_text import same
from torchbook.course.grading.exercise import exercises
from torchbook.course.learner import workspace
from torchbook.course.learner.workspace import Workspace, find, make, start_again, update, write
from torchbook.errors import TorchbookError


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.py") if path.is_file()}


def test_every_exercise_gets_its_starter(own, double, triple):
    assert own.answer(double) == own.folder / "answers" / "01_tensors" / "double.py"
    assert own.answer(double).read_text() == double.starter
    assert own.answer(triple).read_text() == triple.starter


def test_a_second_start_changes_nothing_and_overwrites_no_answer(own, double):
    own.answer(double).write_text("mine")
    before = files(own.folder)
    _, said = make(own.folder)
    assert files(own.folder) == before
    assert said == workspace.Update()


def test_an_upgrade_brings_new_exercises_renews_untouched_starters_and_names_changed_ones(
    own, course, double, triple, write_exercise
):
    own.answer(double).write_text("mine")
    began_with = double.starter
    for exercise in (double, triple):
        (exercise.folder / "starter.py").write_text("# another starter\n")
    write_exercise(course, "03_shapes", "fourfold", factor=4)
    said = update(own)
    assert said == workspace.Update(new=("fourfold",), renewed=("triple",), changed=("double",))
    assert own.answer(double).read_text() == "mine"
    assert own.answer(triple).read_text() == "# another starter\n"
    assert own.began_with(double) == began_with
    assert update(own).changed == ("double",), "it is said until the exercise is begun again"
    start_again(own, exercises(course)[0])
    assert update(own) == workspace.Update()


def test_an_answer_is_found_after_its_lesson_was_renamed_and_named_when_its_exercise_is_gone(own, course, double):
    own.answer(double).write_text("mine")
    (course / "01_tensors").rename(course / "01_first_tensors")
    renamed = exercises(course)[0]
    assert own.answer(renamed).read_text() == "mine"
    assert update(own) == workspace.Update()
    (course / "01_first_tensors").rename(course.parent / "elsewhere")
    assert update(own).orphaned == ("double",)
    assert (own.folder / "answers" / "01_tensors" / "double.py").read_text() == "mine"


def test_reset_keeps_a_copy_of_every_answer_and_none_of_a_starter(own, double):
    assert start_again(own, double) is None
    copies = set()
    for text in ("one", "two", "three"):
        own.answer(double).write_text(text)
        copy = start_again(own, double)
        assert copy is not None and copy.read_text() == text
        copies.add(copy)
        assert own.answer(double).read_text() == double.starter
    assert len(copies) == 3


def test_it_is_found_from_below_then_by_the_variable_then_at_home(own, tmp_path, monkeypatch):
    elsewhere, named = tmp_path / "elsewhere", tmp_path / "named"
    elsewhere.mkdir()
    assert find(own.folder / "answers" / "01_tensors") == own
    assert find(elsewhere) is None
    make(workspace.usual_folder())
    at_home = find(elsewhere)
    assert at_home is not None and at_home.folder == Path(os.environ["TORCHBOOK_HOME"]) / "workspace"
    monkeypatch.setenv("TORCHBOOK_WORKSPACE", str(named))
    assert find(elsewhere) is None, "a folder that is named but not there is not replaced by another"
    make(named)
    assert find(elsewhere) == Workspace(named)
    assert find(own.folder) == own, "the folder that one is in comes first"


def test_without_one_the_message_says_how_to_make_it(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TorchbookError, match="torchbook start"):
        workspace.find_or_raise()


def test_exercises_of_a_teacher_are_added_and_move_with_the_workspace(course, tmp_path, write_exercise):
    inside = tmp_path / "own" / "extra"
    write_exercise(inside, "40_mine", "fivefold", factor=5)
    made, said = make(tmp_path / "own", added=inside)
    assert said.new == ("double", "triple", "fivefold")
    assert made.quiz_folders() == [inside / "quizzes"]
    (tmp_path / "own").rename(tmp_path / "moved")
    assert [one.name for one in Workspace(tmp_path / "moved").exercises()] == ["double", "triple", "fivefold"]


@pytest.mark.parametrize("what", ["missing", "empty", "twice"])
def test_exercises_that_cannot_be_added_leave_the_workspace_as_it_was(own, tmp_path, what, write_exercise):
    extra = tmp_path / "extra"
    if what != "missing":
        extra.mkdir()
    if what == "twice":
        write_exercise(extra, "01_tensors", "double")
    before = (own.folder / workspace.SETTINGS).read_text()
    with pytest.raises(TorchbookError):
        make(own.folder, added=extra)
    assert (own.folder / workspace.SETTINGS).read_text() == before


@pytest.mark.parametrize("text", ["", "[]", "{", '{"exercises": 3}', '{"exercises": [1]}', "\x00\xff"])
def test_damaged_settings_cost_what_they_hold_and_are_named(own, text):
    file, before = own.folder / workspace.SETTINGS, own.exercises()
    file.write_bytes(text.encode("latin-1"))
    assert own.exercises() == before
    (message,) = own.trouble()
    assert "torchbook.json is damaged" in message and "torchbook start" in message
    make(own.folder)
    assert own.trouble() == []
    (kept,) = (own.folder / "kept").iterdir()
    assert kept.read_bytes() == text.encode("latin-1")


def test_an_added_folder_that_was_moved_costs_its_exercises(own, tmp_path, write_exercise):
    before = len(own.exercises())
    good, moved, odd = (tmp_path / name for name in ("good", "moved", "odd"))
    for folder, name in ((good, "one"), (moved, "two"), (odd, "three")):
        write_exercise(folder, "01_tensors", f"extra_{name}")
        make(own.folder, added=folder)
    assert len(own.exercises()) == before + 3 and own.trouble() == []
    moved.rename(tmp_path / "elsewhere")
    (odd / "01_tensors" / "extra_three" / "hints.md").unlink()
    assert len(own.exercises()) == before + 1
    messages = own.trouble()
    assert len(messages) == 2 and str(moved) in messages[0] and "hints.md is missing" in messages[1]


def test_a_file_is_no_workspace(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TorchbookError, match="is a file"):
        make(tmp_path / "file")


def test_write_leaves_what_exists_even_where_the_file_system_has_no_links(tmp_path, monkeypatch):
    def no_links(*_: object) -> None:
        raise PermissionError

    for broken in (False, True):
        path = tmp_path / f"{broken}.py"
        with monkeypatch.context() as patch:
            if broken:
                patch.setattr(os, "link", no_links)
            assert write(path, "first", replace=False)
            assert not write(path, "second", replace=False)
            assert path.read_text() == "first"
            assert write(path, "third")
        assert path.read_text() == "third"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["False.py", "True.py"]


def test_same_ignores_ends_of_lines_only():
    assert same("a\r\nb  \n\n", "a\nb")
    assert not same(" a", "a")


def test_two_starts_at_once_and_one_that_is_killed_leave_whole_files(tmp_path):
    source = "import sys; from torchbook.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", source, "start", str(tmp_path / "own"), "--json"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    time.sleep(0.3)
    both[2].send_signal(signal.SIGKILL)
    said = [json.loads(line) for line in [one.communicate()[0] for one in both][:2]]
    assert all(one.returncode == 0 for one in both[:2])
    assert said[0]["changed"] == said[1]["changed"] == []
    own = Workspace(tmp_path / "own")
    for exercise in own.exercises():
        assert own.answer(exercise).read_text() == exercise.starter
