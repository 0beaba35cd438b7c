"""The record of what the learner has done, in one SQLite file: every attempt, hint and quiz answer.

The file is in WAL mode: several windows may use it at once, and a process that is killed loses nothing it has recorded.
Every call opens the file, does one transaction and closes it, so that threads and processes need no agreement.
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from torchbook.errors import TorchbookError

# So many different attempts open the solution.
HONEST_TRIES = 3
# A pause longer than this (seconds) does not count as time spent.
PAUSE = 20 * 60

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, exercise TEXT NOT NULL, what TEXT NOT NULL,
    outcome TEXT NOT NULL, mistake TEXT NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answer (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, lesson INTEGER NOT NULL, question TEXT NOT NULL,
    correct INTEGER NOT NULL, given TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Standing:
    """The learner's progress with one exercise.

    `tries`, `hints` and `mistakes` count up to the pass: in the last round that has one (`reset` begins a round),
    or else in the last round. `hints_now` counts the hints of the present round, `honest` the different attempts that
    failed in all rounds, `seconds` is the time spent. `last_at` and `last_attempt` are in seconds since 1970.
    """

    passed: bool = False
    tries: int = 0
    hints: int = 0
    hints_now: int = 0
    solution_seen: bool = False
    honest: int = 0
    seconds: float = 0.0
    last_outcome: str = ""
    last_at: float = 0.0
    last_attempt: float = 0.0
    mistakes: tuple[str, ...] = ()

    @property
    def may_see_solution(self) -> bool:
        """True after a pass or three honest tries, and from then on."""
        return self.passed or self.honest >= HONEST_TRIES


def record(
    database: Path,
    exercise: str,
    event: Literal["opened", "attempt", "hint", "solution", "reset"],
    *,
    outcome: str = "",
    mistake: str = "",
    fingerprint: str = "",
    at: float | None = None,
) -> None:
    """Records one event. `fingerprint` tells different attempts apart; "" marks an attempt that is not an honest one.

    `at` is in seconds since 1970, by default now.
    """
    row = (time.time() if at is None else at, exercise, event, outcome, mistake, fingerprint)
    with _transaction(database) as connection:
        connection.execute(
            "INSERT INTO event (at, exercise, what, outcome, mistake, fingerprint) VALUES (?,?,?,?,?,?)", row
        )


def record_answer(
    database: Path, lesson: int, question: str, *, right: bool, given: str = "", at: float | None = None
) -> None:
    """Records the answer to one question of a quiz."""
    row = (time.time() if at is None else at, lesson, question, int(right), given)
    with _transaction(database) as connection:
        connection.execute("INSERT INTO answer (at, lesson, question, correct, given) VALUES (?,?,?,?,?)", row)


def standings(database: Path) -> dict[str, Standing]:
    """Returns the learner's progress with every exercise that was ever touched, by name."""
    events = _rows(database, "event")
    spent = _time_spent(
        [(row["at"], row["exercise"]) for row in events], [row["at"] for row in _rows(database, "answer")]
    )
    names = dict.fromkeys(row["exercise"] for row in events)
    return {name: _standing([row for row in events if row["exercise"] == name], spent[name]) for name in names}


def passed(database: Path) -> dict[str, set[str]]:
    """Returns the fingerprints of all attempts that passed, by exercise."""
    fingerprints: dict[str, set[str]] = {}
    for row in _rows(database, "event"):
        if row["outcome"] == "passed" and row["fingerprint"]:
            fingerprints.setdefault(row["exercise"], set()).add(row["fingerprint"])
    return fingerprints


def quiz_results(database: Path) -> dict[int, dict[str, bool]]:
    """Returns, for every lesson whose quiz was tried, the questions answered; True where the last answer was right."""
    results: dict[int, dict[str, bool]] = {}
    for row in _rows(database, "answer"):
        results.setdefault(row["lesson"], {})[row["question"]] = bool(row["correct"])
    return results


