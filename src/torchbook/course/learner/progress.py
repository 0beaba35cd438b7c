"""The record of what the learner has done, in one SQLite file: every attempt, hint and quiz answer.

The file is in WAL mode: several windows may use it at once, and a process that is killed loses nothing it has recorded.
Every call opens the file, does one transaction and closes it, so that threads and processes need no agreement.

Reading never fails and never changes a file: what cannot be read counts as not done, and `trouble` says so. Before the
first event of a day the file is copied. A damaged one is moved to `kept/` at the next event; the newest copy, with what
can still be read of the damaged one, takes its place.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

from torchbook.errors import TorchbookError
from torchbook.record import Number, misfit, read_record

# So many different attempts open the solution.
HONEST_TRIES = 3
# A pause longer than this (seconds) does not count as time spent.
PAUSE = 20 * 60

# So many daily copies are there at most, and so many days one is told that the file was damaged.
_COPIES, _TOLD = 7, 7
_LARGEST = 256 << 20  # bytes of an exported file

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, exercise TEXT NOT NULL, what TEXT NOT NULL,
    outcome TEXT NOT NULL, mistake TEXT NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answer (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, lesson INTEGER NOT NULL, question TEXT NOT NULL,
    correct INTEGER NOT NULL, given TEXT NOT NULL);
"""
_COLUMNS = {
    "event": ("at", "exercise", "what", "outcome", "mistake", "fingerprint"),
    "answer": ("at", "lesson", "question", "correct", "given"),
}
# What each row must be; SQLite itself lets a column hold anything.
_TEXT = "'text'"
_TYPES = {"at": "'real', 'integer'", "lesson": "'integer'", "correct": "'integer'"}
_SOUND = {
    table: " AND ".join(["abs(at) < 1e11", *(f"typeof({name}) IN ({_TYPES.get(name, _TEXT)})" for name in columns)])
    for table, columns in _COLUMNS.items()
}
_EXPORTED = {"version": Number(1, _VERSION, whole=True), "events": [object], "answers": [object]}
_SHAPES = {
    "event": dict.fromkeys(_COLUMNS["event"], str),
    "answer": {"at": str, "lesson": Number(0, 9999, whole=True), "question": str, "correct": bool, "given": str},
}


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
    _insert(database, {"event": [row]})


def record_answer(
    database: Path, lesson: int, question: str, *, right: bool, given: str = "", at: float | None = None
) -> None:
    """Records the answer to one question of a quiz."""
    row = (time.time() if at is None else at, lesson, question, int(right), given)
    _insert(database, {"answer": [row]})


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
    tables = {name: [dict(row) for row in _rows(database, name)] for name in _COLUMNS}
    for row in (*tables["event"], *tables["answer"]):
        row["at"] = datetime.fromtimestamp(round(row["at"], 3), UTC).isoformat(timespec="milliseconds")
        row.pop("id")
    for row in tables["answer"]:
        row["correct"] = bool(row["correct"])
    return {"version": _VERSION, "events": tables["event"], "answers": tables["answer"]}


def import_from(database: Path, file: Path) -> tuple[int, int]:
    """Adds what a file has that is not recorded yet: one that `export` filled, or a copy of a database.

    Returns how many events and answers were added, and how many were left out because they are none.

    Raises:
        TorchbookError: the file is neither, or is of a newer torchbook.
    """
    with file.open("rb") as opened:
        is_database = opened.read(15) == b"SQLite format 3"
    if is_database:
        rows, odd = _readable_rows(file), 0
        return _merge(database, rows), odd
    exported = read_record(file, _EXPORTED, largest=_LARGEST)
    rows, odd = {name: [] for name in _COLUMNS}, 0
    for table, name in (("event", "events"), ("answer", "answers")):
        for fields in exported[name]:
            try:
                if misfit(fields, _SHAPES[table]):
                    raise ValueError
                at = datetime.fromisoformat(fields["at"]).timestamp()
                rows[table].append((at, *(fields[column] for column in _COLUMNS[table][1:])))
            except (ValueError, OverflowError, OSError):
                odd += 1
    return _merge(database, rows), odd


def trouble(database: Path) -> list[str]:
    """Returns in words what is wrong with the record, for whoever shows it."""
    words = []
    kept = sorted((database.parent / "kept").glob(f"{database.stem}.*.db"))
    if kept and time.time() - kept[-1].stat().st_mtime < _TOLD * 24 * 3600:
        words.append(f"{database.name} was damaged: it is kept as {kept[-1]}, and what could be read is used")
    if not database.exists():
        return words
    try:
        with _transaction(database) as connection:
            counts = [f"(SELECT count(*) FROM {name} WHERE NOT ({sound}))" for name, sound in _SOUND.items()]
            odd = connection.execute(f"SELECT {' + '.join(counts)}").fetchone()[0]
    except TorchbookError as error:
        return [*words, f"Your progress is not shown: {error}"]
    return [*words, f"{database} has {odd} odd rows, which are left out"] if odd else words


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
    try:
        with _transaction(database) as connection:
            return connection.execute(f"SELECT * FROM {table} WHERE {_SOUND[table]} ORDER BY at, id").fetchall()
    except TorchbookError:  # `trouble` says so
        return []


_Rows = dict[str, list[tuple[Any, ...]]]


class _Damaged(TorchbookError):
    """The file is no database of ours any more."""


