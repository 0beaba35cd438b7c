"""Errors that beginners make, in files by what they are about: each is explained rightly.

A case has its `cause`, the `code`, and two patterns: `right` must be found in what is said, `harmful` must not.
`needs` names a module without which it cannot be provoked, `lacks` one with which it cannot.
"""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from torchbook.explain import RULES

HERE = Path(__file__).parent
PROVOKED = "".join((HERE / f"test_{name}.py").read_text(encoding="utf-8") for name in ("explain", "slips", "tables"))

# Runs a program in a folder that hides libraries, and explains its error once these can be imported again.
IN_ITS_FOLDER = """
import os, sys
folder, main = sys.argv[1:]
os.chdir(folder)
sys.path[0] = folder
path = os.path.join(folder, main)
caught = None
try:
    names = {"__name__": "__main__", "__file__": path}
    with open(path) as program:
        exec(compile(program.read(), path, "exec"), names)
except Exception as error:
    caught = error
sys.path.remove(folder)
for name, module in list(sys.modules.items()):
    hides = str(getattr(module, "__file__", "")).startswith(folder)
    if hides or name.partition(".")[0] == "torch" and "torch._C" not in sys.modules:
        del sys.modules[name]
from torchbook.explain import explain
print(explain(caught))
"""


def faults(error, said):
    """Yields what is wrong with an explanation."""
    if not re.search(error["right"], said):
        yield f"{error['family']}: {error['cause']}\n  expected {error['right']}\n  said {said}"
    if "harmful" in error and re.search(error["harmful"], said):
        yield f"{error['family']}: {error['cause']}\n  must not say {error['harmful']}\n  said {said}"


def can_be_provoked(error):
    """Returns True if the modules that an error needs are installed, and those that it lacks are not."""
    return find_spec(error.get("needs", "torch")) is not None and find_spec(error.get("lacks", "no_module")) is None


@pytest.mark.filterwarnings("ignore")
def test_each_is_explained_rightly_and_each_rule_is_met(collected, provoke):
    wrong, met = [], set()
    for number, error in enumerate(collected):
        if not error.get("slow") and can_be_provoked(error):
            explanation = provoke(error["code"], str(number))
            met.add(explanation.name if explanation else "")
            wrong += faults(error, str(explanation or "nothing"))
    assert not wrong, "\n".join(wrong)
    assert [rule.name for rule in RULES if rule.name not in met and f'"{rule.name}"' not in PROVOKED] == []


@pytest.mark.slow
def test_errors_of_worker_processes(collected, provoke):
    for number, error in enumerate(error for error in collected if error.get("slow")):
        assert not list(faults(error, str(provoke(error["code"], str(number)))))


def folders():
    from tomllib import loads

    return loads((HERE / "errors" / "folders.toml").read_text(encoding="utf-8"))["errors"]


@pytest.mark.slow
@pytest.mark.parametrize("error", folders(), ids=[error["cause"][:40] for error in folders()])
def test_errors_of_a_whole_folder(error, tmp_path):
    for name, text in error["files"].items():
        encoding, _, name = name.rpartition(":")
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding=encoding or "utf-8")
    command = [sys.executable, "-c", IN_ITS_FOLDER, str(tmp_path), error["main"]]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert not list(faults({"family": "folders", **error}, said))
