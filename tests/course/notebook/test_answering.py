"""An exercise on a page of marimo: its traits are the fields of its card."""

import subprocess
import sys

import pytest
from waiting import until

from torchbook.course.notebook import exercise
from torchbook.course.notebook.answering import ExerciseCard, Note
from torchbook.errors import TorchbookError

RIGHT = "def double(x):\n    return 2 * x\n"


def test_what_the_page_asks_for_reaches_the_card_and_comes_back(own, double):
    card = ExerciseCard(own, double)
    assert card.text == double.starter and card.head["title"] == "Times 2" and "<marimo-tex" in card.prompt
    card._received(card, {"do": "check", "text": RIGHT, "base": card.text}, [])
    until(lambda: not card.checking)
    assert card.verdict["passed"] and card.standing["passed"] and own.answer(double).read_text() == RIGHT


def test_who_sees_a_verdict_can_ask_for_the_next(own, double, monkeypatch):
    card, sent = ExerciseCard(own, double), []
    monkeypatch.setattr(card, "send_state", lambda key: sent.append({key} if isinstance(key, str) else set(key)))
    card.obey({"do": "check", "text": RIGHT, "base": card.text})
    until(lambda: not card.checking)
    assert {"verdict", "standing", "checking"} in sent


def test_as_a_program_an_exercise_is_a_note(own):
    note = exercise("double")
    assert isinstance(note, Note)
    assert "Times 2" in note._repr_markdown_() and "torchbook check double" in note._repr_markdown_()
    with pytest.raises(TorchbookError, match="did you mean 'double'"):
        exercise("doubel")


@pytest.mark.slow
def test_as_a_program_nothing_is_started(tmp_path):
    source = (
        "from torchbook.course.notebook import exercise, quiz, text, live\n"
        "exercise('softmax'); quiz(8); text('[[loss]]'); live(lambda: iter([{'a': 1}]))\n"
        "import psutil, pathlib; print(len(psutil.Process().children()), list(pathlib.Path().iterdir()))\n"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "0 []" and done.stderr == ""
