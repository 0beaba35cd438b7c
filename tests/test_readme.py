"""Every block of code in the README runs as it stands there."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
PYTHON = [code for language, code in BLOCKS if language == "python"]
# What a block prints stands below it, where it is shown.
PRINTED = dict(
    re.findall(
        r"^```python\n((?:(?!```).*\n)*)```\n\n```text\n((?:(?!```).*\n)*)```$", README.read_text(), re.MULTILINE
    )
)
COMMANDS = [
    line.split(" #")[0].strip()
    for language, code in BLOCKS
    if language == "console"
    for line in code.splitlines()
    if line.startswith("torchbook ")
]
COURSE = re.compile("torchbook (learn|lab|lessons) ?")


def test_there_is_something_to_run():
    assert PYTHON and COMMANDS and set(PRINTED) < set(PYTHON)
    assert sum(bool(COURSE.match(command)) for command in COMMANDS) == 3


@pytest.mark.slow
@pytest.mark.proven(also=["README.md"])
@pytest.mark.parametrize("code", PYTHON)
def test_python(code, tmp_path):
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == PRINTED.get(code, done.stdout)


def opened_and_closed(words, folder):
    """Starts a command that serves pages until it is ended, visits it, and ends it."""
    server = subprocess.Popen(
        [*words, "--no-browser"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output = ""
        while not (address := re.search(r"http://\S+", output)):
            line = server.stdout.readline()
            assert line, output
            output += line
        while server.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(address[0]) as answer:
                assert answer.status == 200
                return
        pytest.fail(f"{address[0]} does not answer: the command has ended with {server.returncode}")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.communicate(timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in COMMANDS if COURSE.match(command)])
def test_commands_of_the_course(command, tmp_path):
    words = [sys.executable, "-m", "torchbook", *shlex.split(command)[1:]]
    if words[3] in ("learn", "lab"):
        opened_and_closed(words, tmp_path)
    else:  # one lesson shows that the command is right; each is exported by its own test
        subprocess.run([*words, "--only", "09"], cwd=tmp_path, capture_output=True, text=True, check=True)


@pytest.mark.slow
@pytest.mark.proven(also=["README.md"])
def test_commands_of_the_workbench_in_their_order(tmp_path):
    import numpy
    from PIL import Image

    from torchbook.data import load

    digits = load("digits").test
    for number in range(60):
        folder = tmp_path / "my-pictures" / f"class-{int(digits.labels[number]) % 2}"
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(digits.inputs[number, 0].numpy()).resize((32, 32)).save(folder / f"{number}.png")
    Image.fromarray(digits.inputs[0, 0].numpy()).save(tmp_path / "photo.png")
    numpy.savez(tmp_path / "arrays.npz", x=digits.inputs.flatten(1)[:60].numpy(), y=digits.labels[:60].numpy() % 2)
    (tmp_path / "table.csv").write_text("x,y\n" + "".join(f"{i}.5,{'ab'[i % 2]}\n" for i in range(60)))
    beside = shutil.copytree(tmp_path / "my-pictures", tmp_path / "pictures-and-csv" / "pictures")
    rows = [f"{file.name},{file.parent.name}\n" for file in beside.rglob("*.png")]
    for file in [*beside.rglob("*.png")]:
        file.rename(beside / file.name)
    (beside.parent / "labels.csv").write_text("file,class\n" + "".join(rows))
    for number in range(20):
        pages = [Image.fromarray(page.numpy()) for page in digits.inputs[number : number + 8, 0]]
        scan = tmp_path / "scans" / f"class-{number % 2}" / f"{number}.tif"
        scan.parent.mkdir(parents=True, exist_ok=True)
        pages[0].save(scan, save_all=True, append_images=pages[1:])
    for command in COMMANDS:
        if COURSE.match(command):
            continue
        words = [sys.executable, "-m", "torchbook", *shlex.split(command)[1:]]
        if words[3] == "serve":
            opened_and_closed(words, tmp_path)
            continue
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stderr}"
