"""SIGTERM and SIGHUP are answered as Ctrl-C is, also by a process in the background, which ignores Ctrl-C."""

import os
import signal
import subprocess
import sys
import time

import pytest

from torchbook import Run
from torchbook.recipes import resume

pytestmark = pytest.mark.proven

START = """
import signal, sys
from torchbook.device import Choice
from torchbook.recipes import start
if sys.argv[2] == "in the background":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
try:
    start("mlp", {"epochs": 100_000, "hidden": (8,)}, name="run", folder=sys.argv[1],
          choice=Choice("cpu", "float32", 1, "a test"))
except KeyboardInterrupt as stopped:
    sys.exit(f"{stopped}")
"""


@pytest.mark.parametrize("where", ["at a terminal", "in the background"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_recipe_is_saved_and_says_how_to_go_on(number, where, tmp_path):
    child = subprocess.Popen([sys.executable, "-c", START, str(tmp_path), where], stderr=subprocess.PIPE, text=True)
    log = tmp_path / "run" / "log.jsonl"
    while child.poll() is None and not log.is_file():
        time.sleep(0.02)
    os.kill(child.pid, number)
    _, message = child.communicate(timeout=60)
    assert child.returncode == 1 and "stopped and saved; go on with: torchbook resume" in message, message
    run = Run.open(tmp_path / "run")
    steps = run.load_state()["task"]["steps"]
    assert steps >= run.entries()[-1]["step"] > 0
    assert callable(resume)


def test_a_signal_before_anything_is_trained_leaves_no_folder(tmp_path):
    code = START.replace("from torchbook.device", "import os, torchbook.data.load as data\nfrom torchbook.device")
    code = code.replace("if sys.argv", "def ends(*_, **__):\n    os.kill(os.getpid(), signal.SIGTERM)\n", 1).replace(
        "try:", "import torchbook.recipes.mlp as module\nmodule.load_images = ends\ntry:", 1
    )
    code = code.replace('[2] == "in the background":\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n', "")
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path), ""], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.strip() == "stopped", done.stderr
    assert not list(tmp_path.iterdir())
