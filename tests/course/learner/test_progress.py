import contextlib
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
    import_from,
    quiz_results,
    record,
    record_answer,
    standings,
    trouble,
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
    before = database.read_bytes()
    assert standings(database) == {} and database.read_bytes() == before
    (message,) = trouble(database)
    assert "progress.db is damaged" in message
    database.unlink()
    record(database, "double", "opened")
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert standings(database) == {} and "newer torchbook" in trouble(database)[0]
    before = database.read_bytes()
    with pytest.raises(TorchbookError, match="newer torchbook"):
        record(database, "double", "opened")
    assert database.read_bytes() == before


def damaged(database, how):
    """The content of a database that was damaged."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if how == "other tables":
            connection.executescript("DROP TABLE event; CREATE TABLE event (x); INSERT INTO event VALUES (1)")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    content = database.read_bytes()
    half = len(content) // 2
    return {
        "text": b"no database at all" * 1000,
        "empty header": b"\0" * 100 + content[100:],
        "cut": content[:half],
        "pages": content[:4096] + b"\xff" * (len(content) - 4096),
        "other tables": content,
    }[how]


@pytest.mark.parametrize("how", ["text", "empty header", "cut", "pages", "other tables"])
def test_a_damaged_record_is_kept_and_its_copy_takes_its_place(database, how):
    for number in range(60):
        record(database, f"exercise{number}", "attempt", outcome="passed", fingerprint=str(number))
    (copy,) = (database.parent / "copies").iterdir()
    copy.unlink()
    record_answer(database, 1, "first", right=True)  # the first event of another day
    content = damaged(database, how)
    database.write_bytes(content)
    assert trouble(database)
    record(database, "after", "attempt", outcome="passed", fingerprint="x")
    now = standings(database)
    assert now["after"].passed and all(now[f"exercise{number}"].passed for number in range(60))
    (kept,) = (database.parent / "kept").glob("progress.*.db")
    assert kept.read_bytes() == content and str(kept) in trouble(database)[0]
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    record(database, "again", "opened")
    assert len(standings(database)) == 62 and len(list((database.parent / "kept").iterdir())) == 1


def test_one_copy_a_day_is_made_and_a_week_of_them_is_kept(database):
    record(database, "double", "opened")
    folder = database.parent / "copies"
    assert not folder.exists()  # there was nothing to copy
    for _ in range(3):
        record(database, "double", "opened")
    (today,) = folder.iterdir()
    for day in range(1, 10):
        (folder / f"progress.2020-01-0{day}.db").write_bytes(b"")
    today.unlink()
    record(database, "double", "opened")
    names = sorted(path.name for path in folder.iterdir())
    assert names == [*(f"progress.2020-01-0{day}.db" for day in range(4, 10)), today.name]


def test_odd_rows_cost_themselves_and_are_told(database):
    attempt(database, "passed", "a")
    record_answer(database, 1, "first", right=True)
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        columns = "(at, exercise, what, outcome, mistake, fingerprint)"
        for at, name in (("yesterday", "b"), (1e300, "c"), (b"x", "d"), (float("inf"), "e"), (1.0, b"\xff"), (1.0, 5)):
            connection.execute(f"INSERT INTO event {columns} VALUES (?, ?, 'attempt', 'passed', '', 'x')", (at, name))
        connection.execute("INSERT INTO answer (at, lesson, question, correct, given) VALUES (1, 'one', 'q', 1, '')")
    assert {*standings(database)} <= {"double", "5"} and quiz_results(database) == {1: {"first": True}}
    assert len(export(database)["answers"]) == 1
    (message,) = trouble(database)
    assert "6 odd rows" in message


def test_what_is_exported_comes_back_once(database, tmp_path):
    for number in range(5):
        attempt(database, "wrong", str(number), mistake="added")
    attempt(database, "passed", "b")
    record_answer(database, 3, "first", right=False, given="a")
    file, other = tmp_path / "out.json", tmp_path / "other" / "progress.db"
    other.parent.mkdir()
    file.write_text(json.dumps(export(database)))
    assert import_from(other, file) == (7, 0) and import_from(other, file) == (0, 0)
    assert export(other) == export(database)
    assert import_from(database, file) == (0, 0)
    third = tmp_path / "third.db"
    assert import_from(third, database) == (7, 0) and export(third) == export(database)
    rows = export(database)
    odd = [None, 3, {}, {"at": "x"}, rows["events"][0] | {"at": "9" * 400}, rows["events"][0] | {"at": "12026-01-01"}]
    file.write_text(json.dumps(rows | {"events": [*odd, rows["events"][0] | {"exercise": "new"}]}))
    assert import_from(database, file) == (1, 6)
    for content in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000):
        file.write_bytes(content)
        with pytest.raises(TorchbookError, match=r"out\.json is damaged"):
            import_from(database, file)
