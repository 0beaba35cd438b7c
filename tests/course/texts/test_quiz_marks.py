import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchbook.course.texts.quiz import Mistake, Option, Question, quizzes, read_quiz
from torchbook.course.texts.quiz_marks import LETTERS, display_order, first_miss, mark, read_answer
from torchbook.errors import TorchbookError

CHOICE = Question("c", "choice", "?", options=(Option("1", "w1", True), Option("2", "w2"), Option("3", "w3", True)))
ONE = Question("o", "choice", "?", options=(Option("1", "w1", True), Option("2", "w2"), Option("3", "w3")))
ORDER = Question("s", "order", "?", why="so", items=("one", "two", "three", "four"))
NUMBER = Question(
    "n", "number", "?", why="so", answer=0.5, tolerance=0.01, unit="MB", mistakes=(Mistake(2.0, "upside down"),)
)
SHAPE = Question("h", "shape", "?", why="so", answer=(3, 28), mistakes=(Mistake((28, 3), "turned"),))
PREDICT = Question("p", "predict", "?", why="so", answer="tensor([2, 4])", accept=("[2, 4]",))


def typed(question, text, seed=0):
    return mark(question, read_answer(question, text, display_order(question, seed=seed)))


@given(st.integers(0, 10**6))
def test_options_and_items_are_shuffled_and_items_never_shown_in_order(seed):
    for question in (CHOICE, ORDER):
        order = display_order(question, seed=seed)
        assert sorted(order) == list(range(len(order)))
        assert order == display_order(question, seed=seed)
    assert display_order(ORDER, seed=seed) != (0, 1, 2, 3)
    assert display_order(NUMBER, seed=seed) == ()


@given(st.integers(0, 100))
def test_exactly_the_letters_of_all_right_options_are_right(seed):
    order = display_order(CHOICE, seed=seed)
    for count in (1, 2, 3):
        for chosen in itertools.permutations(range(3), count):
            letters = " ".join(LETTERS[order.index(i)] for i in chosen)
            one = typed(CHOICE, letters, seed)
            assert one.right == (set(chosen) == {0, 2})
            assert one.mistake == ("w2" if 1 in chosen else "")
            assert one.answer == "1; 3" and one.why == "w1 w3"


@given(st.integers(0, 100), st.permutations(range(4)))
def test_only_the_right_order_is_right(seed, wanted):
    order = display_order(ORDER, seed=seed)
    letters = "".join(LETTERS[order.index(i)] for i in wanted)
    assert typed(ORDER, letters.upper(), seed).right == (wanted == [0, 1, 2, 3])
    assert typed(ORDER, ", ".join(letters), seed).answer == "one → two → three → four"


@pytest.mark.parametrize(
    ("text", "right"), [("0.5", True), ("1/2", True), ("0,505", True), ("5e-1", True), ("0.52", False)]
)
def test_numbers(text, right):
    assert typed(NUMBER, text).right == right


def written(number):
    """A number as people write it, here and there."""
    plain, grouped = f"{number:.10g}", f"{number:,.10g}"
    return {plain, grouped} | {one.translate(str.maketrans(",.", ".,")) for one in (plain, grouped)}


PACKAGED = [one for path in quizzes().values() for one in read_quiz(path).questions if one.kind == "number"]


@pytest.mark.parametrize("question", PACKAGED, ids=lambda question: question.id)
def test_a_comma_and_a_point_may_part_thousands_or_begin_a_fraction(question):
    for text in written(question.answer):
        assert typed(question, text).right, text
    reasons = {mistake.why for mistake in question.mistakes}
    for mistake in question.mistakes:
        assert typed(question, f"{mistake.answer:,.10g}").mistake == mistake.why
        assert all(typed(question, text).mistake in reasons for text in written(mistake.answer))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7,850", 7850.0),
        ("7.850", 7850.0),
        ("7 850", 7850.0),
        ("7'850", 7850.0),
        ("7,850", 7.85),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("-1,234,567", -1234567.0),
        ("0,125", 0.125),
        ("7,850/2", 3925.0),
        ("2,5e-3", 0.0025),
    ],
)
def test_a_number_is_right_if_one_of_its_readings_is(text, number):
    question = Question("n", "number", "?", answer=number)
    assert typed(question, text).right and not typed(Question("n", "number", "?", answer=2 * number), text).right


def test_a_foreseen_mistake_gets_its_own_reason():
    assert typed(NUMBER, "2").mistake == "upside down" and typed(NUMBER, "2").answer == "0.5 MB"
    assert typed(SHAPE, "28x3").mistake == "turned"
    assert typed(SHAPE, "1").mistake == "" and typed(SHAPE, "1").why == "so"


@pytest.mark.parametrize("text", ["3, 28", "(3, 28)", "[3,28]", "3x28", "3 × 28", "torch.Size([3, 28])", "3 28"])
def test_shapes(text):
    assert typed(SHAPE, text).right


def test_the_empty_shape():
    scalar = Question("h", "shape", "?", answer=())
    assert typed(scalar, "()").right and typed(scalar, "[]").right and not typed(scalar, "1").right


@pytest.mark.parametrize("text", ["tensor([2, 4])", "tensor([2,4])", "[2, 4]"])
def test_printed_text(text):
    assert typed(PREDICT, text).right and not typed(PREDICT, text + "x").right


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (CHOICE, ""),
        (CHOICE, "z"),
        (ONE, "ab"),
        (ORDER, "ab"),
        (ORDER, "aabc"),
        (NUMBER, "half"),
        (NUMBER, "1/0"),
        (NUMBER, "1/2/3"),
        (NUMBER, "1,2,3"),
        (NUMBER, "1,23.5"),
        (NUMBER, "0,125.5"),
        (SHAPE, "three"),
        (SHAPE, "-3"),
        (PREDICT, " "),
    ],
)
def test_what_cannot_be_an_answer_is_refused_in_one_line(question, text):
    with pytest.raises(TorchbookError) as error:
        typed(question, text)
    assert "\n" not in str(error.value)


SWAPPED = Question("w", "order", "?", why="so", items=("a", "b", "c", "d"), orders=((0, 2, 1, 3), (3, 2, 1, 0)))


@given(st.integers(0, 100), st.permutations(range(4)))
def test_every_right_order_is_right_and_none_is_shown(seed, wanted):
    order = display_order(SWAPPED, seed=seed)
    letters = "".join(LETTERS[order.index(i)] for i in wanted)
    assert typed(SWAPPED, letters, seed).right == (tuple(wanted) in SWAPPED.right_orders)
    assert order not in SWAPPED.right_orders


def test_a_miss_counts_the_places_of_the_nearest_right_order():
    wrong = mark(SWAPPED, (0, 2, 3, 1))
    assert first_miss(SWAPPED, (0, 2, 3, 1), wrong).mistake.startswith("2 of 4")
