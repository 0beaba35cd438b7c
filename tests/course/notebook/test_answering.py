"""An exercise on a page, without the browser: what its buttons do."""

import subprocess
import sys

import pytest
from waiting import until

from torchbook.course.learner import progress, study
from torchbook.course.notebook import exercise
from torchbook.course.notebook.answering import ExerciseCard, Note
from torchbook.errors import TorchbookError

RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    print('seen')\n    return x + 2\n"


@pytest.fixture
def card(own, double):
    return ExerciseCard(own, double)


def checked(card, text):
    """The card after a check of this text."""
    card.check(text, card.text)
    until(lambda: not card.checking)
    return card.verdict


def test_a_card_begins_with_the_answer_as_it_is(card, double):
    assert card.text == double.starter and card.verdict == {} and card.hints == []
    assert card.head["title"] == "Times 2" and card.head["minutes"] == 3
    assert "<marimo-tex" in card.prompt
    assert not card.standing["passed"] and not card.standing["open"] and card.standing["to_go"] == 3


def test_a_known_mistake_gets_its_hint_and_the_case_is_told(card, own, double):
    verdict = checked(card, WRONG)
    assert own.answer(double).read_text() == WRONG
    assert verdict["outcome"] == "wrong" and verdict["mistake"] == "added"
    assert "<em>2</em>" in verdict["hint"] and verdict["printed"].startswith("seen")
    case = verdict["cases"][0]
    assert "double(" in case["call"] and case["returned"] and case["expected"]
    assert study.standing(own, double).mistakes == ("added",)


def test_a_right_answer_is_passed_and_recorded(card, own, double):
    verdict = checked(card, RIGHT)
    assert verdict["passed"] and verdict["cases"] == [] and verdict["message"] == ""
    assert card.standing["passed"] and card.standing["spent"].startswith("1 try")
    assert study.standing(own, double).passed


def test_the_check_is_of_what_was_typed_last(card):
    checked(card, WRONG)
    card.save("def double(x):\n    return 2\n", base=WRONG)
    assert checked(card, RIGHT)["passed"]


def test_what_is_asked_during_a_check_is_checked_after_it(card, own, double, monkeypatch):
    check = study.check

    def impatient(own, exercise, **options):
        verdict = check(own, exercise, **options)
        if not verdict.passed:
            card.check(WRONG, WRONG)  # the same once more is nothing new
            card.check(RIGHT, WRONG)
        return verdict

    monkeypatch.setattr(study, "check", impatient)
    assert checked(card, WRONG)["passed"]
    assert study.standing(own, double).tries == 2


def test_what_is_typed_after_it_was_asked_is_not_checked(card, own, double, monkeypatch):
    def typing(own, exercise, **options):
        card.save("def double(x):\n    return 3 * x\n", base=card.text)
        return check(own, exercise, **options)

    check = study.check
    monkeypatch.setattr(study, "check", typing)
    assert checked(card, RIGHT)["passed"]
    assert "3 * x" in own.answer(double).read_text()


def test_who_sees_a_verdict_can_ask_for_the_next(card, monkeypatch):
    sent = []
    monkeypatch.setattr(card, "send_state", lambda key: sent.append({key} if isinstance(key, str) else set(key)))
    checked(card, WRONG)
    assert {"verdict", "standing", "checking"} in sent


def test_who_starts_again_during_a_check_is_not_told_of_what_is_gone(card, own, double, monkeypatch):
    check = study.check

    def begun_again(own, exercise, **options):
        verdict = check(own, exercise, **options)
        card.reset()
        return verdict

    monkeypatch.setattr(study, "check", begun_again)
    assert checked(card, WRONG) == {} and card.text != WRONG
    assert study.standing(own, double).tries == 0
    monkeypatch.setattr(study, "check", check)
    assert checked(card, RIGHT)["passed"]


def test_where_the_original_went_is_still_said_after_a_check(own, double):
    own.answer(double).write_bytes("# Größe\n".encode("latin-1"))
    card = ExerciseCard(own, double)
    assert checked(card, RIGHT)["passed"]
    (kept,) = (own.folder / "kept").iterdir()
    assert str(kept) in card.notice
    checked(card, WRONG)
    assert card.notice == ""


def test_hints_come_one_by_one_and_stay_for_the_next_visit(card, own, double):
    for count in (1, 2, 2):
        card.hint()
        assert [hint["number"] for hint in card.hints] == [1, 2][:count]
    assert [hint["of"] for hint in ExerciseCard(own, double).hints] == [2, 2]


def test_the_solution_opens_after_three_honest_tries(card, own, double):
    with pytest.raises(TorchbookError, match="three to go"):
        card.show_solution()
    card._received(card, {"do": "show_solution"}, [])
    assert "three to go" in card.notice and card.solution == {}
    for number in (3, 4, 5):
        checked(card, f"def double(x):\n    return x * {number}\n")
    assert card.standing["open"]
    card.show_solution()
    assert card.solution["source"] == double.solution
    assert "-    return x * 5" in card.solution["diff"] and "+    return x * 2" in card.solution["diff"]


def test_start_again_keeps_a_copy(card, own, double):
    checked(card, WRONG)
    card.reset()
    assert card.text == own.answer(double).read_text() == double.starter
    assert card.verdict == {}
    assert [copy.read_text() for copy in (own.folder / "kept").iterdir()] == [WRONG]


def test_a_check_that_cannot_be_made_is_said(card, own, double):
    (double.folder / "checks.py").write_text("broken(")
    checked(card, RIGHT)
    assert "checks.py" in card.notice and card.verdict == {}


def test_work_that_begins_is_recorded(card, own):
    card.opened()
    assert progress.export(own.database)["events"][0]["what"] == "opened"


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
