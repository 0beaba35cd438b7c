"""A quiz on a page: marked as the terminal marks it, recorded, and found again at the next visit."""

import pytest

from torchbook.course.cards.quiz_card import QuizCard
from torchbook.course.learner import progress
from torchbook.course.site.document_prose import prose
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.course.texts.quiz_marks import display_order, first_miss, mark, read_answer


class Recorded:
    """A page that shows nothing."""

    def show(self, fields):
        pass

    send = show


@pytest.fixture
def asked(taught):
    return read_quiz(quizzes(*taught.quiz_folders())[90])


def made(own, asked):
    return QuizCard(own, asked, page=Recorded(), html=prose)


def told(card, question):
    return {key: card.fields["marks"][question][key] for key in ("right", "given")}


def test_an_answer_is_marked_with_its_reason_and_recorded(taught, asked):
    card = made(taught, asked)
    assert card.fields["marks"] == {}
    card.answer("sum", "11")
    assert told(card, "sum") == {"right": False, "given": "11"}
    assert "how text is added" in card.fields["marks"]["sum"]["mistake"]
    assert not card.fields["marks"]["sum"]["answer"] and not card.fields["marks"]["sum"]["why"]
    card.answer("which", [0])
    assert card.fields["marks"]["which"]["right"]
    assert [reason["right"] for reason in card.fields["marks"]["which"]["reasons"]] == [True, False]
    assert progress.quiz_results(taught.database) == {90: {"sum": False, "which": True}}
    rows = progress.export(taught.database)["answers"]
    assert [(row["question"], row["given"]) for row in rows] == [("sum", "11"), ("which", "two")]


@pytest.mark.parametrize("second", ["a second miss", "reveal"])
def test_the_answer_is_kept_back_at_the_first_miss(second, taught, asked):
    card = made(taught, asked)
    card.answer("sum", "11")
    assert card.fields["marks"]["sum"]["kept_back"]
    assert made(taught, asked).fields["marks"]["sum"]["kept_back"]
    if second == "reveal":
        card.reveal("sum")
    else:
        card.again("sum")
        card.answer("sum", "3")
    marked = card.fields["marks"]["sum"]
    assert not marked["kept_back"] and "2" in marked["answer"] and "One and one" in marked["why"]
    assert len(progress.export(taught.database)["answers"]) == (1 if second == "reveal" else 2)


def test_the_answer_to_a_miss_at_the_terminal_can_be_shown(taught):
    asked = read_quiz(quizzes()[9])
    ordered = next(one for one in asked.questions if one.items)
    progress.record_answer(taught.database, 9, ordered.id, right=False, given="b a c")
    card = made(taught, asked)
    assert card.fields["marks"][ordered.id]["kept_back"]
    card.obey({"do": "reveal", "question": ordered.id})
    assert card.fields["marks"][ordered.id]["answer"] and not card.fields["notice"]


def test_a_first_miss_of_an_order_says_how_many_are_in_place():
    question = next(one for one in read_quiz(quizzes()[9]).questions if one.items)
    last_two_exchanged = (*range(len(question.items) - 2), len(question.items) - 1, len(question.items) - 2)
    missed = first_miss(question, last_two_exchanged, mark(question, last_two_exchanged))
    places = len(question.items) - 2
    assert missed.mistake == f"{places} of {len(question.items)} {'is' if places == 1 else 'are'} in the right place."
    assert not missed.answer and not missed.why


def test_the_next_visit_finds_the_answers(taught, asked):
    card = made(taught, asked)
    card.answer("sum", " 2 ")
    card.answer("which", [1])
    again = made(taught, asked)
    assert told(again, "sum") == {"right": True, "given": "2"}
    assert told(again, "which") == {"right": False, "given": [1]}


def test_an_answer_of_the_terminal_is_known_as_right_or_wrong_only(taught, asked):
    progress.record_answer(taught.database, 90, "which", right=True, given="b")
    progress.record_answer(taught.database, 90, "sum", right=False, given="11")
    progress.record_answer(taught.database, 90, "gone", right=False, given="x")
    card = made(taught, asked)
    assert told(card, "which") == {"right": True, "given": []}
    assert told(card, "sum") == {"right": False, "given": "11"}
    assert set(card.fields["marks"]) == {"which", "sum"}


def test_try_again_asks_once_more_and_forgets_nothing(taught, asked):
    card = made(taught, asked)
    card.answer("sum", "3")
    card.again("sum")
    assert card.fields["marks"] == {}
    card.answer("sum", "2")
    assert progress.quiz_results(taught.database)[90]["sum"]
    assert len(progress.export(taught.database)["answers"]) == 2


def test_what_is_no_answer_is_said_and_not_counted(taught, asked):
    card = made(taught, asked)
    for question, given, said in (
        ("sum", "two", "is not a number"),
        ("which", [], "nothing is chosen"),
        ("sum", "", "typed"),
    ):
        card.obey({"do": "answer", "question": question, "given": given})
        assert said in card.fields["notice"] and card.fields["asked_last"] == question
    assert card.fields["marks"] == {} and progress.quiz_results(taught.database) == {}


def test_only_commands_are_obeyed(taught, asked):
    card = made(taught, asked)
    card.obey({"do": "close"})
    card.obey({"do": "_say", "question": "sum", "told": {}})
    assert card.fields["marks"] == {}


def test_code_is_run_to_show_what_it_prints(taught, asked):
    card = made(taught, asked)
    card.answer("prints", "6 ValueError")
    card._run(card.by_id["prints"])
    assert card.fields["marks"]["prints"]["right"]
    assert (
        card.fields["marks"]["prints"]["ran"].startswith("6") and "ValueError" in card.fields["marks"]["prints"]["ran"]
    )


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
    card = made(taught, asked)
    monkeypatch.setattr(card, "_run", lambda one: None)
    for question, shown in zip(asked.questions, card.fields["questions"], strict=True):
        order = display_order(question)
        assert [choice["number"] for choice in shown["choices"]] == list(order)
        at_terminal, on_page = typed(question, order)
        card.answer(question.id, on_page)
        assert (
            card.fields["marks"][question.id]["right"]
            is mark(question, read_answer(question, at_terminal, order)).right
            is True
        )
    assert {name: told["given"] for name, told in made(taught, asked).fields["marks"].items()} == {
        name: told["given"] for name, told in card.fields["marks"].items()
    }
