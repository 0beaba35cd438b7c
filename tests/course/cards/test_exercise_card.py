"""An exercise on a page, without the page: what its buttons do."""

import functools

import pytest
from waiting import until

from torchbook.course.cards.exercise_card import ExerciseCard
from torchbook.course.grading.exercise import exercises
from torchbook.course.learner import progress, study
from torchbook.course.site.document_prose import prose
from torchbook.errors import TorchbookError

RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    print('seen')\n    return x + 2\n"


class Recorded:
    """A page that writes down what it is given."""

    def __init__(self):
        self.shown, self.sent = [], []

    def show(self, fields):
        self.shown.append(set(fields))

    def send(self, message):
        self.sent.append(message)


def made(own, exercise):
    return ExerciseCard(own, exercise, page=Recorded(), html=prose)


@pytest.fixture
def card(own, double):
    return made(own, double)


def checked(card, text):
    """The verdict on this text."""
    card.check(text, card.fields["text"])
    until(lambda: not card.fields["checking"], 250)  # the first one waits for the import of torch
    return card.fields["verdict"]


def test_a_card_begins_with_the_answer_as_it_is(card, double):
    assert card.fields["text"] == double.starter and card.fields["verdict"] == {} and card.fields["hints"] == []
    assert card.fields["head"]["title"] == "Times 2" and card.fields["head"]["minutes"] == 3
    assert "<math" in card.fields["prompt"]
    assert (
        not card.fields["standing"]["passed"]
        and not card.fields["standing"]["open"]
        and card.fields["standing"]["to_go"] == 3
    )


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
    assert card.fields["standing"]["passed"] and card.fields["standing"]["spent"].startswith("1 try")
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
        card.save("def double(x):\n    return 3 * x\n", base=card.fields["text"])
        return check(own, exercise, **options)

    check = study.check
    monkeypatch.setattr(study, "check", typing)
    assert checked(card, RIGHT)["passed"]
    assert "3 * x" in own.answer(double).read_text()


def test_who_sees_a_verdict_can_ask_for_the_next(card):
    checked(card, WRONG)
    assert {"verdict", "standing", "checking"} in card.page.shown


def test_who_starts_again_during_a_check_is_not_told_of_what_is_gone(card, own, double, monkeypatch):
    check = study.check

    def begun_again(own, exercise, **options):
        verdict = check(own, exercise, **options)
        card.reset()
        return verdict

    monkeypatch.setattr(study, "check", begun_again)
    assert checked(card, WRONG) == {} and card.fields["text"] != WRONG
    assert study.standing(own, double).tries == 0
    monkeypatch.setattr(study, "check", check)
    assert checked(card, RIGHT)["passed"]


def test_where_the_original_went_is_still_said_after_a_check(own, double):
    own.answer(double).write_bytes("# Größe\n".encode("latin-1"))
    card = made(own, double)
    assert checked(card, RIGHT)["passed"]
    (kept,) = (own.folder / "kept").iterdir()
    assert str(kept) in card.fields["notice"]
    checked(card, WRONG)
    assert card.fields["notice"] == ""


def test_hints_come_one_by_one_and_stay_for_the_next_visit(card, own, double):
    for count in (1, 2, 2):
        card.hint()
        assert [hint["number"] for hint in card.fields["hints"]] == [1, 2][:count]
    assert [hint["of"] for hint in made(own, double).fields["hints"]] == [2, 2]


def test_the_solution_opens_after_three_honest_tries(card, own, double):
    with pytest.raises(TorchbookError, match="three to go"):
        card.show_solution()
    card.obey({"do": "show_solution"})
    assert "three to go" in card.fields["notice"] and card.fields["solution"] == {}
    for number in (3, 4, 5):
        checked(card, f"def double(x):\n    return x * {number}\n")
    assert card.fields["standing"]["open"]
    card.show_solution()
    assert card.fields["solution"]["source"] == double.solution
    assert (
        "-    return x * 5" in card.fields["solution"]["diff"]
        and "+    return x * 2" in card.fields["solution"]["diff"]
    )


def test_start_again_keeps_a_copy(card, own, double):
    checked(card, WRONG)
    card.reset()
    assert card.fields["text"] == own.answer(double).read_text() == double.starter
    assert card.fields["verdict"] == {}
    assert [copy.read_text() for copy in (own.folder / "kept").iterdir()] == [WRONG]


def test_a_check_that_cannot_be_made_is_said(card, own, double):
    (double.folder / "checks.py").write_text("broken(")
    checked(card, RIGHT)
    assert "checks.py" in card.fields["notice"] and card.fields["verdict"] == {}


def test_work_that_begins_is_recorded(card, own):
    card.opened()
    assert progress.export(own.database)["events"][0]["what"] == "opened"


def test_a_loop_without_an_end_is_stopped_and_is_no_try(card, own, double, monkeypatch):
    patient = functools.partial(study.check, seconds=600.0)  # it does not end by its limit
    monkeypatch.setattr(study, "check", patient)
    endless = "def double(x):\n    while True:\n        pass\n"
    card.check(endless, card.fields["text"])
    until(lambda: "running" in card.page.shown or card.fields["checking"])
    card.obey({"do": "stop"})
    until(lambda: not card.fields["checking"], 250)
    assert card.fields["verdict"]["message"].startswith("You stopped it after")
    assert study.standing(own, double).tries == 0
    assert checked(card, RIGHT)["passed"]


def test_who_has_passed_reads_why_and_sees_another_way(own, double):
    (double.folder / "insight.md").write_text("Twice *is* the sum.\n")
    card = made(own, double)
    assert "insight" not in checked(card, WRONG)
    assert checked(card, RIGHT)["insight"] == "<p>Twice <em>is</em> the sum.</p>"
    card.show_solution()
    assert card.fields["solution"]["another"] == "def double(x):\n    return 2 * x\n"


def test_what_another_editor_saves_is_shown(card):
    card.file.path.write_text("elsewhere = 1\n")
    card.look()
    card.look()
    assert card.fields["text"] == "elsewhere = 1\n"


def test_only_commands_are_obeyed(card):
    before = dict(card.fields)
    for command in ("_check", "close", "show", "obey", ""):
        card.obey({"do": command})
    assert card.fields == before


@pytest.mark.parametrize("exercise", [each for each in exercises() if each.insight], ids=lambda each: each.name)
def test_an_insight_is_short_and_can_be_shown(exercise):
    html = prose(exercise.insight)
    assert html.startswith("<p>") and html.count("<p>") == 1 and len(exercise.insight.split()) <= 50
