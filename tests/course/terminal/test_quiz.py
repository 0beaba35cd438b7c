import json

import pytest

from torchbook.cli import main
from torchbook.course.learner import progress


@pytest.fixture
def data(taught, capsys):
    def data(*words):
        status = main(["quiz", *words, "--json"])
        return status, json.loads(capsys.readouterr().out.splitlines()[-1])

    return data


def test_answers_on_the_command_line_are_marked_and_recorded(taught, data):
    which = data("90")[1]["questions"][2]["options"]
    letter = next(letter for letter, text in which.items() if text == "two")
    status, said = data("90", "--answers", "2", "6 ValueError", letter)
    assert (status, said["right"], said["of"]) == (0, 3, 3)
    assert progress.quiz_results(taught.database) == {90: {"sum": True, "prints": True, "which": True}}
    status, said = data("90", "--answers", "11")
    assert (status, said["right"]) == (1, 0) and said["answers"][0]["mistake"] == "That is how text is added."
    assert progress.quiz_results(taught.database)[90]["sum"] is False


def test_one_answer_that_cannot_be_read_records_none(taught, data):
    assert data("90", "--answers", "2", "6", "x")[0] == 2
    assert data("90", "--answers", "2", "6", "a", "more")[0] == 2
    assert progress.quiz_results(taught.database) == {}


def test_the_list_of_quizzes_says_what_is_done(taught, data):
    data("90", "--answers", "2")
    assert {"lesson": 90, "title": "Own", "questions": 3, "right": 1} in data()[1]["quizzes"]


def test_a_dialogue(taught, terminal):
    shown = terminal("quiz", "90", folder=taught.folder)
    assert "How much is 1 + 1?" in shown.until("a number ›")
    shown.send("two\n")
    shown.until("is not a number")
    shown.send("11\n")
    said = shown.until("That is how text is added.")
    assert "not yet, once more" in said and "the answer is" not in said
    shown.send("3\n")
    assert "the answer is 2" in shown.until("exception ›")
    shown.send("6 ValueError\n")
    said = shown.until("a letter ›")
    assert "ValueError: no" in said and "✓ right" in said
    shown.send("\x04")
    assert shown.ended() == 1
    shown.until("1 of 3 right, 1 not answered")
    assert progress.quiz_results(taught.database) == {90: {"sum": False, "prints": True}}


def test_what_was_answered_before_ctrl_c_is_kept(taught, terminal):
    shown = terminal("quiz", "90", folder=taught.folder)
    shown.until("a number ›")
    shown.send("2\n")
    shown.until("exception ›")
    assert shown.interrupted() == 130
    assert progress.quiz_results(taught.database) == {90: {"sum": True}}
