"""A worker that waits for one request, as platforms without fork need it, and what is left behind by either kind."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import read_exercise
from torchbook.course.workers import worker


@pytest.fixture
def waiting(monkeypatch):
    monkeypatch.setattr(worker, "FORKS", False)
    yield
    worker._spare.close()
    worker._spare.process = None


@pytest.mark.slow
def test_a_waiting_worker_gives_the_same_verdicts(waiting, tmp_path, write_exercise):
    exercise = read_exercise(write_exercise(tmp_path / "course", "01_a", "double"))
    worker.warm()
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
        verdict = check(exercise, file, seconds=1.0)
        assert (verdict.outcome, verdict.mistake) == expected
        assert verdict.printed.startswith("seen")


def test_a_server_that_was_killed_is_started_again(tmp_path, write_exercise):
    exercise = read_exercise(write_exercise(tmp_path, "01_a", "double"))
    solution = exercise.folder / "solution.py"
    assert check(exercise, solution).passed
    worker._server.process.kill()
    assert check(exercise, solution).passed


@pytest.mark.slow
def test_nothing_stays_when_the_one_who_asked_is_killed(tmp_path, write_exercise):
    exercise = read_exercise(write_exercise(tmp_path / "course", "01_a", "double"))
    started = tmp_path / "started"
    answer = tmp_path / "double.py"
    answer.write_text(f"def double(x):\n    open({str(started)!r}, 'w').close()\n    while True: pass\n")
    program = textwrap.dedent(f"""
        from pathlib import Path
        from torchbook.course.grading.checking import check
        from torchbook.course.grading.exercise import read_exercise
        check(read_exercise(Path({str(exercise.folder)!r})), Path({str(answer)!r}), seconds=600.0)
    """)
    asking = subprocess.Popen([sys.executable, "-c", program])
    end = time.monotonic() + 120
    while not started.exists():
        assert time.monotonic() < end and asking.poll() is None
        time.sleep(0.05)
    family = psutil.Process(asking.pid).children(recursive=True)
    assert len(family) == 2
    os.kill(asking.pid, signal.SIGKILL)
    asking.wait()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_scratch_folders_are_removed(tmp_path, write_exercise, monkeypatch):
    monkeypatch.setattr(worker.tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    exercise = read_exercise(write_exercise(tmp_path, "01_a", "double"))
    assert check(exercise, exercise.folder / "mistakes" / "added.py").mistake == "added"
    assert not list((tmp_path / "scratch").iterdir())
