import json
import os
import signal
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.course.learner.progress import (
    HONEST_TRIES,
    PAUSE,
    Standing,
    export,
    quiz_results,
    record,
    record_answer,
    standings,
)
from torchbook.errors import TorchbookError

WRITER = """
import sys
from pathlib import Path
from torchbook.course.learner.progress import record, record_answer
for i in range(int(sys.argv[3])):
    record(Path(sys.argv[1]), sys.argv[2], "attempt", outcome="wrong", fingerprint=str(i))
    record_answer(Path(sys.argv[1]), 1, sys.argv[2], right=True)
    print(i, flush=True)
"""


@pytest.fixture
def database(tmp_path):
    return tmp_path / "progress.db"


def attempt(database, outcome, fingerprint, **more):
    record(database, "double", "attempt", outcome=outcome, fingerprint=fingerprint, **more)


def test_nothing_is_known_before_the_first_event_and_reading_makes_no_file(database):
    assert standings(database) == {} and quiz_results(database) == {}
    assert export(database) == {"version": 1, "events": [], "answers": []}
    assert not database.exists()


def test_tries_hints_and_mistakes_are_those_up_to_the_pass(database):
    attempt(database, "not attempted", "starter")
    attempt(database, "wrong", "a", mistake="added")
    attempt(database, "wrong", "a", mistake="added")
    record(database, "double", "hint")
    attempt(database, "passed", "b")
    attempt(database, "wrong", "c")
    record(database, "double", "hint")
    now = standings(database)["double"]
    assert now.passed and now.may_see_solution
    assert (now.tries, now.hints, now.hints_now, now.solution_seen) == (2, 1, 2, False)
    assert set(now.mistakes) == {"added"}
    assert now.last_outcome == "wrong"


def test_the_solution_opens_after_different_honest_tries_only(database):
    for _ in range(5):
        attempt(database, "wrong", "the same")
        attempt(database, "error", "")
        attempt(database, "not attempted", "starter")
    assert not standings(database)["double"].may_see_solution
    for i in range(HONEST_TRIES - 1):
        assert not standings(database)["double"].may_see_solution
        attempt(database, "crashed", str(i))
    assert standings(database)["double"].may_see_solution
    record(database, "double", "reset")
    assert standings(database)["double"].may_see_solution, "what was open stays open"


def test_a_new_round_is_judged_by_itself_once_it_is_passed(database):
    record(database, "double", "solution")
    attempt(database, "passed", "a")
    record(database, "double", "reset")
    record(database, "double", "hint")
    between = standings(database)["double"]
    assert between.passed and between.solution_seen and between.hints_now == 1
    attempt(database, "passed", "b")
    after = standings(database)["double"]
    assert after.passed and not after.solution_seen and after.hints == 1


def test_the_last_answer_to_a_question_counts(database):
    for right in (True, False):
        record_answer(database, 13, "softmax-sum", right=right, given="1")
    record_answer(database, 13, "other", right=True)
    assert quiz_results(database) == {13: {"softmax-sum": False, "other": True}}


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 3 * PAUSE), st.sampled_from(["double", "triple", ""])), max_size=6))
def test_time_spent_is_the_time_between_events_without_the_pauses(tmp_path_factory, steps):
    database, at, expected = tmp_path_factory.mktemp("time") / "progress.db", 1e9, {"double": 0.0, "triple": 0.0}
    for i, (gap, name) in enumerate(steps):
        at += gap
        if i and gap <= PAUSE and name:
            expected[name] += gap
        if name:
            record(database, name, "opened", at=at)
        else:
            record_answer(database, 1, "question", right=True, at=at)
    now = standings(database)
    for name, seconds in expected.items():
        assert now.get(name, Standing()).seconds == pytest.approx(seconds, abs=1e-3)


def test_the_export_is_complete_json(database):
    attempt(database, "wrong", "a", mistake="added", at=0.0)
    record_answer(database, 1, "first", right=False, given="b", at=1.5)
    assert json.loads(json.dumps(export(database))) == {
        "version": 1,
        "events": [
            {
                "at": "1970-01-01T00:00:00.000+00:00",
                "exercise": "double",
                "what": "attempt",
                "outcome": "wrong",
                "mistake": "added",
                "fingerprint": "a",
            }
        ],
        "answers": [
            {"at": "1970-01-01T00:00:01.500+00:00", "lesson": 1, "question": "first", "correct": False, "given": "b"}
        ],
    }


def test_several_windows_at_once_lose_nothing(database):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, database, name, "15"], stdout=subprocess.DEVNULL)
        for name in ("one", "two", "three")
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert {name: now.honest for name, now in standings(database).items()} == {"one": 15, "two": 15, "three": 15}
    assert len(export(database)["answers"]) == 45


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_what_was_recorded_survives_a_kill(database):
    for turn in range(2):
        command = [sys.executable, "-c", WRITER, database, f"turn{turn}", "1000000"]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(5 + 7 * turn):
            done = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        done = max([done, *(int(line) for line in writer.communicate()[0].split())])
        assert standings(database)[f"turn{turn}"].honest >= done + 1
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_file_that_is_no_database_or_from_the_future_is_named(database):
    database.write_text("this is no database, and long enough to be looked at as one" * 50)
    with pytest.raises(TorchbookError, match=r"progress\.db is damaged"):
        record(database, "double", "opened")
    database.unlink()
    record(database, "double", "opened")
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(TorchbookError, match="newer torchbook"):
        standings(database)