def _insert(database: Path, rows: _Rows) -> None:
    """Adds rows to the tables; a damaged file is mended first."""
    try:
        _check(database)
        _copy_of_today(database)
    except _Damaged:
        _mend(database)
    _add(database, rows)


def _check(database: Path) -> None:
    """Looks at all pages, for a row can be written beside damage that reading meets (a millisecond)."""
    if database.exists():
        with _transaction(database) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("its pages do not fit together")
            for table, columns in _COLUMNS.items():
                connection.execute(f"SELECT {','.join(columns)} FROM {table} LIMIT 1")


def _add(database: Path, rows: _Rows) -> None:
    with _transaction(database) as connection:
        for table, added in rows.items():
            columns = _COLUMNS[table]
            marks = ",".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", added)


def _merge(database: Path, rows: _Rows) -> int:
    missing = _missing(database, rows)
    if any(missing.values()):
        _insert(database, missing)
    return sum(map(len, missing.values()))


def _missing(database: Path, rows: _Rows) -> _Rows:
    """The rows that are not there yet; times are compared at milliseconds, which is what is exported."""
    missing: _Rows = {}
    for table, given in rows.items():
        there = {_same(tuple(row[column] for column in _COLUMNS[table])) for row in _rows(database, table)}
        missing[table] = list({_same(row): row for row in given if _same(row) not in there}.values())
    return missing


def _same(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (round(row[0], 3), *row[1:])


def _copies(database: Path) -> list[Path]:
    """The daily copies, the newest first."""
    return sorted((database.parent / "copies").glob(f"{database.stem}.*.db"), reverse=True)


def _copy_of_today(database: Path) -> None:
    """Copies the file before the first event of a day. A copy that cannot be made is none, and nothing else."""
    copy = database.parent / "copies" / f"{database.stem}.{datetime.now():%Y-%m-%d}.db"
    if copy.exists() or not database.exists():
        return
    with contextlib.suppress(OSError):
        copy.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="torchbook-", dir=copy.parent) as folder:
            try:
                with _opened(database) as connection:
                    connection.execute("VACUUM INTO ?", (str(Path(folder) / copy.name),))
            except sqlite3.OperationalError:  # it is being written, or the disk is full: the next event tries again
                return
            except sqlite3.DatabaseError as error:
                raise _Damaged(f"{database} is damaged ({error})") from None
            (Path(folder) / copy.name).replace(copy)
        for old in _copies(database)[_COPIES:]:
            old.unlink()


def _mend(database: Path) -> None:
    """Moves a damaged file to `kept/`. In its place comes the newest copy with what can be read of the damaged one."""
    with FileLock(database.with_name(f".{database.stem}.lock")):
        with contextlib.suppress(_Damaged):
            _check(database)
            return  # another process has mended it
        kept = database.parent / "kept" / f"{database.stem}.{datetime.now():%Y-%m-%d_%H-%M-%S-%f}.db"
        kept.parent.mkdir(exist_ok=True)
        for end in ("-wal", "-shm", ""):
            if (part := database.with_name(database.name + end)).exists():
                part.replace(kept.with_name(kept.name + end))
        os.utime(kept)
        rows = _readable_rows(kept)
        for copy in _copies(database):
            if any((copied := _readable_rows(copy)).values()):
                rows = {table: [*copied[table], *rows[table]] for table in _COLUMNS}
                break
        _add(database, _missing(database, rows))


def _readable_rows(file: Path) -> _Rows:
    """Returns what can be read of another database, which may be damaged and stays as it is."""
    rows: _Rows = {name: [] for name in _COLUMNS}
    with tempfile.TemporaryDirectory(prefix="torchbook-") as folder:
        for end in ("", "-wal"):
            if (part := file.with_name(file.name + end)).exists():
                shutil.copyfile(part, Path(folder) / f"copy.db{end}")
        for table, columns in _COLUMNS.items():
            with contextlib.suppress(sqlite3.DatabaseError), _opened(Path(folder) / "copy.db") as connection:
                for row in connection.execute(f"SELECT {','.join(columns)} FROM {table} WHERE {_SOUND[table]}"):
                    rows[table].append(row)
    return rows


@contextlib.contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as connection:
        connection.text_factory = lambda content: content.decode(errors="replace")
        yield connection


@contextlib.contextmanager
def _transaction(database: Path) -> Iterator[sqlite3.Connection]:
    """Opens the database for one transaction; creates the tables if they are missing."""
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=20)) as connection, connection:
            connection.row_factory = sqlite3.Row
            connection.text_factory = lambda content: content.decode(errors="replace")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise TorchbookError(f"{database} was written by a newer torchbook; upgrade: pip install -U torchbook")
            if version < _VERSION:
                # Another window may be doing the same at this moment; then its change is as good.
                with contextlib.suppress(sqlite3.OperationalError):
                    connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
            yield connection
    except sqlite3.DatabaseError as error:
        # Tables without our columns are somebody else's, or what damage has left.
        foreign = any(words in str(error) for words in ("no such", "has no column"))
        if isinstance(error, sqlite3.OperationalError) and not foreign:
            raise TorchbookError(
                f"{database} cannot be used: {error}; is the folder there, writable and not full?"
            ) from None
        raise _Damaged(
            f"{database} is damaged ({error}); at the next answer it is kept aside, and what can be read of it and of "
            "its daily copy takes its place"
        ) from None
