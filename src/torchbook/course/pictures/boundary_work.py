"""The side of a `Boundary` that computes: it makes the network, trains it, and gives what is to be seen then."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from torchbook.course.notebook.elsewhere import function_of, told
from torchbook.course.pictures.boundary_code import as_code
from torchbook.course.pictures.boundary_model import Classifier, Settings, network
from torchbook.errors import TorchbookError
from torchbook.explain import explain

FRAMES = 12  # a second, while it plays; and never more than half of the time


class Work:
    """What is trained, and what may be asked of it. `make` gives a module of the learner's own, if it is not to be
    the built-in network."""

    def __init__(self, make: Callable[[], nn.Module] | None = None) -> None:
        self.make = make
        self.before: dict[str, Any] = {}

    def do(self, request: dict[str, Any]) -> dict[str, Any]:
        """Does what `request["do"]` names, with the rest as its arguments.

        The answer has the traits of the picture that follow from it: `frame`, `before` and `code`. Requests and answers
        are of such kinds as may cross to another process.
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

    def done(self, request: dict[str, Any], lesson: Path = Path()) -> dict[str, Any]:
        """The same; if it fails, the picture says why, with the line in the file `lesson`."""
        try:
            return self.do(request)
        except Exception as error:  # the module may be the learner's own
            return {"message": _message(error, lesson), "playing": False}

    def begin(
        self, figure: str, inputs: Tensor, labels: Tensor, settings: dict[str, Any], beside: dict[str, Any]
    ) -> None:
        """A fresh network. The curve of the one before stays to be compared with, or that of the one `beside`."""
        former = getattr(self, "classifier", None)
        if former is not None and len(former.curve) > 1:
            self.before = {"name": "before", "curve": former.curve}
        self.settings, self.figure = _settings(settings), figure
        module = network(self.settings) if self.make is None else own(self.make, seed=self.settings.seed)
        self.classifier = Classifier(
            module, inputs, labels, learning_rate=self.settings.learning_rate, fine=40 if self.make else 60
        )
        if beside:
            healthy = _settings(beside)
            sound = Classifier(network(healthy), inputs, labels, learning_rate=healthy.learning_rate)
            sound.advance(300)
            self.before = {"name": "healthy", "curve": sound.curve}

    def use(self, figure: str, inputs: Tensor, labels: Tensor) -> None:
        """Other points."""
        self.figure = figure
        self.classifier.use(inputs, labels)

    def advance(self, steps: int) -> None:
        """So many updates."""
        self.classifier.advance(steps)

    def reset(self) -> None:
        """The first weights again."""
        self.before = {"name": "before", "curve": self.classifier.curve}
        self.classifier.reset()

    def set_weight(self, layer: int, unit: int, source: int, value: float) -> None:
        """A weight that was typed."""
        self.classifier.set_weight(layer, unit, source, value)


def own(make: Callable[[], nn.Module], *, seed: int) -> nn.Module:
    """A module of the learner's own; equal seeds give equal weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = make()
    if not isinstance(module, nn.Module):
        raise TorchbookError(f"what is called for the module must give an nn.Module, got {module!r}")
    return module


def talk(heard: Iterator[dict[str, Any]], lesson: str = "", function: str = "") -> Iterator[dict[str, Any]]:
    """The work in a process of its own: an answer for each request that is heard. An error is said in it.

    `function` names what makes the module in the file `lesson`.
    """
    work = Work(function_of(Path(lesson), function) if function else None)
    yield {}
    for request in heard:
        yield work.done(request, Path(lesson))


def _settings(given: dict[str, Any]) -> Settings:
    return Settings(**given | {"hidden": tuple(given["hidden"])})


def _message(error: Exception, lesson: Path) -> str:
    if isinstance(error, TorchbookError):
        return str(error)
    known = explain(error)
    return f"{known.what} {known.fix}" if known else told(error, lesson)
