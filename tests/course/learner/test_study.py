import os
import re
import subprocess
import sys

import pytest

from torchbook.cli import main
from torchbook.course.grading import checking
from torchbook.course.grading.answer_text import text_of
from torchbook.course.learner import progress, study
from torchbook.course.learner.progress import HONEST_TRIES, record
from torchbook.course.site.lesson_status import lesson_statuses
from torchbook.errors import TorchbookError


def test_the_core_knows_no_screen_and_needs_no_torch():
    names = [
        "learner.workspace",
        "learner.progress",
        "learner.study",
        "texts.quiz",
        "texts.quiz_marks",
        "texts.glossary",
    ]
    names += ["texts.plan", "workers.snippets", "authoring.proofs", "cards.exercise_card", "cards.quiz_card"]
    source = "import sys; " + "; ".join(f"import torchbook.course.{name}" for name in names)
    source += "; sys.exit(' '.join({'rich', 'tyro', 'torch', 'marimo', 'anywidget', 'starlette'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", source], capture_output=True, text=True).stderr.strip() == ""


def test_a_check_is_recorded_with_its_outcome_and_mistake(own, double, answer):
    assert study.check(own, double).outcome == "not attempted"
    answer(double, "mistakes/added.py")
    verdict = study.check(own, double)
    assert (verdict.outcome, verdict.mistake) == ("wrong", "added")
    answer(double, "alternatives/turned.py")
    assert study.check(own, double).passed
    now = study.standing(own, double)
    assert now.passed and now.tries == 2 and now.mistakes == ("added",)
    outcomes = [event["outcome"] for event in progress.export(own.database)["events"]]
    assert outcomes == ["not attempted", "wrong", "passed"]


def test_a_check_is_of_what_stood_in_the_file_when_it_was_asked_for(own, double, answer, monkeypatch):
    """A worker may take seconds until it is ready, and the learner types on."""

    def late(request, **options):
        answer(double, "def double(x):\n    return 3 * x\n")
        return run(request, **options)

    run = checking.run
    monkeypatch.setattr(checking, "run", late)
    answer(double, "alternatives/turned.py")
    assert study.check(own, double).passed
    answer(double, "def double(x):\n    return x @ 2\n")
    assert "    return x @ 2" in study.check(own, double).message


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_mark_at_the_beginning_of_a_file_changes_nothing(own, double, mark):
    path = own.answer(double)
    path.write_bytes(mark + double.starter.replace("\n", "\r\n").encode())
    assert study.check(own, double).outcome == "not attempted" and not study.has_begun(own, double)
    for number in (3, 4, 5):
        path.write_bytes(mark + b"def double(x):\r\n    return x * %d\r\n" % number)
        assert study.check(own, double).outcome == "wrong"
    assert study.standing(own, double).may_see_solution


def test_checking_never_changes_the_answer(own, double, answer):
    path = answer(double, "mistakes/added.py")
    before = (text_of(path), path.stat().st_mtime_ns)
    study.check(own, double)
    study.hint(own, double)
    assert (text_of(path), path.stat().st_mtime_ns) == before


def test_an_answer_that_is_gone_is_named(own, double):
    own.answer(double).unlink()
    with pytest.raises(TorchbookError, match="torchbook reset double"):
        study.check(own, double)


def test_hints_come_one_after_the_other_and_the_last_stays(own, double):
    shown = [study.hint(own, double) for _ in range(3)]
    assert [one.text for one in shown] == ["Vague.", "Concrete.", "Concrete."]
    assert [one.number for one in shown] == [1, 2, 2]
    assert study.standing(own, double).hints == 2
    study.reset(own, double)
    assert study.hint(own, double).number == 1


def test_the_solution_opens_after_three_answers_that_do_different_things(own, double, answer):
    with pytest.raises(TorchbookError, match="three to go"):
        study.solution(own, double)
    tries = [
        ("def double(x):\n    return x\n", 1),
        ("def double(x):\n    # a comment is no other try\n    return x\n", 1),
        ("def double(x:\n", 1),
        ("def double(x):\n    return x * 3\n", 2),
        ("def double(x):\n    return x - x\n", 3),
    ]
    for text, honest in tries:
        answer(double, text)
        study.check(own, double)
        assert study.standing(own, double).honest == honest
    assert honest == HONEST_TRIES
    shown = study.solution(own, double)
    assert shown.source == double.solution
    assert "-    return x - x" in shown.diff and "+    return x * 2" in shown.diff
    assert study.standing(own, double).solution_seen
    own.answer(double).unlink()
    assert study.solution(own, double).diff == ""


def test_after_a_pass_the_solution_is_open(own, double, answer):
    answer(double, "alternatives/turned.py")
    study.check(own, double)
    assert "+    return x * 2" in study.solution(own, double).diff


def test_where_the_learner_is(own, double, triple, answer):
    both = own.exercises()
    assert study.current(own, both) == double
    record(own.database, "triple", "opened")
    assert study.current(own, both) == triple, "touched last"
    answer(double, "mistakes/added.py")
    assert study.current(own, both) == double, "saved last"
    study.check(own, double)
    assert study.current(own, both) == double, "checked last"
    answer(double, "alternatives/turned.py")
    study.check(own, double)
    assert study.current(own, both) == triple, "the next that is not passed"
    answer(triple, "alternatives/turned.py")
    study.check(own, triple)
    assert study.current(own, both) is None
    answer(double, "mistakes/added.py")
    os.utime(own.answer(double), (2e9, 2e9))
    assert study.current(own, both) == double, "saved after its last check"


