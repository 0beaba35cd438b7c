"""A run that is killed and resumed ends with the same bits as one that was left alone."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys

import pytest
import torch
from waiting import until

from torchbook import Run
from torchbook.recipes import resume

TIMING = ("seconds", "samples_per_second")
SCRIPT = """
import sys
import torchbook.training.loop as loop
loop.CHECKPOINT_EVERY = 0.05
from torchbook.recipes import resume, start
from torchbook.device import Choice
import torch, json
torch.set_num_threads(1)
if sys.argv[1] == "start":
    recipe, arguments, folder = sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
    start(recipe, arguments, name="run", folder=folder, choice=Choice("cpu", "float32", 1, "a test"))
else:
    resume(sys.argv[2])
"""


def words(*arguments):
    return [sys.executable, "-c", SCRIPT, *arguments]


def outcome(folder):
    """All that must be equal: weights, state, log without its timing, result without its timing and place."""
    run = Run.open(folder)
    state = torch.load(folder / "state.pt", weights_only=True)
    state.pop("seconds")
    state["tally"].pop("seconds")
    for name in TIMING:
        if state["report"]:
            state["report"].pop(name)
    log = [{key: value for key, value in entry.items() if key not in TIMING} for entry in run.entries()]
    result = {key: value for key, value in run.result.items() if key not in (*TIMING, "run")}
    return {"weights": run.weights(), "state": state, "log": log, "result": result}


def same(first, second, where=""):
    assert type(first) is type(second), where
    if isinstance(first, dict):
        assert first.keys() == second.keys(), where
        for key in first:
            same(first[key], second[key], f"{where}.{key}")
    elif isinstance(first, list | tuple):
        assert len(first) == len(second), where
        for number, (a, b) in enumerate(zip(first, second, strict=True)):
            same(a, b, f"{where}[{number}]")
    elif isinstance(first, torch.Tensor):
        assert first.dtype == second.dtype and torch.equal(first, second), where
    else:
        assert first == second, f"{where}: {first} != {second}"


def last_checkpoint(folder):
    file = folder / "state.pt"
    return file.stat().st_mtime_ns if file.is_file() else None


CASES = {
    "mlp": {"epochs": 90, "hidden": [64, 32]},
    "cnn": {"epochs": 24, "width": 8},
    "gan": {"epochs": 36, "hidden": 32},
}


@pytest.mark.slow
@pytest.mark.proven
@pytest.mark.parametrize("recipe", CASES)
def test_killed_at_random_moments_it_ends_with_the_same_bits(recipe, tmp_path, own_home):
    arguments = json.dumps(CASES[recipe])
    subprocess.run(words("start", recipe, arguments, str(tmp_path / "whole")), check=True, capture_output=True)
    moments = random.Random(recipe)
    kills = 0
    command = words("start", recipe, arguments, str(tmp_path / "killed"))
    folder = tmp_path / "killed" / "run"
    for _ in range(60):
        before = last_checkpoint(folder)
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        # At some moment after it got a little further than the one before.
        until(lambda: child.poll() is not None or last_checkpoint(folder) != before)  # noqa: B023
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(0.1 * moments.random())
        if child.poll() is None and kills < 4:
            os.kill(child.pid, signal.SIGKILL)
            kills += 1
        _, said = child.communicate()
        assert child.returncode in (0, -signal.SIGKILL), said.decode()
        if (folder / "recipe.json").is_file():
            command = words("resume", str(folder))
            if Run.open(folder).result is not None:
                break
    assert kills >= 3
    same(outcome(tmp_path / "whole" / "run"), outcome(folder))


@pytest.mark.parametrize(
    ("recipe", "number_format"),
    [
        ("mlp", "float32"),
        *(
            pytest.param(recipe, number_format, marks=[pytest.mark.slow, pytest.mark.proven])
            for recipe, number_format in (("gan", "float32"), ("cnn", "bfloat16"), ("dcgan", "bfloat16"))
        ),
    ],
)
def test_stopped_within_an_epoch_it_ends_with_the_same_bits(recipe, number_format, tmp_path, monkeypatch):
    from torchbook import training
    from torchbook.device import Choice
    from torchbook.recipes import start

    choice = Choice("cpu", number_format, 2, "a test")
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    arguments = {
        "mlp": {"epochs": 3, "hidden": (16,)},
        "cnn": {"epochs": 3, "width": 8},
        "gan": {"epochs": 2, "hidden": 16},
        "dcgan": {"epochs": 2, "width": 8},
    }[recipe]
    start(recipe, arguments, name="whole", folder=tmp_path, choice=choice)
    monkeypatch.setattr("torchbook.training.loop.CHECKPOINT_EVERY", -1.0)
    kind = training.Adversarial if "gan" in recipe else training.Supervised
    step = kind.step

    class Killed(BaseException):
        pass

    for moment in (1, 7, 14, 25):

        def dies(self, batch, moment=moment):
            if self.steps == moment:
                raise Killed
            return step(self, batch)

        monkeypatch.setattr(kind, "step", dies)
        with pytest.raises(Killed):
            if moment == 1:
                start(recipe, arguments, name="killed", folder=tmp_path, choice=choice)
            else:
                resume(tmp_path / "killed")
    monkeypatch.setattr(kind, "step", step)
    torch.set_num_threads(1)
    resume(tmp_path / "killed")
    assert torch.get_num_threads() == 1
    torch.set_num_threads(threads)
    same(outcome(tmp_path / "whole"), outcome(tmp_path / "killed"))
