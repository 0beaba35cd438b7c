import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchbook.course.texts.quiz import Mistake, Option, Question, quizzes, read_quiz, same_text
from torchbook.errors import TorchbookError

QUIZ = """
title = "Tensors"

[[question]]
id = "flat"
kind = "number"
ask = "How many numbers?"
answer = 784
proof = "torch.zeros(1, 28, 28).numel()"
why = "All are kept."
[[question.mistakes]]
answer = 57
why = "That is the sum."

[[question]]
id = "dtype"
kind = "choice"
ask = "Which dtype?"
code = '''
import torch
x = torch.tensor([1, 2])
'''
proof = "x.dtype"
[[question.options]]
text = "`torch.int64`"
right = true
why = "Whole numbers."
[[question.options]]
text = "`torch.float32`"
why = "No decimal point."

[[question]]
id = "rows"
kind = "shape"
ask = "Which shape?"
code = "m = torch.zeros(5, 3).mean(dim=0)"
proof = "m"
answer = [3]
why = "dim 0 goes."

[[question]]
id = "step"
kind = "order"
ask = "In which order?"
items = ["predict", "loss", "gradients", "update"]
why = "Each needs the one before."

[[question]]
id = "names"
kind = "predict"
ask = "What does it print?"
code = '''
a = [1, 2]
b = a
b.append(3)
print(a)
'''
answer = "[1, 2, 3]"
why = "Two names, one list."
[[question.mistakes]]
answer = "[1, 2]"
why = "That would be a copy."
"""


@pytest.fixture
def read(tmp_path):
    def read(text, name="01_tensors.toml"):
        (tmp_path / name).write_text(text)
        return read_quiz(tmp_path / name)

    return read


def test_every_kind_is_read(read):
    quiz = read(QUIZ)
    assert (quiz.lesson, quiz.title) == (1, "Tensors")
    number, choice, shape, order, predict = quiz.questions
    assert number.answer == 784.0 and number.mistakes == (Mistake(57.0, "That is the sum."),)
    assert choice.options[0] == Option("`torch.int64`", "Whole numbers.", right=True) and not choice.several
    assert choice.code.startswith("import torch")
    assert shape.answer == (3,)
    assert order.items == ("predict", "loss", "gradients", "update")
    assert predict.answer == "[1, 2, 3]"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('kind = "number"', 'kind = "numbr"', "kind is 'numbr', expected one of choice"),
        ('kind = "number"', "", "kind is 'missing'"),
        ('why = "All are kept."', "", r"\(flat\): why is missing"),
        ("answer = 784", 'answer = "784"', "'784' is not an answer to a question of kind number"),
        ("answer = 784", "answer = true", "True is not an answer"),
        ("answer = 784", "answr = 784", "did you mean 'answer'"),
        ("answer = 57", "answer = 784", "the mistake 784.0 is the right answer"),
        ('ask = "How many numbers?"', "ask = 3", "ask must be text"),
        ('id = "dtype"', 'id = "flat"', "the id 'flat' is given to two questions"),
        ('why = "No decimal point."', "", "why is missing"),
        ("right = true", "right = false", "at least one with right = true"),
        ('proof = "x.dtype"', "", "expected a proof"),
        ("answer = [3]", "answer = [-3]", "not an answer to a question of kind shape"),
        ("answer = [3]", "answer = 3", "not an answer to a question of kind shape"),
        ('"loss", "gradients", "update"', '"loss"', "expected three to eight different items"),
        ('"loss", "gradients"', '"loss", "loss"', "expected three to eight different items"),
        ('text = "`torch.float32`"', 'text = "`torch.INT64`"', "is there twice"),
        ('"gradients", "update"]', '"gradients", "update"]\norders = [[1, 2, 3]]', "the numbers 1 to 4"),
        ('"gradients", "update"]', '"gradients", "update"]\norders = [[1, 2, 3, 4]]', "is that of the items"),
        ('"gradients", "update"]', '"gradients", "update"]\norders = 5', "the numbers 1 to 4"),
        ('answer = "[1, 2, 3]"', "", "either an answer or options"),
        ('title = "Tensors"', "", "expected a title"),
        ("answer = 784", "answer = 784\ntolerance = 'much'", "tolerance: 'much' is not an answer"),
        ("answer = 784", "answer = 784\nmistakes = 'x'", "is not a TOML file"),
        ("answer = [3]", "answer = [3]\nmistakes = 'x'", "expected a table of keys and values"),
        ('title = "Tensors"', "title = ", "is not a TOML file"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_the_file(read, before, after, said):
    assert QUIZ.count(before) == 1 or before.startswith("why"), "the test changes one place"
    with pytest.raises(TorchbookError, match=said) as error:
        read(QUIZ.replace(before, after))
    assert "\n" not in str(error.value).replace("(at line", "") and "01_tensors.toml" in str(error.value)


def test_questions_that_are_no_tables_are_refused(read):
    with pytest.raises(TorchbookError, match=r"expected a table \[\[question\]\], got 1"):
        read('title = "T"\nquestion = [1]')


def test_the_number_of_the_lesson_is_in_the_name_of_the_file(read):
    with pytest.raises(TorchbookError, match="starts with the number of its lesson"):
        read(QUIZ, "tensors.toml")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tensor([1,2])", "tensor( [1, 2] )"),
        ("True", "true"),
        ("a\nb", "a  b"),
        ("tensor([2.0, 0.50])", "tensor([2., 0.5])"),
        ("shape = 3", "shape=3"),
        ("10.00", "10."),
    ],
)
def test_spelling_does_not_matter(one, other):
    assert same_text(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("1 2", "12"), ("2.05", "2.5"), ("100", "1"), ("[1]", "(1)"), ("2", "2."), ("-1", "1")]
)
def test_content_matters(one, other):
    assert not same_text(one, other)


@given(st.lists(st.integers() | st.floats(allow_nan=False) | st.text("ab \n")))
def test_every_text_is_the_same_as_itself_with_more_space(values):
    assert same_text(str(values), str(values).replace(",", " ,  ") + "\n")


@given(st.floats(-1e6, 1e6), st.floats(0, 10), st.floats(-30, 30))
def test_a_number_is_right_within_its_tolerance(answer, tolerance, off):
    question = Question("id", "number", "?", answer=answer, tolerance=tolerance)
    if abs(abs(off) - tolerance) > 1e-2:
        assert question.is_answer(answer + off) == (abs(off) < tolerance)


def test_a_later_folder_replaces_a_quiz(tmp_path):
    (tmp_path / "01_own.toml").write_text(QUIZ)
    (tmp_path / "no_number.toml").write_text("")
    assert quizzes(tmp_path)[1] == tmp_path / "01_own.toml"
    assert len(quizzes(tmp_path)) == len({*quizzes(), 1})


@pytest.mark.parametrize(
    ("answer", "mistake", "given", "named"),
    [
        ("tensor([2, 5, 8])", "tensor([2, 5, 8, 11])", "2 5 8 11", True),
        ("7.0 torch.float64", "7.0 torch.float32", "7 float32", True),
        ("1.0", "0.0", "0", True),
        ("1.0", "-1.0", "1", False),  # the right number, only written otherwise
        ("tensor([2, 4])", "[2, 4]", "2 4", False),  # nothing but the brackets tells the two apart
        ("1.0", "0.0", "", False),
    ],
)
def test_a_mistake_is_known_by_its_words_and_numbers(answer, mistake, given, named):
    question = Question("id", "predict", "?", answer=answer, mistakes=(Mistake(mistake, "the reason"),))
    assert not question.is_answer(given)
    assert question.mistake(given) == ("the reason" if named else "")