def test_what_follows_begins_again_at_the_end(own, double, triple):
    both = own.exercises()
    assert study.following(both, None, {}) == double
    assert study.following(both, double, {}) == triple
    assert study.following(both, triple, {}) == double
    passed = {"double": progress.Standing(passed=True)}
    assert study.following(both, triple, passed) is None


@pytest.mark.parametrize("name", ["double", "Double", "01_tensors/double", "answers/01_tensors/double.py", "TIMES 2"])
def test_an_exercise_has_several_names(own, double, name):
    assert study.find_exercise(own.exercises(), name) == double


def test_a_wrong_name_gets_the_nearest(own):
    with pytest.raises(TorchbookError, match="did you mean 'double'"):
        study.find_exercise(own.exercises(), "duoble")
    with pytest.raises(TorchbookError, match="torchbook progress lists"):
        study.find_exercise(own.exercises(), "zzz")


def test_what_to_review(own, double, triple):
    database, both = own.database, own.exercises()
    record(database, "double", "attempt", outcome="wrong", mistake="added", fingerprint="a")
    assert study.review(own, both) == [], "what is not passed is not yet to be reviewed"
    record(database, "double", "solution")
    record(database, "double", "attempt", outcome="passed", fingerprint="b")
    assert [(one.exercise, one.reason) for one in study.review(own, both)] == [
        ("double", "passed after the solution was shown")
    ]
    record(database, "triple", "attempt", outcome="wrong", mistake="added", fingerprint="a")
    first = study.questions(own)[2][0]
    progress.record_answer(database, 2, first, right=False)
    found = study.review(own, both)
    assert [one.exercise for one in found] == ["double", "triple", ""]
    assert "'added' came up in double, triple" in found[1].reason and "quiz 02" in found[2].reason
    record(database, "double", "reset")
    record(database, "double", "attempt", outcome="passed", fingerprint="b")
    progress.record_answer(database, 2, first, right=True)
    assert study.review(own, both) == [], "done again without help"


def test_answers_to_questions_that_are_gone_count_nowhere(taught, capsys):
    names = study.questions(taught)[90]
    for name, right in {names[0]: True, "gone": True, "gone_too": False}.items():
        progress.record_answer(taught.database, 90, name, right=right)
        progress.record_answer(taught.database, 77, name, right=right)
    assert study.quiz_results(taught) == {90: {names[0]: True}}
    assert [one for one in study.review(taught, taught.exercises()) if one.lesson in (77, 90)] == []
    stop = next(stop for stop in lesson_statuses(taught, {}) if stop.number == 90)
    assert (stop.right, stop.questions) == (1, 3)
    assert main(["progress"]) == 0
    said = capsys.readouterr().out
    assert "quiz 1/3" in said and " 1 of " in said.splitlines()[-1].partition("exercises")[2]
    assert main(["quiz"]) == 0
    assert re.search(r"90 Own +1 of 3 right", capsys.readouterr().out)


def test_an_answer_counts_as_passed_while_it_is_as_it_was(own, double, triple, answer):
    exercises = [double, triple]
    assert study.passed_answers(own, exercises) == {}
    file = answer(double, "solution.py")
    study.check(own, double)
    file.write_text("# another comment\n" + file.read_text())
    assert study.passed_answers(own, exercises) == {double.name: file}
    answer(double, "mistakes/added.py")
    study.check(own, double)
    assert study.standing(own, double).passed and study.passed_answers(own, exercises) == {}


def test_an_earlier_answer_is_doubted_until_it_has_passed(taught):
    exercises = {exercise.name: exercise for exercise in taught.exercises()}
    engine, functions = exercises["scalar_engine"], exercises["engine_functions"]
    for exercise, text in (
        (engine, engine.solution + "\n\nMINE = True\n"),
        (functions, functions.solution.replace("(power,))", "(1.0,))")),
    ):
        taught.answer(exercise).parent.mkdir(parents=True, exist_ok=True)
        taught.answer(exercise).write_text(text)
    question = "This uses your own answer to `scalar_engine`: is that right?"
    assert question in study.check(taught, functions).message
    assert study.check(taught, engine).passed
    assert question not in study.check(taught, functions).message


def test_a_question_comes_back_later_each_time_it_was_right(taught):
    day, now = 24 * 3600, 1e9
    assert study.come_back(taught, now=now) is None

    def answered(name, days_ago, *, right=True, lesson=90):
        progress.record_answer(taught.database, lesson, name, right=right, at=now - days_ago * day)

    answered("sum", 2)
    assert study.come_back(taught, now=now) is None
    assert study.come_back(taught, now=now + day) == study.ComeBack(90, ("sum",))
    answered("sum", 0)  # right twice: six days
    assert study.come_back(taught, now=now + 5 * day) is None
    answered("which", 1, right=False)
    answered("gone", 50)
    assert study.come_back(taught, now=now) == study.ComeBack(90, ("which",))
    assert study.come_back(taught, now=now + 6.5 * day) == study.ComeBack(90, ("which", "sum"))
    answered("epoch-or-step", 40, lesson=8)
    assert study.come_back(taught, now=now) == study.ComeBack(8, ("epoch-or-step",))
