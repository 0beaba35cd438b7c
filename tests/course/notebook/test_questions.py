"""A quiz on a page of marimo: its traits are the fields of its card."""

import marimo
import pytest

from torchbook.course.notebook import quiz
from torchbook.course.notebook.questions import QuizCard
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.errors import TorchbookError


def test_what_the_page_asks_for_reaches_the_card_and_comes_back(taught):
    card = QuizCard(taught, read_quiz(quizzes(*taught.quiz_folders())[90]))
    card._received(card, {"do": "answer", "question": "sum", "given": "2"}, [])
    assert card.marks["sum"]["right"] and len(card.questions) == 3
    card._received(card, {"do": "answer", "question": "sum", "given": "two"}, [])
    assert "is not a number" in card.notice and card.asked_last == "sum"


def test_as_a_program_a_quiz_is_a_note(taught):
    shown = quiz(90)
    assert not isinstance(shown, QuizCard) and not marimo.running_in_notebook()
    assert "How much is $1 + 1$?" in shown._repr_markdown_()
    assert "torchbook quiz 90" in shown._repr_markdown_()


def test_a_lesson_without_a_quiz(taught):
    with pytest.raises(TorchbookError, match="there is no quiz for lesson 77; there are quizzes for 00"):
        quiz(77)
