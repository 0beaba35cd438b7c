"""Tests that change with no lesson: they are left out while all that they depend on is as when they passed.

**Tests that cost much.** `@pytest.mark.proven("data", "models")` names folders of `src/torchbook`; without names it is
all but the course and the explanations of errors. Always part of it are the files beside these folders, the test's
file, the fixtures that all tests share, the files of `also=` (from the root of the repository), and the kind of machine
with the versions of Python, PyTorch and NumPy. `proven.json` holds a digest of all this for each test that has passed:
it is skipped while the digest is the same.

**Files of fast tests.** Those in the folders of `ROOMS` are not even collected by a plain `pytest` while what is named
there, and all in the folder of the test, is as when each fast test of the file passed. They run where a file, a folder
or marks are named.

`pytest -m proven --prove` runs all the same, and writes down what passes.
"""

import hashlib
import json
import platform
import sys
from collections import Counter, defaultdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "torchbook"
RECORD = ROOT / "tests" / "proven.json"
INDEPENDENT = {"course", "explain", "__pycache__"}
NOT_FAST = ("slow", "browser", "gpu")
FAST = "not slow and not browser and not gpu"  # what a plain `pytest` runs

# What the fast tests of a folder depend on, beside all of torchbook but the course: folders of it, and other files.
CHECKS = (
    *("course/grading", "course/learner", "course/pictures", "course/runtime", "course/site", "course/texts"),
    *("course/workers", "course/authoring", "explain"),
)
ROOMS: dict[str, tuple[str, ...]] = {
    "tests/course/grading": (*CHECKS, "course/exercises/13_probabilities/softmax"),
    "tests/course/workers": (*CHECKS, "course/lessons/09_autograd.md"),
    "tests/data": ("explain",),
    "tests/evaluation": ("explain",),
    "tests/explain": ("explain",),
    "tests/hub": ("explain",),
    "tests/inference": ("explain", "course/pictures"),
    "tests/models": ("explain",),
    "tests/recipes": ("explain",),
    "tests/training": ("explain",),
}


def pytest_addoption(parser):
    parser.addoption("--prove", action="store_true", help="run what is proven too, and write down what passes")


@cache
def content(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


@cache
def digest(files):
    """Returns a digest of the names and contents of these files, and of what runs them."""
    machine = f"{sys.platform} {platform.machine()}"
    total = hashlib.sha256(f"{machine} {platform.python_version()} {version('torch')} {version('numpy')}".encode())
    for file in files:
        total.update(f"{file.relative_to(ROOT).as_posix()} {content(file)}\n".encode())
    return total.hexdigest()[:32]


@cache
def inside(folder):
    """Returns the files of a folder and below it, or the file that it is."""
    below = [file for file in folder.rglob("*") if "__pycache__" not in file.parts] if folder.is_dir() else [folder]
    return frozenset(file for file in below if file.is_file())


def dependencies(test, *folders, also=()):
    """Returns the files that a test in the file `test` depends on, in a fixed order.

    Raises:
        pytest.UsageError: one of the folders or files is not there.
    """
    folders = folders or workbench()
    named = [*(SOURCE / name for name in folders), *(ROOT / name for name in also)]
    if missing := [path for path in named if not path.exists()]:
        raise pytest.UsageError(f"{test}: proven names {missing[0]}, which is not there; name what the test depends on")
    files = {*SOURCE.iterdir(), ROOT / "tests" / "conftest.py", test}.union(*map(inside, named))
    return tuple(sorted(file for file in files if file.is_file()))


def workbench():
    """Returns the names of the folders of torchbook that are no part of the course or of explained errors."""
    return tuple(sorted({item.name for item in SOURCE.iterdir() if item.is_dir()} - INDEPENDENT))


def room(file):
    """Returns the digest of all that the fast tests of a file depend on, or None where it is in no room."""
    for folder in ROOMS:
        if file.is_relative_to(ROOT / folder):
            return _digest_of_room(folder, file.parent)
    return None


@cache
def _digest_of_room(folder, below):
    above = [place / "conftest.py" for place in below.parents if place.is_relative_to(ROOT / "tests")]
    also = [ROOT / "tests" / "plugins", below, *(file for file in above if file.exists())]
    return digest(dependencies(ROOT / "tests" / "conftest.py", *workbench(), *ROOMS[folder], also=also))


@cache
def record():
    return json.loads(RECORD.read_text()) if RECORD.exists() else {}


def pytest_ignore_collect(collection_path, config):
    """Leaves a file out of a run of all fast tests if each of them has passed with what is there now."""
    named = config.option.file_or_dir or config.option.keyword or config.getoption("prove")
    if named or config.option.markexpr != FAST or not collection_path.name.startswith("test_"):
        return None
    file = collection_path.relative_to(ROOT).as_posix() if collection_path.is_relative_to(ROOT) else ""
    return True if file in record() and record()[file] == room(collection_path) else None


def pytest_report_header(config):
    count = sum(name.endswith(".py") for name in record())
    return f"proven: {len(record()) - count} tests, and the fast tests of {count} files, as far as nothing has changed"


@pytest.hookimpl(tryfirst=True)  # before it is chosen by marks
def pytest_collection_modifyitems(config, items):
    whole = not any("::" in word for word in config.option.file_or_dir)
    counts = Counter(item.path for item in items if not any(map(item.get_closest_marker, NOT_FAST)))
    for item in items:
        if marker := item.get_closest_marker("proven"):
            now = digest(dependencies(item.path, *marker.args, **marker.kwargs))
            item.user_properties.append(("proven", now))
            if record().get(item.nodeid) == now and not config.getoption("prove"):
                item.add_marker(pytest.mark.skip(reason="proven: nothing that it depends on has changed"))
        is_fast = not any(map(item.get_closest_marker, NOT_FAST))
        if config.getoption("prove") and whole and is_fast and (now := room(item.path)):
            item.user_properties.append(("proven file", [now, counts[item.path]]))
            item.add_marker("proven")  # chosen by `-m proven`


def pytest_configure(config):
    if config.getoption("prove") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Proofs())


class Proofs:
    """Collects what passes where all tests report to, and writes it down at the end."""

    def __init__(self):
        self.digests = {}
        self.passed = defaultdict(Counter)  # how many tests of a file have passed or failed, by its digest

    def pytest_runtest_logreport(self, report):
        properties = dict(report.user_properties)
        if report.when != "call" and report.passed:
            return
        if now := properties.get("proven"):
            self.digests[report.nodeid] = now if report.passed else None
        if file := properties.get("proven file"):
            self.passed[report.nodeid.partition("::")[0], *file][report.outcome] += 1

    def pytest_sessionfinish(self):
        for (file, now, count), outcomes in self.passed.items():
            self.digests[file] = now if outcomes == {"passed": count} else None
        entries = (json.loads(RECORD.read_text()) if RECORD.exists() else {}) | self.digests
        RECORD.write_text(json.dumps({name: now for name, now in sorted(entries.items()) if now}, indent=2) + "\n")
