import contextlib
import os
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from torchbook.course.grading.cases import case
from torchbook.course.grading.stranger import RAN, Stranger

torch.optim.SGD([torch.zeros(1)], lr=1.0)  # the first optimizer of a process imports for longer than an answer may take


class Stopped(Exception):
    """Ends a training, as a power cut does."""


class Unwritable:
    """An object in whose middle the writing of a file stops."""

    def __reduce__(self):
        raise Stopped


# What costs here is reading and writing, tensor by tensor: networks have as few of them as a case needs, one if it is
# about files. The default generator is seeded directly, because torch.manual_seed asks for each kind of device.
def parts(*layers, momentum=0.0):
    """A model, an optimizer and a scheduler, built as those of a program that starts."""
    model = nn.Sequential(*layers or [nn.Linear(1, 1, bias=False)])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=momentum)
    return model, optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + step))


def parts_with_buffers():
    return parts(nn.Linear(3, 2, bias=False), nn.BatchNorm1d(2, affine=False), momentum=0.9)


def step(model, optimizer, scheduler, x, y):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    return loss.item()


def progress_of(draw):
    return {"step": draw.integer(1, 90), "order": draw.permutation(8), "position": 4, "best": draw.number(0.1, 2.0)}


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def started(place, answer, x, y, losses, stop):
    """A program that trains until step 3, or is stopped by an exception after the step `stop`."""
    torch.default_generator.manual_seed(7)
    model, optimizer, scheduler = parts(nn.Linear(3, 2, bias=False), nn.Dropout(0.5), momentum=0.9)
    now = answer.resume(place, model, optimizer, scheduler)
    now = {"step": 0, "order": [], "position": 0, "best": 1e9} if now is None else now
    while now["step"] < 3:
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
    three, (model, optimizer, scheduler) = parts_with_buffers(), parts_with_buffers()
    step(*three, draw.normal("8 3"), draw.normal("8 2"))
    torch.default_generator.manual_seed(draw.integer(0, 1000))
    torch.rand(draw.integer(1, 9))
    with folder() as place:
        answer.save(place / "run.pt", *three, progress_of(draw))
        after_save = torch.rand(4)
        back = answer.resume(place / "run.pt", model, optimizer, scheduler)
    state = optimizer.state_dict()["state"]
    return {
        "weights and buffers": model.state_dict(),
        "momentum of the weights": state[0]["momentum_buffer"] if state else None,
        "steps counted by the scheduler": scheduler.last_epoch,
        "numbers drawn after save": after_save,
        "numbers drawn after resume": torch.rand(4),
        "progress": back,
    }


@case("no file yet")
def first_start(answer, draw):
    three = parts()
    torch.default_generator.manual_seed(3)
    with folder() as place:
        weight = three[0][0].weight.detach().clone()
        back = answer.resume(place / "run.pt", *three)
        files = len(list(place.iterdir()))
    return {
        "resume returns": back,
        "files in the folder": files,
        "the weights are as they were": three[0][0].weight.equal(weight),
        "numbers drawn": torch.rand(3),
    }


@case("stopped while it writes")
def half(answer, draw):
    three = parts()
    with folder() as place:
        answer.save(place / "run.pt", *three, {"step": 1})
        with contextlib.suppress(Stopped):
            answer.save(place / "run.pt", *three, {"step": 2, "order": Unwritable()})
        try:
            back = answer.resume(place / "run.pt", *three)
        except Exception:
            back = "the checkpoint of before is destroyed"
    return {"what is at `path`": back}


@case("saved again, and under another name")
def files(answer, draw):
    three = parts()
    with folder() as place:
        first, linked = place / "first.pt", place / "second name of the old file"
        answer.save(first, *three, {"step": 0})
        old = first.read_bytes() if first.exists() else b""
        if old:
            os.link(first, linked)
        answer.save(first, *three, {"step": 1})
        answer.save(place / "second.pt", *three, {"step": 2})
        untouched = bool(old) and linked.read_bytes() == old
        left = sum(file.name not in ("first.pt", "second.pt", linked.name) for file in place.iterdir())
        back = answer.resume(first, *three) or {}
    return {
        "the old file": "replaced as a whole" if untouched else "written into",
        "other files in the folder": left,
        "step in `first.pt`": back.get("step"),
    }


@case("a file that would run code")
def stranger(answer, draw):
    RAN.clear()
    three = parts()
    with folder() as place, contextlib.suppress(Exception):
        answer.save(place / "run.pt", *three, {"step": Stranger(1)})
        answer.resume(place / "run.pt", *three)
    return {"code from the file ran": bool(RAN)}


@case("the checkpoint of another model")
def other(answer, draw):
    with folder() as place:
        answer.save(place / "run.pt", *parts(), {"step": 1})
        answer.resume(place / "run.pt", *parts(nn.Linear(1, 2, bias=False)))


@case("stopped by an exception at a random step, and started again", rtol=0.0, atol=0.0)
def stopped(answer, draw):
    x, y = draw.normal("8 3"), draw.normal("8 2")
    losses = []
    with folder() as place:
        with contextlib.suppress(Stopped):
            started(place / "run.pt", answer, x, y, losses, draw.integer(1, 3))
        end = started(place / "run.pt", answer, x, y, losses, None)
    return {"losses of all steps": losses} | end
