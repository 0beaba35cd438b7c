import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.drawn import pool
from torchbook.data.drawn.pool import Job, drawn

pytestmark = pytest.mark.proven

PLACES = [
    ("handwriting:handwriting", 28),
    ("shapes:shapes", 32),
    ("faces:faces", 24),
    ("horses:horses", 24),
    ("horses:zebras", 24),
    ("blobs3d:blobs3d", 16),
]


@pytest.mark.parametrize(("place", "size"), PLACES)
@settings(max_examples=4, deadline=None)
@given(first=st.integers(0, 2**41), seed=st.integers(0, 2**63), cut=st.integers(1, 8))
def test_a_picture_is_the_same_whatever_is_drawn_beside_it(place, size, first, seed, cut):
    job = Job(place, seed, first, 9, size)
    pictures, labels = job.draw(0, 9)
    begun, rest = job.draw(0, cut), job.draw(cut, 9)
    assert np.array_equal(pictures, np.concatenate([begun[0], rest[0]]))
    assert np.array_equal(labels, np.concatenate([begun[1], rest[1]]))


@pytest.mark.parametrize(("place", "size"), PLACES)
def test_seeds_and_indices_draw_other_pictures(place, size):
    job = Job(place, 1, 0, 20, size)
    pictures, _ = job.draw(0, 20)
    assert len({picture.tobytes() for picture in pictures}) == 20
    assert not np.array_equal(pictures, Job(place, 2, 0, 20, size).draw(0, 20)[0])
    assert not np.array_equal(pictures, Job(place, 1, 20, 20, size).draw(0, 20)[0])


def test_processes_draw_what_one_draws_and_say_how_far_they_are_in_a_terminal(tmp_path, capfd, monkeypatch):
    job = Job("shapes:shapes", 5, 7, 300, 16)
    here = drawn(job, tmp_path / "here", processes=0)
    assert capfd.readouterr().err == ""
    drawn(job, tmp_path / "quiet", processes=3)
    assert capfd.readouterr().err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    there = drawn(job, tmp_path / "there", processes=3)
    said = capfd.readouterr()
    assert "drawing 300 shapes" in " ".join(said.err.split())
    assert said.out == ""
    assert all(np.array_equal(a, b) for a, b in zip(here, there))
    assert np.array_equal(here[0][100:110], Job("shapes:shapes", 5, 107, 10, 16).draw(0, 10)[0])


def test_what_is_drawn_is_kept_and_mapped(tmp_path):
    job = Job("shapes:shapes", 0, 0, 3, 16)
    pictures, _ = drawn(job, tmp_path)
    assert isinstance(pictures, np.memmap)
    file = next(file for file in tmp_path.glob("*.npy") if "labels" not in file.name)
    changed = np.load(file)
    changed[:] = 7
    np.save(file, changed)
    again, _ = drawn(job, tmp_path)
    assert (again == 7).all()
    # Written to in memory only.
    again[0] = 8
    assert (np.load(file) == 7).all()
    file.unlink()
    assert np.array_equal(drawn(job, tmp_path)[0], job.draw(0, 3)[0])
    assert not list(tmp_path.glob(".drawing*"))


def test_a_changed_drawing_is_drawn_again(tmp_path, monkeypatch):
    job = Job("shapes:shapes", 0, 0, 3, 16)
    drawn(job, tmp_path)
    monkeypatch.setattr(pool, "_program_text", lambda: "another")
    drawn(job, tmp_path)
    assert len(list(tmp_path.glob("*.labels.npy"))) == 2


def test_a_process_that_ends_early_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "_PROGRAM", "import sys; sys.exit(3)")
    with pytest.raises(OSError, match="drawing shapes ended early: a process stopped with status 3"):
        drawn(Job("shapes:shapes", 0, 0, 300, 16), tmp_path, processes=2)
    assert not [file for file in tmp_path.iterdir() if file.suffix != ".lock"]


def test_a_process_that_draws_never_imports_torch(tmp_path):
    folder = Path(pool.__file__).parent.parent
    modules = ["animal", "blobs3d", "faces", "handwriting", "horses", "pool", "shapes"]
    program = f"import sys; sys.path.append({str(folder)!r}); import {', '.join(f'drawn.{m}' for m in modules)}"
    check = f"{program}; sys.exit('torch' in sys.modules or 'torchbook' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", check]).returncode == 0


def test_what_a_killed_one_left_behind_is_cleared_away(tmp_path):
    job = Job("shapes:shapes", 0, 0, 40, 16)
    program = (
        "import os, signal; from pathlib import Path; from torchbook.data.drawn import pool\n"
        "pool._draw = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"pool.drawn(pool.{job!r}, Path({str(tmp_path)!r}))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == -9
    assert len(list(tmp_path.glob(".drawing*/pictures.npy"))) == 1
    assert np.array_equal(drawn(job, tmp_path)[0], job.draw(0, 40)[0])
    assert not list(tmp_path.glob(".drawing*"))
