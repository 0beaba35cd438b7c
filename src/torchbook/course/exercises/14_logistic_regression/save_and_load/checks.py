import contextlib
import tempfile
from pathlib import Path

import torch
from torch import nn

from torchbook.course.grading.cases import case
from torchbook.course.grading.stranger import RAN, Stranger


def trained(draw):
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    shapes = {"0.weight": "2 3", "0.bias": "2", "1.weight": "2", "1.bias": "2", "1.running_mean": "2"}
    model.load_state_dict({name: draw.normal(shape) for name, shape in shapes.items()}, strict=False)
    return model


def contents(path):
    """What a file holds: a state dict, or in words what it is instead."""
    if not path.is_file():
        return "nothing: no file was written at `path`"
    try:
        held = torch.load(path, weights_only=False)  # the test's own file, in a folder of its own
    except Exception:
        return "something that `torch.load` cannot read"
    if isinstance(held, nn.Module):
        return "the model itself, an object"
    if callable(held):
        return "a method, not what it returns"
    if isinstance(held, dict) and any(isinstance(value, dict) for value in held.values()):
        return "a state dict inside another dict"
    return held


@case("what is in the file")
def saved(answer, draw):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.pt"
        answer.save_weights(trained(draw), path)
        return {"in the file": contents(path)}


@case("weights that were saved are read into a new object", repeat=2)
def loaded(answer, draw):
    model, fresh = trained(draw), nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.pt"
        torch.save(model.state_dict(), path)
        answer.load_weights(fresh, path)
    return fresh.state_dict()


@case("saved by one function and read by the other")
def both(answer, draw):
    model, fresh = trained(draw), nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.pt"
        answer.save_weights(model, path)
        answer.load_weights(fresh, path)
    return fresh.state_dict()


@case("two files, each by its own path")
def paths(answer, draw):
    model, fresh = trained(draw), nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.pt", Path(folder) / "second.pt"
        answer.save_weights(model, first)
        answer.save_weights(trained(draw), second)
        answer.load_weights(fresh, first)
    return fresh.state_dict()


@case("a file that would run code")
def stranger(answer, draw):
    RAN.clear()
    model = trained(draw)
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Exception):
        path = Path(folder) / "weights.pt"
        torch.save(Stranger(model.state_dict()), path)
        answer.load_weights(model, path)
    return {"code from the file ran": bool(RAN)}


@case("the weights of another model")
def other(answer, draw):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.pt"
        torch.save({"linear.weight": draw.normal("2 3"), "linear.bias": draw.normal("2")}, path)
        answer.load_weights(trained(draw), path)
