import json
import os
import shutil
import subprocess
import sys

import pytest

from torchbook.cli import main
from torchbook.course.learner import progress


@pytest.fixture
def run(own, capsys):
    """Runs a command in the workspace; gives its status, what it says to a person, and its data with --json."""

    def run(*words):
        status = main(list(words))
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out + said.err

    def data(*words):
        status = main([*words, "--json"])
        return status, json.loads(capsys.readouterr().out.splitlines()[-1])

    run.data = data
    return run


def test_start_says_what_it_made_and_where(run, own, tmp_path):
    status, said = run.data("start", str(tmp_path / "second"))
    assert (status, said["new"], said["workspace"]) == (0, ["double", "triple"], str(tmp_path / "second"))
    assert run.data("start")[1] == {
        "workspace": str(own.folder),
        "new": [],
        "renewed": [],
        "changed": [],
        "orphaned": [],
    }
    (tmp_path / "file").write_text("")
    assert run("start", str(tmp_path / "file"))[0] == 2
    assert run("start", "--exercises", str(tmp_path / "nothing"))[0] == 2


def test_start_says_whose_progress_it_uses(run, own, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCHBOOK_WORKSPACE", str(own.folder))
    progress.record(own.database, "double", "attempt", outcome="passed", fingerprint="a")
    status, text = run("start", str(tmp_path / "second"))
    words = " ".join(text.split())
    assert status == 0 and "its own: 0 passed" in words
    assert f"torchbook learn uses {own.folder} (1 passed)" in words
    assert "torchbook learn uses" not in run("start", str(own.folder))[1]


def test_names_in_brackets_are_shown(own, answer, double, capsys, monkeypatch):
    moved = own.folder.rename(own.folder.with_name("[torch] [bold]"))
    monkeypatch.chdir(moved)
    answer_there = moved / "answers" / "01_tensors" / "double.py"
    shutil.copy(double.folder / "solution.py", answer_there)
    assert main(["check", "double"]) == 0
    said = "".join(capsys.readouterr().out.split())
    assert said.count("[torch][bold]/answers") == 2, "of the answer, and of the next"


def test_start_says_where_a_starter_changed_under_an_answer(run, double, answer):
    answer(double, "mistakes/added.py")
    (double.folder / "starter.py").write_text("# another\n")
    assert "starter of double has changed" in run("start")[1]
    assert run.data("start")[1]["changed"] == ["double"]


def test_check_says_which_mistake_it_is_and_what_is_next(run, double, answer):
    status, said = run("check")
    assert status == 1 and "not attempted" in said and "Return 2 x" in said
    answer(double, "mistakes/added.py")
    status, said = run("check", "double")
    assert status == 1 and "not right yet" in said and "You added 2." in said and "torchbook hint" in said
    answer(double, "alternatives/turned.py")
    status, said = run.data("check", "double")
    assert status == 0 and said["passed"] and said["outcome"] == "passed" and said["next"] == "triple"
    assert said["standing"]["tries"] == 2 and said["standing"]["may_see_solution"]


def test_check_brings_what_an_upgrade_added_and_says_where_a_starter_changed(
    run, course, own, double, write_exercise, answer
):
    answer(double, "mistakes/added.py")
    (double.folder / "starter.py").write_text("def double(x):\n    ...  # another\n")
    write_exercise(course, "03_shapes", "fourfold", factor=4)
    assert "starter has changed" in run("check", "double")[1]
    status, said = run.data("check", "fourfold")
    assert (status, said["outcome"]) == (1, "not attempted")


def test_when_everything_is_passed_it_says_so(run, own, double, triple):
    for exercise in (double, triple):
        shutil.copyfile(exercise.folder / "solution.py", own.answer(exercise))
        assert run("check", exercise.name)[0] == 0
    assert run("check") == (0, "every exercise is passed; torchbook progress shows them\n")
    assert run("hint")[0] == 2
    assert run("solution")[0] == 0, "the one that was passed last"


def test_an_endless_loop_is_stopped_at_the_limit(run, double, answer):
    answer(double, "def double(x):\n    while True:\n        pass\n")
    status, said = run.data("check", "double", "--seconds", "1")
    assert (status, said["outcome"], said["passed"]) == (1, "too slow", False)


def test_the_solution_is_shut_then_open(run, double, answer):
    status, said = run.data("solution", "double")
    assert (status, said["open"], said["standing"]["honest"]) == (1, False, 0)
    assert "solution" not in said and double.solution not in run("solution", "double")[1]
    answer(double, "solution.py")
    run("check", "double")
    status, said = run.data("solution", "double")
    assert (status, said["open"], said["source"]) == (0, True, double.solution)


def test_reset_says_where_the_answer_is_kept(run, own, double, answer):
    answer(double, "mistakes/added.py")
    status, said = run.data("reset", "double")
    assert status == 0 and said["kept"].startswith(str(own.folder / "kept" / "double."))
    assert run.data("reset", "double")[1]["kept"] is None
    assert run("reset")[0] == 2


def test_hints(run):
    assert run.data("hint", "double")[1]["text"] == "Vague."
    assert "Concrete." in run("hint", "double")[1]


def test_progress_goes_to_a_file_and_comes_back(run, own, double, answer, tmp_path):
    progress.record(own.database, "double", "attempt", outcome="passed", fingerprint="x")
    file = tmp_path / "out.json"
    status, text = run("progress", "--export", str(file))
    assert status == 0 and "1 events and answers are in" in text and json.loads(file.read_text())["events"]
    assert "is there already" in run("progress", "--export", str(file))[1]
    own.database.unlink()
    status, text = run("progress", "--import", str(file))
    assert status == 0 and "1 events and answers of" in text and progress.standings(own.database)["double"].passed
    assert run.data("progress", "--import", str(file))[1]["added"] == 0
    file.write_text("[")
    status, text = run("progress", "--import", str(file))
    assert status == 2 and "out.json is damaged" in text and len(text.splitlines()) == 1
    own.database.write_bytes(b"no database" * 500)
    status, text = run("progress")
    assert status == 0 and "is damaged" in " ".join(text.split()) and "progress.db" in "".join(text.split())
    assert run("progress", "--export", str(tmp_path / "new.json"))[0] == 2


def test_progress_is_a_tree_and_all_of_it_is_exported(run, double, answer):
    answer(double, "solution.py")
    run("check", "double")
    run("hint", "triple")
    status, said = run("progress")
    assert status == 0 and "1 of 2 exercises" in said
    assert "01 Tensors" in said and "32 Your project" in said and "triple" in said
    data = run.data("progress")[1]
    assert (data["passed"], data["of"]) == (1, 2)
    assert [event["what"] for event in data["history"]["events"]] == ["attempt", "hint"]
    assert [row["passed"] for row in data["exercises"]] == [True, False]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "duoble"], "did you mean 'double'"),
        (["check", "--seconds", "0"], "--seconds must be above 0"),
        (["check", "--seconds", "soon"], "seconds"),
        (["check", "one", "two"], "two"),
        (["check", "--wach"], "--watch"),
        (["check", "--watch"], "terminal"),
        (["solution", "nothing"], "there is no exercise 'nothing'"),
        (["quiz", "99"], "there is no quiz for lesson 99"),
        (["quiz", "first"], "first"),
        (["glossary", "qqqqqqqqq"], "the glossary has no term 'qqqqqqqqq'"),
    ],
)
def test_wrong_usage_ends_with_status_two_and_one_line(run, words, said):
    status, printed = run(*words)
    assert status == 2 and said in printed and len(printed.splitlines()) == 1


def test_an_encoding_without_our_signs_ends_no_command(own):
    source = "import sys; from torchbook.cli import main; sys.exit(main(['progress']))"
    for encoding in ("ascii", "cp1252"):
        environment = os.environ | {"PYTHONIOENCODING": encoding}
        ended = subprocess.run([sys.executable, "-c", source], capture_output=True, env=environment, cwd=own.folder)
        assert ended.returncode == 0 and b"Probabilities" in ended.stdout


def test_without_a_workspace_every_command_says_how_to_make_one(course, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for words in (["check"], ["hint"], ["solution"], ["reset", "double"], ["progress"], ["check", "--watch"]):
        assert main(words) == 2
        assert "torchbook start" in capsys.readouterr().err
