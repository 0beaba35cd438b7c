"""A worker that waits for one request, as platforms without fork need it, and what is left behind by either kind."""

import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest
from waiting import until

from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import read_exercise
from torchbook.course.workers import processes


@pytest.fixture
def waiting(monkeypatch):
    monkeypatch.setattr(processes, "FORKS", False)
    yield
    processes._spare.close()
    processes._spare.process = None


@pytest.mark.slow
def test_a_waiting_worker_gives_the_same_verdicts(waiting, tmp_path, write_exercise):
    exercise = read_exercise(write_exercise(tmp_path / "course", "01_a", "double"))
    processes.warm()
    answers = {
        "return x * 2": ("passed", None),
        "return x + 2": ("wrong", "added"),
        "while True: pass": ("too slow", None),
        "import os; os._exit(0)": ("crashed", None),
        "import ctypes; ctypes.string_at(0)": ("crashed", None),
        "import socket; socket.create_connection(('127.0.0.1', 9))": ("error", None),
    }
    for lines, expected in answers.items():
        file = tmp_path / "double.py"
        file.write_text(f"def double(x):\n    print('seen')\n    {lines}\n")
        verdict = check(exercise, file, seconds=3.0 if expected[0] == "too slow" else 60.0)
        assert (verdict.outcome, verdict.mistake) == expected
        assert verdict.printed.startswith("seen")


def test_a_server_that_was_killed_is_started_again(tmp_path, write_exercise):
    exercise = read_exercise(write_exercise(tmp_path, "01_a", "double"))
    solution = exercise.folder / "solution.py"
    assert check(exercise, solution).passed
    processes._server.process.kill()
    assert check(exercise, solution).passed


def test_what_was_prepared_is_prepared_anew_when_its_process_is_gone(tmp_path, write_exercise):
    exercise = read_exercise(write_exercise(tmp_path, "01_a", "double"))
    added = exercise.mistakes[0].source.encode()
    assert check(exercise, tmp_path / "a.py", source=added).mistake == "added"
    *_, preparation = processes._preparations.kept.values()
    first = preparation.control
    family = psutil.Process(processes._server.process.pid).children()
    for process in family:
        process.kill()
    psutil.wait_procs(family, timeout=30)
    assert check(exercise, tmp_path / "a.py", source=added).mistake == "added"
    assert preparation.control not in (None, first)


def test_a_changed_exercise_is_prepared_anew_and_only_the_last_few_are_kept(tmp_path, write_exercise):
    exercise = read_exercise(write_exercise(tmp_path, "01_a", "double"))
    for factor in range(3, 3 + 2 * processes._preparations.MOST):
        (exercise.folder / "solution.py").write_text(f"def double(x):\n    return x * {factor}\n")
        assert check(exercise, exercise.folder / "solution.py").passed
        assert not check(exercise, tmp_path / "a.py", source=exercise.mistakes[0].source.encode()).passed
    assert len(processes._preparations.kept) == processes._preparations.MOST
    server = psutil.Process(processes._server.process.pid)
    until(lambda: len(server.children()) <= processes._preparations.MOST)


@pytest.mark.slow
def test_nothing_stays_when_the_one_who_asked_is_killed(tmp_path, write_exercise):
    exercise = read_exercise(write_exercise(tmp_path / "course", "01_a", "double"))
    answer = tmp_path / "double.py"
    answer.write_text("import time\n\ndef double(x):\n    time.sleep(600)\n")
    program = textwrap.dedent(f"""
        from pathlib import Path
        from torchbook.course.grading.checking import check
        from torchbook.course.grading.exercise import read_exercise
        check(read_exercise(Path({str(exercise.folder)!r})), Path({str(answer)!r}), seconds=600.0)
    """)
    asking = subprocess.Popen([sys.executable, "-c", program])

    def family():
        """The server, what is prepared for the exercise, and the check."""
        assert asking.poll() is None
        children = psutil.Process(asking.pid).children(recursive=True)
        return children if len(children) == 3 else []

    started = until(family, 240)
    os.kill(asking.pid, signal.SIGKILL)
    asking.wait()
    until(lambda: not any(map(runs, started)))


def runs(process):
    """Whether it has not ended yet, which it may while it is looked at."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_scratch_folders_are_removed(tmp_path, write_exercise, monkeypatch):
    monkeypatch.setattr(processes.tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    exercise = read_exercise(write_exercise(tmp_path, "01_a", "double"))
    assert check(exercise, exercise.folder / "mistakes" / "added.py").mistake == "added"
    assert not list((tmp_path / "scratch").iterdir())