def answers(database: Path) -> dict[tuple[int, str], list[tuple[float, bool]]]:
    """Returns, for every lesson and question that was answered, when, and whether it was right, in that order."""
    given: dict[tuple[int, str], list[tuple[float, bool]]] = {}
    for row in _rows(database, "answer"):
        given.setdefault((row["lesson"], row["question"]), []).append((row["at"], bool(row["correct"])))
    return given


def export(database: Path) -> dict[str, Any]:
    """Returns everything that was recorded, ready for JSON; times in ISO 8601 (UTC)."""
    tables = {name: [dict(row) for row in _rows(database, name)] for name in ("event", "answer")}
    for row in (*tables["event"], *tables["answer"]):
        row["at"] = datetime.fromtimestamp(row["at"], UTC).isoformat(timespec="milliseconds")
        row.pop("id")
    for row in tables["answer"]:
        row["correct"] = bool(row["correct"])
    return {"version": _VERSION, "events": tables["event"], "answers": tables["answer"]}


def _standing(events: Sequence[sqlite3.Row], seconds: float) -> Standing:
    rounds: list[list[sqlite3.Row]] = [[]]
    for row in events:
        if row["what"] == "reset":
            rounds.append([])
        else:
            rounds[-1].append(row)
    ended = [part for part in rounds if any(row["outcome"] == "passed" for row in part)]
    counted = (ended or rounds)[-1]
    until = next((i for i, row in enumerate(counted) if row["outcome"] == "passed"), len(counted) - 1)
    counted = counted[: until + 1]
    attempts = [row for row in events if row["what"] == "attempt"]
    failed = {row["fingerprint"] for row in attempts if row["outcome"] not in ("passed", "not attempted")}
    return Standing(
        passed=bool(ended),
        tries=_tries(counted),
        hints=sum(row["what"] == "hint" for row in counted),
        hints_now=sum(row["what"] == "hint" for row in rounds[-1]),
        solution_seen=any(row["what"] == "solution" for row in counted),
        honest=len(failed - {""}),
        seconds=seconds,
        last_outcome=attempts[-1]["outcome"] if attempts else "",
        last_at=events[-1]["at"],
        last_attempt=attempts[-1]["at"] if attempts else 0.0,
        mistakes=tuple(row["mistake"] for row in counted if row["mistake"]),
    )


def _tries(events: Sequence[sqlite3.Row]) -> int:
    """Returns the number of attempts; one that only repeats the one before it does not count."""
    attempts = [(row["fingerprint"], row["outcome"]) for row in events if row["what"] == "attempt"]
    attempts = [attempt for i, attempt in enumerate(attempts) if i == 0 or attempt != attempts[i - 1] or not attempt[0]]
    return sum(outcome != "not attempted" for _, outcome in attempts)


def _time_spent(events: list[tuple[float, str]], answers: list[float]) -> dict[str, float]:
    """Returns the seconds spent on each exercise: the time from any event to its next one, without long pauses."""
    spent = dict.fromkeys((name for _, name in events), 0.0)
    before = None
    for at, name in sorted([*events, *((at, "") for at in answers)], key=lambda pair: pair[0]):
        if before is not None and name and at - before <= PAUSE:
            spent[name] += at - before
        before = at
    return spent


def _rows(database: Path, table: str) -> list[sqlite3.Row]:
    if not database.exists():
        return []
    with _transaction(database) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY at, id").fetchall()


@contextlib.contextmanager
def _transaction(database: Path) -> Iterator[sqlite3.Connection]:
    """Opens the database for one transaction; creates the tables if they are missing."""
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=20)) as connection, connection:
            connection.row_factory = sqlite3.Row
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise TorchbookError(f"{database} was written by a newer torchbook; upgrade: pip install -U torchbook")
            if version < _VERSION:
                # Another window may be doing the same at this moment; then its change is as good.
                with contextlib.suppress(sqlite3.OperationalError):
                    connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
            yield connection
    except sqlite3.OperationalError as error:
        raise TorchbookError(
            f"{database} cannot be used: {error}; is the folder there, writable and not full?"
        ) from None
    except sqlite3.DatabaseError as error:
        raise TorchbookError(f"{database} is damaged ({error}); move it away, and a new one will be made") from None
