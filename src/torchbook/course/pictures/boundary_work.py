"""The computing side of a `Boundary`: makes the network, trains it, and returns what the picture shows."""

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
    """The classifier in training and the requests it knows. `make` returns the learner's own module, None stands for
    the built-in network."""

    def __init__(self, make: Callable[[], nn.Module] | None = None) -> None:
        self.make = make
        self.before: dict[str, Any] = {}

    def do(self, request: dict[str, Any]) -> dict[str, Any]:
        """Does what `request["do"]` names, with the rest as its arguments.

        Returns the traits of the picture that follow from it: `frame`, `before` and `code`. Requests and answers
        can be sent to another process.
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

    def do_or_explain(self, request: dict[str, Any], lesson: Path = Path()) -> dict[str, Any]:
        """Does the same; if it fails, returns a message that says why, with the line in the file `lesson`."""
        try:
            return self.do(request)
        except Exception as error:  # the module may be the learner's own
            return {"message": _message(error, lesson), "playing": False}

    def begin(
        self, figure: str, inputs: Tensor, labels: Tensor, settings: dict[str, Any], beside: dict[str, Any]
    ) -> None:
        """Begins with a fresh network; keeps the loss curve of the one before, or of one `beside`, for comparison."""
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

    def use(self, figure: str, inputs: Tensor, labels: Tensor) -> None:
        """Continues with other points."""
        self.figure = figure
        self.classifier.use(inputs, labels)

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


def talk(
    requests: Iterator[dict[str, Any]], lesson: str = "", source: str = "", function: str = ""
) -> Iterator[dict[str, Any]]:
    """Runs in the worker process: yields an answer, or an error message, for each request.

    `function` is the name of what makes the module in the file `lesson`, or by the code `source`.
    """
    make: Callable[[], nn.Module] | None = None
    if source:
        names: dict[str, Any] = {"__name__": "lesson"}
        exec(source, names)
        make = names[function]
    elif function:
        make = function_of(Path(lesson), function)
    work = Work(make)
    yield {}
    for request in requests:
        yield work.do_or_explain(request, Path(lesson))


def _settings(fields: dict[str, Any]) -> Settings:
    return Settings(**fields | {"hidden": tuple(fields["hidden"])})


def _message(error: Exception, lesson: Path) -> str:
    if isinstance(error, TorchbookError):
        return str(error)
    explanation = explain(error)
    return f"{explanation.what} {explanation.fix}" if explanation else told(error, lesson)
