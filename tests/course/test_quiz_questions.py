"""The quizzes that torchbook ships: questions of every kind, each with its reasons (`test_proof.py` proves them)."""

import re

import pytest

from torchbook.course.texts.plan import LESSONS
from torchbook.course.texts.quiz import KINDS, quizzes, read_quiz

QUIZZES = {lesson: read_quiz(path) for lesson, path in quizzes().items()}
QUESTIONS = [(lesson, question) for lesson, quiz in QUIZZES.items() for question in quiz.questions]


def test_there_are_quizzes_for_the_lessons_that_exercises_go_with():
    assert set(QUIZZES) >= {1, 2, 3, 4, 8, 9, 10, 13, 14, 15}
    assert {kind for _, question in QUESTIONS for kind in [question.kind]} == set(KINDS)


@pytest.mark.parametrize("lesson", QUIZZES)
def test_a_quiz_is_named_after_its_lesson_and_mixes_the_kinds(lesson):
    quiz = QUIZZES[lesson]
    assert quiz.title == next(known.title for known in LESSONS if known.number == lesson)
    assert len(quiz.questions) >= 6
    assert len({question.kind for question in quiz.questions}) >= 3


@pytest.mark.parametrize(("lesson", "question"), QUESTIONS, ids=[f"{lesson:02}-{one.id}" for lesson, one in QUESTIONS])
def test_a_question_foresees_mistakes(lesson, question):
    wrong = [option for option in question.options if not option.right] or question.mistakes
    assert wrong or question.kind == "order"
    assert all(len(option.why) > 20 for option in (*question.options, *question.mistakes))


@pytest.mark.parametrize(("lesson", "question"), QUESTIONS, ids=[f"{lesson:02}-{one.id}" for lesson, one in QUESTIONS])
def test_formulas_and_code_are_closed(lesson, question):
    for text in (question.ask, question.why, *(part.why for part in (*question.options, *question.mistakes))):
        assert text.count("$") % 2 == 0
        assert len(re.findall(r"`", text)) % 2 == 0
