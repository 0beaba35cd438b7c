"""A lesson's notebook where torchbook is not installed yet: its first cell installs it, and all its cells run."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
WRITE = """
from torchbook.course.export import lab
lab.find_spec = lambda name: None  # no editor opens
print(lab.lab("01").text)
"""


def run(*command, folder, **environment):
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def fresh(tmp_path):
    """The Python of an environment that has all packages of this one but torchbook."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "torchbook" not in entry.name.lower() and entry.suffix != ".pth":
            (packages / entry.name).symlink_to(entry)
    venv.create(tmp_path / "fresh", with_pip=False, symlinks=True)
    return tmp_path / "fresh" / "bin" / "python", str(packages)


def test_the_first_cell_installs_torchbook_and_all_cells_run(tmp_path, fresh):
    pytest.importorskip("hatchling", reason="builds the wheel without a network")
    python, packages = fresh
    wheels, own = tmp_path / "wheels", {"PYTHONPATH": packages, "TORCHBOOK_HOME": str(tmp_path / "home")}
    build = ("-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT))
    run(sys.executable, *build, folder=tmp_path)
    (wheel,) = wheels.glob("torchbook-*.whl")
    workspace = {"TORCHBOOK_WORKSPACE": str(tmp_path / "mine")}
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "unpacked")
    text = run(sys.executable, "-c", WRITE, folder=tmp_path, PYTHONPATH=str(tmp_path / "unpacked"), **workspace)
    notebook = tmp_path / "mine" / "lab" / "01_tensors.ipynb"
    assert str(notebook) in text
    parts = json.loads(notebook.read_text())["cells"]
    cells = ["".join(part["source"]) for part in parts if part["cell_type"] == "code"]
    plain = [cell for cell in cells if not cell.startswith("%%")]  # without answers to exercises, which need Jupyter
    assert len(plain) >= 10 and plain[0] == cells[0] and "pip" in plain[0]
    program = tmp_path / "notebook.py"
    program.write_text("\n\n".join([*plain, "import torchbook", "print(torchbook.__file__)"]))
    pip = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_FIND_LINKS": str(wheels)}
    printed = run(str(python), str(program), folder=tmp_path, **own, **pip, **workspace)
    assert Path(printed.splitlines()[-1]).is_relative_to(tmp_path / "fresh")
