"""A quiz on a page: marked as the terminal marks it, recorded, and found again at the next visit."""

import marimo
import pytest

from torchbook.course.learner import progress
from torchbook.course.notebook import quiz
from torchbook.course.notebook.questions import QuizCard
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.course.texts.quiz_marks import display_order, mark, read_answer
from torchbook.errors import TorchbookError


@pytest.fixture
def asked(taught):
    return read_quiz(quizzes(*taught.quiz_folders())[90])


def told(card, question):
    return {key: card.marks[question][key] for key in ("right", "given")}


def test_an_answer_is_marked_with_its_reason_and_recorded(taught, asked):
    card = QuizCard(taught, asked)
    assert card.marks == {}
    card.answer("sum", "11")
    assert told(card, "sum") == {"right": False, "given": "11"}
    assert "how text is added" in card.marks["sum"]["mistake"]
    assert "2" in card.marks["sum"]["answer"] and "One and one" in card.marks["sum"]["why"]
    card.answer("which", [0])
    assert card.marks["which"]["right"]
    assert [reason["right"] for reason in card.marks["which"]["reasons"]] == [True, False]
    assert progress.quiz_results(taught.database) == {90: {"sum": False, "which": True}}
    rows = progress.export(taught.database)["answers"]
    assert [(row["question"], row["given"]) for row in rows] == [("sum", "11"), ("which", "two")]


def test_the_next_visit_finds_the_answers(taught, asked):
    card = QuizCard(taught, asked)
    card.answer("sum", " 2 ")
    card.answer("which", [1])
    again = QuizCard(taught, asked)
    assert told(again, "sum") == {"right": True, "given": "2"}
    assert told(again, "which") == {"right": False, "given": [1]}


def test_an_answer_of_the_terminal_is_known_as_right_or_wrong_only(taught, asked):
    progress.record_answer(taught.database, 90, "which", right=True, given="b")
    progress.record_answer(taught.database, 90, "sum", right=False, given="11")
    progress.record_answer(taught.database, 90, "gone", right=False, given="x")
    card = QuizCard(taught, asked)
    assert told(card, "which") == {"right": True, "given": []}
    assert told(card, "sum") == {"right": False, "given": "11"}
    assert set(card.marks) == {"which", "sum"}


def test_try_again_asks_once_more_and_forgets_nothing(taught, asked):
    card = QuizCard(taught, asked)
    card.answer("sum", "3")
    card.again("sum")
    assert card.marks == {}
    card.answer("sum", "2")
    assert progress.quiz_results(taught.database)[90]["sum"]
    assert len(progress.export(taught.database)["answers"]) == 2


def test_what_is_no_answer_is_said_and_not_counted(taught, asked):
    card = QuizCard(taught, asked)
    for question, given, said in (
        ("sum", "two", "is not a number"),
        ("which", [], "nothing is chosen"),
        ("sum", "", "typed"),
    ):
        card._received(card, {"do": "answer", "question": question, "given": given}, [])
        assert said in card.notice and card.asked_last == question
    assert card.marks == {} and progress.quiz_results(taught.database) == {}


def test_only_commands_are_obeyed(taught, asked):
    card = QuizCard(taught, asked)
    card._received(card, {"do": "close"}, [])
    card._received(card, {"do": "_say", "question": "sum", "told": {}}, [])
    assert card.marks == {}


def test_code_is_run_to_show_what_it_prints(taught, asked):
    card = QuizCard(taught, asked)
    card.answer("prints", "6 ValueError")
    card._run(card.by_id["prints"])
    assert card.marks["prints"]["right"]
    assert card.marks["prints"]["ran"].startswith("6") and "ValueError" in card.marks["prints"]["ran"]


def typed(question, order):
    """An answer to a question as it is typed at the terminal, and the same as it comes from the page."""
    letters = "abcdefgh"
    if question.options:
        rights = [i for i, option in enumerate(question.options) if option.right]
        return " ".join(letters[order.index(i)] for i in rights), rights
    if question.items:
        rights = list(range(len(question.items)))
        return " ".join(letters[order.index(i)] for i in rights), rights
    text = f"{question.answer:.10g}" if isinstance(question.answer, float) else str(question.answer)
    return text, text


@pytest.mark.parametrize("lesson", sorted(quizzes()))
def test_every_question_is_marked_as_at_the_terminal_and_remembered(lesson, taught, monkeypatch):
    asked = read_quiz(quizzes()[lesson])
    card = QuizCard(taught, asked)
    monkeypatch.setattr(card, "_run", lambda one: None)
    for question, shown in zip(asked.questions, card.questions, strict=True):
        order = display_order(question)
        assert [choice["number"] for choice in shown["choices"]] == list(order)
        at_terminal, on_page = typed(question, order)
        card.answer(question.id, on_page)
        assert (
            card.marks[question.id]["right"] is mark(question, read_answer(question, at_terminal, order)).right is True
        )
    assert {name: told["given"] for name, told in QuizCard(taught, asked).marks.items()} == {
        name: told["given"] for name, told in card.marks.items()
    }


def test_as_a_program_a_quiz_is_a_note(taught):
    shown = quiz(90)
    assert not isinstance(shown, QuizCard) and not marimo.running_in_notebook()
    assert "How much is $1 + 1$?" in shown._repr_markdown_()
    assert "torchbook quiz 90" in shown._repr_markdown_()


def test_a_lesson_without_a_quiz(taught):
    with pytest.raises(TorchbookError, match="there is no quiz for lesson 77; there are quizzes for 00"):
        quiz(77)
