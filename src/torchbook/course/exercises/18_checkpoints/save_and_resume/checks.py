import contextlib
import copy
import os
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from torchbook.course.grading.cases import case

RAN = []
torch.optim.SGD([torch.zeros(1)], lr=1.0)  # the first optimizer of a process imports for longer than an answer may take


class Stopped(Exception):
    """Ends a training, as a power cut does."""


def run(value):
    RAN.append("code from the file")
    return value


class Stranger:
    """An object that runs code when it is read from a file."""

    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return run, (self.value,)


class Unwritable:
    """An object in whose middle the writing of a file stops."""

    def __reduce__(self):
        raise Stopped


def parts(draw=None, width=2):
    """A model, an optimizer and a scheduler, built as those of a program that starts."""
    model = nn.Sequential(nn.Linear(3, width), nn.BatchNorm1d(width), nn.Dropout(0.5))
    if draw is not None:
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(draw.normal(" ".join(map(str, parameter.shape))))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    return model, optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + step))


def step(model, optimizer, scheduler, x, y):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    return loss.item()


def trained(draw):
    """The three after a step."""
    model, optimizer, scheduler = parts(draw)
    x, y = draw.normal("8 3"), draw.normal("8 2")
    step(model, optimizer, scheduler, x, y)
    return model, optimizer, scheduler


def progress_of(draw):
    return {"step": draw.integer(1, 90), "order": draw.permutation(8), "position": 4, "best": draw.number(0.1, 2.0)}


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def started(place, answer, x, y, losses, stop):
    """A program that trains until step 5, or is stopped by an exception after the step `stop`."""
    torch.manual_seed(7)
    model, optimizer, scheduler = parts()
    now = answer.resume(place, model, optimizer, scheduler)
    now = {"step": 0, "order": [], "position": 0, "best": 1e9} if now is None else now
    while now["step"] < 5:
        if now["position"] >= len(now["order"]):
            now["order"], now["position"] = torch.randperm(len(x)).tolist(), 0
        rows = now["order"][now["position"] : now["position"] + 4]
        losses.append(step(model, optimizer, scheduler, x[rows], y[rows]))
        now["step"], now["position"], now["best"] = now["step"] + 1, now["position"] + 4, min(now["best"], losses[-1])
        answer.save(place, model, optimizer, scheduler, now)
        if now["step"] == stop:
            raise Stopped
    return {"weights in the end": dict(model.named_parameters()), "best score in the end": now["best"]}


@case("all that was saved comes back")
def carried(answer, draw):
    three, (model, optimizer, scheduler), progress = trained(draw), parts(draw), progress_of(draw)
    with folder() as place:
        answer.save(place / "run.pt", *three, progress)
        back = answer.resume(place / "run.pt", model, optimizer, scheduler)
    state = optimizer.state_dict()["state"]
    return {
        "weights and buffers": model.state_dict(),
        "momentum of the first weights": state[0]["momentum_buffer"] if state else None,
        "steps counted by the scheduler": scheduler.last_epoch,
        "progress": back,
    }


@case("the random numbers after it")
def random_state(answer, draw):
    three, others = trained(draw), parts(draw)
    with folder() as place:
        torch.manual_seed(draw.integer(0, 1000))
        torch.rand(draw.integer(1, 9))
        answer.save(place / "run.pt", *three, progress_of(draw))
        torch.rand(3)
        answer.resume(place / "run.pt", *others)
        return {"numbers drawn after resume": torch.rand(4)}


@case("saving draws no random number")
def saving_draws_nothing(answer, draw):
    three = trained(draw)
    torch.manual_seed(draw.integer(0, 1000))
    with folder() as place:
        answer.save(place / "run.pt", *three, progress_of(draw))
        return {"numbers drawn after save": torch.rand(4)}


@case("no file yet")
def first_start(answer, draw):
    model, optimizer, scheduler = parts(draw)
    before = copy.deepcopy(model.state_dict())
    torch.manual_seed(3)
    with folder() as place:
        back = answer.resume(place / "run.pt", model, optimizer, scheduler)
        files = len(list(place.iterdir()))
    same = all(value.equal(before[name]) for name, value in model.state_dict().items())
    return {
        "resume returns": back,
        "files in the folder": files,
        "the weights are as they were": same,
        "numbers drawn": torch.rand(3),
    }


@case("stopped while it writes")
def half(answer, draw):
    three, others = trained(draw), parts(draw)
    with folder() as place:
        answer.save(place / "run.pt", *three, {"step": 1})
        with contextlib.suppress(Stopped):
            answer.save(place / "run.pt", *three, {"step": 2, "order": Unwritable()})
        try:
            back = answer.resume(place / "run.pt", *others)
        except Exception:
            back = "the checkpoint of before is destroyed"
    return {"what is at `path`": back}


@case("the old file is replaced, not written into")
def replaced(answer, draw):
    three, others = trained(draw), parts(draw)
    with folder() as place:
        answer.save(place / "run.pt", *three, {"step": 1})
        os.link(place / "run.pt", place / "second name of the old file.pt")
        answer.save(place / "run.pt", *three, {"step": 2})
        steps = {}
        for name in ("second name of the old file", "run"):
            try:
                steps[f"step in `{name}.pt`"] = answer.resume(place / f"{name}.pt", *others)["step"]
            except Exception:
                steps[f"step in `{name}.pt`"] = "cannot be read"
    return steps


@case("one file, at its own path")
def files(answer, draw):
    three, others = trained(draw), parts(draw)
    with folder() as place:
        for step, name in enumerate(("first", "first", "second")):
            answer.save(place / f"{name}.pt", *three, {"step": step})
        left = sum(file.name not in ("first.pt", "second.pt") for file in place.iterdir())
        back = answer.resume(place / "first.pt", *others) or {}
    return {"other files in the folder": left, "step in `first.pt`": back.get("step")}


@case("a file that would run code")
def stranger(answer, draw):
    RAN.clear()
    three, others = trained(draw), parts(draw)
    with folder() as place, contextlib.suppress(Exception):
        answer.save(place / "run.pt", *three, {"step": Stranger(1)})
        answer.resume(place / "run.pt", *others)
    return {"code from the file ran": bool(RAN)}


@case("the checkpoint of another model")
def other(answer, draw):
    with folder() as place:
        answer.save(place / "run.pt", *trained(draw), {"step": 1})
        answer.resume(place / "run.pt", *parts(draw, width=3))


@case("stopped by an exception at a random step, and started again", repeat=2, rtol=0.0, atol=0.0)
def stopped(answer, draw):
    x, y = draw.normal("12 3"), draw.normal("12 2")
    losses = []
    with folder() as place:
        with contextlib.suppress(Stopped):
            started(place / "run.pt", answer, x, y, losses, draw.integer(1, 5))
        end = started(place / "run.pt", answer, x, y, losses, None)
    return {"losses of all steps": losses} | end
