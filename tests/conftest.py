"""Shapes are checked in every test; homes and data folders of the person who runs them are left alone."""

import contextlib
import os
import shutil
import signal
import sys

# A shell lets what it starts in the background ignore Ctrl-C; the tests send it to themselves and to others.
signal.signal(signal.SIGINT, signal.default_int_handler)

# What Python has compiled is kept, for the many processes that the tests start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# As torchbook does it for itself, but torch may be imported before it here.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Tests that run at the same time share the cores, or their threads would wait for each other.
if workers := int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 0)):
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))

from jaxtyping import install_import_hook  # noqa: E402

install_import_hook("torchbook", "type_checks.checked")  # in plugins/

import pytest  # noqa: E402
from filelock import FileLock  # noqa: E402

pytest_plugins = ["proven"]  # in plugins/


@pytest.fixture(scope="session")
def measured_machine(tmp_path_factory):
    """What is measured once per machine (about a second), measured once for all tests, also in several processes."""
    folder = tmp_path_factory.getbasetemp()
    home = (folder.parent if workers else folder) / "measured"
    home.mkdir(exist_ok=True)
    from torchbook.device import choose

    with FileLock(home.with_suffix(".lock")), pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCHBOOK_HOME", str(home))
        choose()
    return home


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch, measured_machine):
    """A home of its own for every test, with what depends on none: the machine, judges of GANs, faces of pages."""
    home = tmp_path_factory.mktemp("home")
    for file in measured_machine.glob("*.json"):
        shutil.copy(file, home)
    share(measured_machine, home)
    monkeypatch.setenv("TORCHBOOK_HOME", str(home))
    yield home
    share(home, measured_machine)


def share(giver, taker):
    """Links what one home has made into another: there are thousands of homes."""
    for made in [*giver.glob("judges/*.safetensors"), *giver.glob("faces/*.woff")]:
        there = taker / made.relative_to(giver)
        there.parent.mkdir(exist_ok=True)
        with contextlib.suppress(FileExistsError):
            there.hardlink_to(made)


@pytest.fixture(autouse=True)
def no_downloaded_files(monkeypatch, request):
    """Fast tests see no downloaded files; those marked slow see the ones that the person names."""
    if "slow" not in request.keywords:
        monkeypatch.delenv("TORCHBOOK_DATA", raising=False)


@pytest.fixture
def real_files():
    """The folder of downloaded files; the test is skipped where there is none."""
    folder = os.environ.get("TORCHBOOK_DATA")
    if not folder:
        pytest.skip("TORCHBOOK_DATA names no folder of downloaded files")
    from pathlib import Path

    return Path(folder)
