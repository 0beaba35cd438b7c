import shutil

import pytest

from torchbook.course.grading.exercise import PACKAGED, exercises, read_exercise
from torchbook.errors import TorchbookError


def test_a_folder_becomes_an_exercise(tmp_path, write_exercise):
    exercise = read_exercise(write_exercise(tmp_path, "07_batches", "double", number=4))
    assert (exercise.name, exercise.lesson, exercise.number, exercise.minutes) == ("double", 7, 4, 3)
    assert exercise.title == "Times 2"
    assert exercise.prompt == "Return $2 x$."
    assert exercise.hints == ["Vague.", "Concrete."]
    assert [(m.name, m.hint) for m in exercise.mistakes] == [("added", "You added *2*.")]
    assert exercise.mistakes[0].source == "def double(x):\n    return x + 2\n"
    assert [file.name for file in exercise.alternatives] == ["turned.py"]
    assert exercise.lesson_folder == "07_batches"


def test_exercises_come_in_the_order_of_lessons_and_numbers(tmp_path, write_exercise):
    one, other = tmp_path / "one", tmp_path / "other"
    write_exercise(one, "08_b", "third", number=2)
    write_exercise(one, "08_b", "second", number=1)
    write_exercise(other, "03_a", "first", number=9)
    assert [exercise.name for exercise in exercises(one, other)] == ["first", "second", "third"]


def test_names_are_unique_over_all_roots(tmp_path, write_exercise):
    write_exercise(tmp_path / "one", "01_a", "double")
    write_exercise(tmp_path / "other", "02_b", "double")
    with pytest.raises(TorchbookError, match="the name 'double' is taken by"):
        exercises(tmp_path / "one", tmp_path / "other")


@pytest.mark.parametrize("file", ["starter.py", "solution.py", "checks.py", "hints.md"])
def test_a_missing_file_is_named(tmp_path, write_exercise, file):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / file).unlink()
    with pytest.raises(TorchbookError, match=f"the file {file} is missing"):
        read_exercise(folder)


def test_edits_change_the_solution_in_several_places_and_a_file_stands_for_itself(tmp_path, write_exercise):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / "whole.py").write_text("double = abs\n")
    (folder / "mistakes.toml").write_text(
        """
        [[mistake]]
        name = "both"
        hint = "Two."
        edit = [["* 2", "- 3"], ["def double(x):", "def double(y):"], ["return x", "return y"]]
        [[mistake]]
        name = "other"
        hint = "Another."
        file = "whole.py"
        """
    )
    both, other = read_exercise(folder).mistakes
    assert both.source == "def double(y):\n    return y - 3\n"
    assert other.source == "double = abs\n"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("name = 'a'\nedit = [['x', 'y']]", "'a': the text 'x' is 2 times in solution.py, expected once"),
        ("name = 'a'\nedit = [['z', 'y']]", "'a': the text 'z' is 0 times"),
        ("name = 'a'\nedit = [['', 'y']]", "'a': the text '' is 0 times"),
        ("name = 'a'\nedit = [['x * 2', 'y'], ['* 2', '3']]", "overlaps with that of another edit"),
        ("name = 'a'\nfile = 'nowhere.py'", "'a': there is no file 'nowhere.py'"),
        ("name = 'a'", "'a': expected either edit or file, got name"),
        ("name = 'a'\nfile = 'solution.py'\nedit = []", "'a': expected either edit or file"),
        ("name = 'a'\nedit = [['x']]", r"expected \[\[mistake\]\] tables"),
        ("name = 'a'\nedit = 3", r"expected \[\[mistake\]\] tables"),
        ("edit = []", r"mistakes.toml: expected \[\[mistake\]\] tables with name"),
        ("name = ", r"mistakes.toml: expected \[\[mistake\]\] tables"),
        (
            "name = 'a'\nfile='solution.py'\n[[mistake]]\nname = 'a'\nfile='starter.py'",
            "two mistakes have the name 'a'",
        ),
    ],
)
def test_a_mistake_that_does_not_fit_is_named(tmp_path, write_exercise, lines, words):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / "mistakes.toml").write_text(f"[[mistake]]\n{lines}\n")
    with pytest.raises(TorchbookError, match=words):
        _ = read_exercise(folder).mistakes


def test_a_folder_of_mistakes_is_told_how_it_becomes_a_list(tmp_path, write_exercise):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / "mistakes.toml").unlink()
    shutil.rmtree(folder / "mistakes")
    assert read_exercise(folder).mistakes == []
    (folder / "mistakes").mkdir()
    with pytest.raises(TorchbookError, match="for each file of the folder write"):
        _ = read_exercise(folder).mistakes


@pytest.mark.parametrize("head", ["Title\n", "# Title\n\nText", "# Title\n*Exercise one, 3 minutes*\n"])
def test_the_first_lines_must_say_title_place_and_time(tmp_path, write_exercise, head):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / "prompt.md").write_text(head)
    with pytest.raises(TorchbookError, match="as the first lines"):
        read_exercise(folder)


def test_the_folder_of_the_lesson_has_a_number(tmp_path, write_exercise):
    with pytest.raises(TorchbookError, match="such as 03_shapes, got 'shapes'"):
        read_exercise(write_exercise(tmp_path, "shapes", "double"))


def test_a_root_must_be_a_folder(tmp_path):
    with pytest.raises(TorchbookError, match="expected a folder"):
        exercises(tmp_path / "nothing")


def test_the_packaged_exercises_are_found_without_a_root():
    found = exercises()
    assert found and all(exercise.folder.is_relative_to(PACKAGED) for exercise in found)
    assert len({(exercise.lesson, exercise.number) for exercise in found}) == len(found)
