"""A home and a workspace that version 0.1 has left behind are opened without loss. They are written here by hand, as
0.1 wrote them, so that what it left stays readable whatever this version writes."""

import json
import sqlite3

import pytest
import torch
from safetensors.torch import save_file

from torchbook.course.learner import progress, study, workspace
from torchbook.course.site.bookmarks import Place, places
from torchbook.course.site.lesson_status import lesson_statuses, next_lesson
from torchbook.course.texts.document import documents
from torchbook.run import Run

ANSWER = """\
def mean_squared_error(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError(f"{predictions.shape} and {targets.shape}")
    return (predictions - targets).square().mean()  # mine
"""
TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE event (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, exercise TEXT NOT NULL, what TEXT NOT NULL,
    outcome TEXT NOT NULL, mistake TEXT NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE answer (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, lesson INTEGER NOT NULL, question TEXT NOT NULL,
    correct INTEGER NOT NULL, given TEXT NOT NULL);
PRAGMA user_version = 1;
INSERT INTO event (at, exercise, what, outcome, mistake, fingerprint) VALUES
    (1000, 'mean_squared_error', 'opened', '', '', ''),
    (1060, 'mean_squared_error', 'attempt', 'failed', 'sum', 'a'),
    (1090, 'mean_squared_error', 'hint', '', '', ''),
    (1180, 'mean_squared_error', 'attempt', 'passed', '', 'b');
INSERT INTO answer (at, lesson, question, correct, given) VALUES (1200, 8, 'NAME', 1, '0');
"""
RECIPE = {
    "format": 1,
    "recipe": "thermometer",
    "arguments": {"data": "thermometer", "epochs": 2, "learning_rate": 0.1, "seed": 0},
    "created": "2026-11-23T10:00:00+00:00",
    "choice": {"device": "cpu", "number_format": "float32", "reason": "it is the fastest here", "threads": 1},
    "machine": {"torchbook": "0.1.0", "python": "3.11.7", "torch": "2.13.0"},
}
LOG = ({"epoch": 1, "step": 1, "loss": 9.0}, {"epoch": 2, "step": 2, "loss": 4.0})


@pytest.fixture
def left(own_home):
    """The workspace in that home."""
    folder = own_home / "workspace"
    answers = folder / "answers" / "08_gradient_descent"
    answers.mkdir(parents=True)
    (folder / "torchbook.json").write_text('{\n  "exercises": []\n}\n')
    (answers / "mean_squared_error.py").write_text(ANSWER)
    (folder / ".starters").mkdir()
    (folder / ".starters" / "mean_squared_error.py").write_text("def mean_squared_error(predictions, targets): ...\n")
    (folder / "kept").mkdir()
    (folder / "kept" / "inner_ring.20261122-101500.py").write_text("x = 1\n")
    place = {"lesson": 9, "anchor": "off-the-record", "heading": "Off the record", "share": 0.5, "at": 1300.0}
    (folder / "places.json").write_text(json.dumps([place], indent=1) + "\n")
    question = next(iter(study.questions(workspace.Workspace(folder))[8]))
    database = sqlite3.connect(folder / "progress.db")
    database.executescript(TABLES.replace("NAME", question))
    database.close()
    run = own_home / "runs" / "thermometer-1"
    run.mkdir(parents=True)
    (run / "recipe.json").write_text(json.dumps(RECIPE, indent=2))
    (run / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LOG))
    (run / "result.json").write_text(json.dumps({"recipe": "thermometer", "test": {"mse": 4.0}}))
    save_file({"weight": torch.ones(1, 1)}, run / "model.safetensors")
    return workspace.find(folder)


def test_answers_progress_quiz_and_places_are_there(left):
    before = {
        file: file.read_bytes() for file in left.folder.rglob("*.*") if file.is_file() and "progress" not in file.name
    }
    workspace.update(left)
    for file, content in before.items():
        assert file.parent.name == ".starters" or file.read_bytes() == content, file
    exercise = study.find_exercise(left.exercises(), "mean_squared_error")
    assert left.answer(exercise).read_text() == ANSWER
    standing = progress.standings(left.database)["mean_squared_error"]
    assert standing.passed and (standing.tries, standing.hints, standing.seconds) == (2, 1, 180)
    assert study.scores(left)[8].right == 1
    assert places(left) == {9: Place(9, "off-the-record", "Off the record", 0.5, 1300.0)}
    status = next(each for each in lesson_statuses(left, documents()) if each.number == 8)
    assert (status.passed, status.right, status.begun) == (1, 1, True)
    assert next_lesson(lesson_statuses(left, documents())).number == 0
    progress.record(left.database, "inner_ring", "opened")  # and it is written on
    assert progress.standings(left.database)["mean_squared_error"] == standing


def test_the_answer_that_passed_passes(left):
    exercise = study.find_exercise(left.exercises(), "mean_squared_error")
    assert study.check(left, exercise).passed


def test_its_runs_are_there(left):
    run = Run.open("thermometer-1")
    assert run.about["arguments"]["epochs"] == 2 and run.result["test"] == {"mse": 4.0}
    assert [line["loss"] for line in run.entries()] == [9.0, 4.0]
