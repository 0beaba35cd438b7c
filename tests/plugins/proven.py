"""Tests that cost much and change with no lesson: skipped while all that they depend on is as when they passed.

`@pytest.mark.proven("data", "models")` names folders of `src/torchbook`; without names it is all but the course and the
explanations of errors. Always part of it are the files beside these folders, the test's file, the fixtures that all
tests share, the files of `also=` (from the root of the repository), and the versions of Python, PyTorch and NumPy.
`proven.json` holds a digest of all this for each test that has passed: it is skipped while the digest is the same.
`pytest -m proven --prove` runs all the same, and writes down what passes.
"""

import hashlib
import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "torchbook"
RECORD = ROOT / "tests" / "proven.json"
INDEPENDENT = {"course", "explain", "__pycache__"}


def pytest_addoption(parser):
    parser.addoption("--prove", action="store_true", help="run what is proven too, and write down what passes")


@cache
def digest(files):
    """Returns a digest of the names and contents of these files, and of what runs them."""
    total = hashlib.sha256(f"{platform.python_version()} {version('torch')} {version('numpy')}".encode())
    for file in files:
        total.update(f"{file.relative_to(ROOT).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()[:32]


def dependencies(test, *folders, also=()):
    """Returns the files that a test in the file `test` depends on, in a fixed order.

    Raises:
        pytest.UsageError: one of the folders or files is not there.
    """
    folders = folders or {item.name for item in SOURCE.iterdir() if item.is_dir()} - INDEPENDENT
    named = [*(SOURCE / name for name in folders), *(ROOT / name for name in also)]
    if missing := [path for path in named if not path.exists()]:
        raise pytest.UsageError(f"{test}: proven names {missing[0]}, which is not there; name what the test depends on")
    inside = [file for folder in named for file in folder.rglob("*") if "__pycache__" not in file.parts]
    files = {*named, *inside, *SOURCE.iterdir(), ROOT / "tests" / "conftest.py", test}
    return tuple(sorted(file for file in files if file.is_file()))


def pytest_collection_modifyitems(config, items):
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    for item in items:
        if marker := item.get_closest_marker("proven"):
            now = digest(dependencies(item.path, *marker.args, **marker.kwargs))
            item.user_properties.append(("proven", now))
            if record.get(item.nodeid) == now and not config.getoption("prove"):
                item.add_marker(pytest.mark.skip(reason="proven: nothing that it depends on has changed"))


def pytest_configure(config):
    if config.getoption("prove") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Proofs())


class Proofs:
    """Collects what passes where all tests report to, and writes it down at the end."""

    def __init__(self):
        self.digests = {}

    def pytest_runtest_logreport(self, report):
        if (now := dict(report.user_properties).get("proven")) and (report.when == "call" or report.failed):
            self.digests[report.nodeid] = now if report.passed else None

    def pytest_sessionfinish(self):
        record = (json.loads(RECORD.read_text()) if RECORD.exists() else {}) | self.digests
        RECORD.write_text(json.dumps({name: now for name, now in sorted(record.items()) if now}, indent=2) + "\n")
