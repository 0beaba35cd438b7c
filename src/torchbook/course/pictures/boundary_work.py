"""The computing side of a `Boundary`: makes the network, trains it, and returns what the picture shows."""

import io
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from torchbook.course.grading.answer_text import remember_lines
from torchbook.course.grading.earlier_answers import use
from torchbook.course.pictures.boundary_code import as_code
from torchbook.course.pictures.boundary_model import Classifier, Settings, network, tensors
from torchbook.errors import TorchbookError
from torchbook.explain import explain

_SOURCE = "<lesson>"
FRAMES = 12  # a second, while it plays; and never more than half of the time


class Work:
    """The classifier in training and the requests it knows. `make` returns the learner's own module, None stands for
    the built-in network."""

    def __init__(self, make: Callable[[], nn.Module] | None = None) -> None:
        self.make = make
        self.before: dict[str, Any] = {}

    def do(self, request: dict[str, Any]) -> dict[str, Any]:
        """Does what `request["do"]` names, with the rest as its arguments.

        Returns the traits of the picture that follow from it: `frame`, `before` and `code`. Requests and answers
        are JSON, so that they can be sent to another process.
        """
        details = dict(request)
        actions: dict[str, Callable[..., None]] = {
            "begin": self.begin,
            "points": self.use,
            "advance": self.advance,
            "reset": self.reset,
            "weight": self.set_weight,
        }
        actions[details.pop("do")](**details)
        settings = None if self.make else self.settings
        code = as_code(settings, self.classifier, figure=self.figure)
        return {"frame": self.classifier.frame(), "before": self.before, "code": code}

    def do_or_explain(self, request: dict[str, Any]) -> dict[str, Any]:
        """Does the same; if it fails, returns a message that says why."""
        try:
            return self.do(request)
        except Exception as error:  # the module may be the learner's own
            return {"message": _message(error), "playing": False}

    def begin(
        self, figure: str, points: Sequence[Sequence[float | int]], settings: dict[str, Any], beside: dict[str, Any]
    ) -> None:
        """Begins with a fresh network; keeps the loss curve of the one before, or of one `beside`, for comparison."""
        inputs, labels = tensors(points)
        former = getattr(self, "classifier", None)
        if former is not None and len(former.curve) > 1:
            self.before = {"name": "before", "curve": former.curve}
        self.settings, self.figure = _settings(settings), figure
        module = network(self.settings) if self.make is None else make_module(self.make, seed=self.settings.seed)
        self.classifier = Classifier(
            module, inputs, labels, learning_rate=self.settings.learning_rate, fine=40 if self.make else 60
        )
        if beside:
            healthy = _settings(beside)
            sound = Classifier(network(healthy), inputs, labels, learning_rate=healthy.learning_rate)
            sound.advance(300)
            self.before = {"name": "healthy", "curve": sound.curve}

    def use(self, figure: str, points: Sequence[Sequence[float | int]]) -> None:
        """Continues with other points `[x, y, class]`."""
        self.figure = figure
        self.classifier.use(*tensors(points))

    def advance(self, steps: int) -> None:
        """Makes so many updates."""
        self.classifier.advance(steps)

    def reset(self) -> None:
        """Sets the weights back to their initial values."""
        self.before = {"name": "before", "curve": self.classifier.curve}
        self.classifier.reset()

    def set_weight(self, layer: int, unit: int, source: int, value: float) -> None:
        """Sets a weight that was typed."""
        self.classifier.set_weight(layer, unit, source, value)


def make_module(make: Callable[[], nn.Module], *, seed: int) -> nn.Module:
    """Makes the learner's own module; equal seeds give equal weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = make()
    if not isinstance(module, nn.Module):
        raise TorchbookError(f"what is called for the module must give an nn.Module, got {module!r}")
    return module


def serve(request: dict[str, Any], send: Callable[[dict[str, Any]], None], heard: Iterator[dict[str, Any]]) -> None:
    """Runs in a worker process: says that it is ready, then answers each request that it hears.

    `request["function"]` is the name of what makes the learner's own module in the code `request["source"]`; without it
    the network is the built-in one. `request["answers"]` are the answers that have passed, by exercise. What code that
    fails before the first request has to say is sent as `failed`.
    """
    sys.stdin = io.StringIO()
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    warnings.simplefilter("ignore")
    use({name: Path(file) for name, file in request.get("answers", {}).items()})
    make: Callable[[], nn.Module] | None = None
    if function := request.get("function"):
        try:
            make = _made(request["source"], function)
        except Exception as error:  # the code is the learner's own
            send({"failed": _message(error)})
            return
    work = Work(make)
    send({"ready": True})
    for message in heard:
        send(work.do_or_explain(message))


def _made(source: str, function: str) -> Callable[[], nn.Module]:
    """Returns what code makes under a name; the lines of its errors can be told."""
    remember_lines(_SOURCE, source)
    names: dict[str, Any] = {"__name__": "lesson"}
    exec(compile(source, _SOURCE, "exec"), names)
    if function not in names:
        raise TorchbookError(
            f"the lesson has no class or function {function!r}; define it in a cell before the picture"
        )
    made: Callable[[], nn.Module] = names[function]
    return made


def _settings(fields: dict[str, Any]) -> Settings:
    return Settings(**fields | {"hidden": tuple(fields["hidden"])})


def _message(error: Exception) -> str:
    if isinstance(error, TorchbookError):
        return str(error)
    if explanation := explain(error):
        return f"{explanation.what} {explanation.fix}"
    lines = [frame.line for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _SOURCE]
    return f"{type(error).__name__}: {error}{f' in: {lines[-1]}' if lines else ''}"
