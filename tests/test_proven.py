"""A proven test runs again when anything that it depends on has changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import proven
import pytest


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A repository with the folders `data` and `course` of torchbook, and a test."""
    source = tmp_path / "src" / "torchbook"
    for name in ("src/torchbook/run.py", "src/torchbook/data/load.py", "src/torchbook/course/a.py", "tests/test_a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(proven, "ROOT", tmp_path)
    monkeypatch.setattr(proven, "SOURCE", source)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("src/torchbook/run.py", True),
        ("src/torchbook/data/new.py", True),
        ("src/torchbook/data/load.py", True),
        ("tests/test_a.py", True),
        ("src/torchbook/course/a.py", False),
    ],
)
@pytest.mark.parametrize("folders", [(), ("data",)])
def test_the_digest_is_of_all_it_depends_on(tree, file, changes, folders):
    def now():
        for kept in (proven.digest, proven.content, proven.inside):
            kept.cache_clear()
        return proven.digest(proven.dependencies(tree / "tests" / "test_a.py", *folders))

    before = now()
    (tree / file).write_text("changed")
    assert (now() != before) == changes


def test_a_folder_that_is_not_there_is_refused(tree):
    with pytest.raises(pytest.UsageError, match="models, which is not there"):
        proven.dependencies(tree / "tests" / "test_a.py", "models")


SESSION = """
import pytest
@pytest.mark.parametrize("number", range(3))
def test_number(number):
    assert number != {fails}
@pytest.mark.slow
def test_slow():
    pass
"""


@pytest.fixture
def session(tmp_path):
    """A repository whose `tests/data` is a room; gives what a run of its tests says at the end."""
    root = Path(proven.__file__).parents[2]
    for name in ("tests/plugins/proven.py", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, tmp_path / name)
    for folders in proven.ROOMS.values():
        for name in folders:
            (tmp_path / "src" / "torchbook" / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "src/torchbook/data").mkdir()
    (tmp_path / "src/torchbook/data/load.py").write_text("")
    (tmp_path / "tests" / "conftest.py").write_text('pytest_plugins = ["proven"]')
    test = tmp_path / "tests" / "data" / "test_numbers.py"
    test.parent.mkdir()

    def run(*words, fails=None):
        if fails is not None:
            test.write_text(SESSION.format(fails=fails))
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "0", *words]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return ran.stdout.strip().splitlines()[-1]

    run.root = tmp_path
    return run


@pytest.mark.slow
def test_the_fast_tests_of_a_file_are_left_out_once_all_have_passed(session):
    session("--prove", fails=2)
    assert "1 failed, 2 passed" in session()
    session("--prove", "-k", "number and not 0", fails=7)  # a part is no proof
    assert "3 passed" in session()
    session("-m", "proven", "--prove")
    assert "no tests ran" in session()
    assert "3 passed" in session("tests/data")
    assert "1 passed" in session("-m", "slow")
    (session.root / "src/torchbook/data/load.py").write_text("changed = True")
    assert "3 passed" in session()
