"""`Boundary`: points of two classes in the plane, and the decision boundary of a network while it is trained."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import traitlets
from torch import Tensor, nn

from torchbook.course.pictures import surroundings
from torchbook.course.pictures.boundary_elsewhere import InWorker
from torchbook.course.pictures.boundary_here import InProcess
from torchbook.course.pictures.boundary_model import ACTIVATIONS, FIGURES, Settings, ready_made
from torchbook.course.pictures.boundary_still import still
from torchbook.course.pictures.boundary_work import Work
from torchbook.course.pictures.picture import Picture
from torchbook.errors import TorchbookError

# Seconds without a message from the page after which it pauses.
PATIENCE = 20.0
# Seconds between two changes of the words while it plays, so that a screen reader can follow.
TELLING = 3.0
# The changes of the settings for each "break it".
BROKEN: dict[str, dict[str, Any]] = {
    "rate": {"learning_rate": 3.0},
    "zeros": {"start": "zeros"},
    "equal": {"start": "equal"},
    "linear": {"activation": "none"},
}
_CHOICES = {
    "figure": (*FIGURES, "own"),
    "activation": tuple(ACTIVATIONS),
    "start": ("random", "zeros", "equal"),
}


class Boundary(Picture, parts=("boundary_plane.js", "boundary_network.js")):
    """Points, a network, and the plane coloured by the network's prediction at every place.

    The reader draws points, adds layers and units, looks at single units, types weights, and trains. What trains is
    `torchbook.train` in Python: on an open page in a process of its own that ends with the page, else in place.
    `figure` is circles, moons, blobs, xor, or own with `points` as `[x, y, class]`; `hidden`
    are the widths of the hidden layers, `start` is random, zeros or equal. With `bends` each hidden unit draws the line
    where its weighted sum is zero; units that are silent for every point are marked.

    With `module` it shows the learner's own module instead: a class or function that is called without arguments for a
    module with 2 inputs and 1 or 2 outputs. It is trained with the same loop, and all that belongs to the built-in
    network is left out. `picture.module = other` shows another one.

    Raises:
        TorchbookError: an argument is unknown, or, in place, the module does not fit.
    """

    figure = traitlets.Enum(_CHOICES["figure"], "circles").tag(sync=True)
    points: Any = traitlets.List().tag(sync=True)
    hidden = traitlets.List(traitlets.Int()).tag(sync=True)
    activation = traitlets.Enum(_CHOICES["activation"], "relu").tag(sync=True)
    learning_rate = traitlets.Float(0.03).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    start = traitlets.Enum(_CHOICES["start"], "random").tag(sync=True)
    pace = traitlets.Int(2).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    own = traitlets.Bool(False).tag(sync=True)
    bends = traitlets.Bool(False).tag(sync=True)
    # Until the first answer there is nothing to show.
    frame: Any = traitlets.Dict({"steps": 0, "loss": None, "accuracy": None, "curve": []}).tag(sync=True)
    before = traitlets.Dict().tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    defaults = traitlets.Dict().tag(sync=True)
    worker: InProcess | InWorker | None = None
    answers = True

    def __init__(
        self,
        figure: str = "circles",
        hidden: Sequence[int] = (8,),
        *,
        activation: str = "relu",
        learning_rate: float | int = 0.03,
        seed: int = 0,
        start: str = "random",
        points: Sequence[Sequence[float | int]] = (),
        module: Callable[[], nn.Module] | None = None,
        bends: bool = False,
        place: str = "",
    ):
        for name, value in {"figure": figure, "activation": activation, "start": start}.items():
            if value not in _CHOICES[name]:
                raise TorchbookError(f"{name} must be one of {', '.join(_CHOICES[name])}, got {value!r}")
        super().__init__(
            figure=figure,
            hidden=list(hidden),
            activation=activation,
            learning_rate=learning_rate,
            seed=seed,
            start=start,
            points=[list(point) for point in points],
            bends=bends,
            place=place,
        )
        names = ("figure", "hidden", "activation", "learning_rate", "seed", "start")
        self.defaults = {name: getattr(self, name) for name in (*names, "bends")}
        self.heard_at = self.described_at = 0.0
        self.listing = ""
        self.module = module
        self.alternative = self._describe()
        self.observe(self._on_settings, names=list(names[1:]))
        self.observe(self._on_points, names=["figure", "points"])
        self.observe(self._on_playing, names=["playing"])
        self.on_msg(self._on_message)

    @property
    def settings(self) -> Settings:
        """The settings of the built-in network."""
        return Settings(tuple(self.hidden), self.activation, self.learning_rate, self.seed, self.start)

    @property
    def steps(self) -> int:
        """The number of updates so far."""
        return int(self.frame["steps"])

    @property
    def accuracy(self) -> float | None:
        """The share of the points on the right side of the boundary now, None without points."""
        return self.frame["accuracy"]

    @property
    def loss(self) -> float | None:
        """The cross-entropy on the points now, None without points."""
        return self.frame["loss"]

    @property
    def silent(self) -> int:
        """The number of hidden units whose ReLU gives 0 for every point now. One's own module is taken to use ReLU."""
        return sum(map(sum, self.frame.get("silent", []))) if self.own or self.activation == "relu" else 0

    @property
    def module(self) -> Callable[[], nn.Module] | None:
        """The function or class that makes the learner's own module, None for the built-in network."""
        return self._module

    @module.setter
    def module(self, module: Callable[[], nn.Module] | None) -> None:
        if isinstance(module, nn.Module) or not (module is None or callable(module)):
            raise TorchbookError(
                "module is made anew for each training: give the class, or a function that returns the module, "
                f"got {module!r}"
            )
        self._module, self.own = module, module is not None
        if self.worker:
            self.worker.close()
        if not surroundings.on_page():
            self.worker = InProcess(self._show, self._steps_due, make=module)
        elif module is None:
            self.worker = InWorker(self._show, self._steps_due)
        else:
            source = surroundings.source_of(module.__name__)
            self.worker = InWorker(self._show, self._steps_due, source=source, function=module.__name__)
        self._begin()

    def advance(self, steps: int) -> None:
        """Trains for so many more steps and shows the result."""
        self._ask("advance", steps=steps)

    def still(self) -> str:
        """Draws the plane with its points as SVG."""
        return still(self.frame, self.points, self.alternative, bends=self.bends)

    def close(self) -> None:
        """Ends the picture, and the process that trains."""
        if self.worker:
            self.worker.close()
        super().close()

    def _ask(self, do: str, **details: Any) -> None:
        assert self.worker
        self.worker.ask({"do": do, **details})

    def _begin(self, *, beside: Settings | None = None) -> None:
        """Begins with a fresh network, beside the loss curve of another one if `beside` is given."""
        self.begun, self.message = self.settings, ""
        details = self._points() | {"settings": asdict(self.settings), "beside": asdict(beside) if beside else {}}
        if surroundings.on_page() and not (self.own or beside):
            # What is said of it on the page does not wait for another process.
            self._show(Work().do({"do": "begin", **details}))
        self._ask("begin", **details)

    def _on_settings(self, _: object) -> None:
        if self.settings != self.begun:  # several may change at once
            self._begin()

    def _on_points(self, change: Any) -> None:
        if change.name == "figure" or self.figure == "own":
            self._ask("points", **self._points())

    def _points(self) -> dict[str, Any]:
        """Returns the points of a request; sends those of a ready-made set to the page too."""
        if self.figure == "own":
            return {"figure": self.figure, "points": self.points}
        inputs, labels = ready_made(self.figure)
        self.points = _as_points(inputs, labels)
        exact = [[x, y, label] for (x, y), label in zip(inputs.tolist(), labels.tolist())]
        return {"figure": self.figure, "points": exact}

    def _on_message(self, _: object, content: Any, buffers: object) -> None:
        """Handles a message of the page: `{"do": "step"}` and so on."""
        self.heard_at = time.monotonic()
        match content:
            case {"do": "step"}:
                self.advance(1)
            case {"do": "reset"}:
                self._ask("reset")
            case {"do": "weight", "layer": int(layer), "unit": int(unit), "source": int(source), "value": value}:
                if isinstance(value, int | float) and math.isfinite(value):
                    self._ask("weight", layer=layer, unit=unit, source=source, value=float(value))
            case {"do": "break", "how": str(how)} if how in BROKEN:
                self._break(BROKEN[how])

    def _break(self, change: dict[str, Any]) -> None:
        """Begins with a broken network, beside the loss curve of a healthy one that is otherwise the same."""
        healthy = replace(
            self.settings,
            hidden=tuple(self.hidden) or (8,),
            activation="relu" if self.activation == "none" else self.activation,
            learning_rate=min(self.learning_rate, 0.1),
            start="random",
        )
        broken = replace(healthy, **change)
        with self.hold_trait_notifications():
            self.hidden, self.activation, self.start = list(broken.hidden), broken.activation, broken.start
            self.learning_rate = broken.learning_rate
            self._begin(beside=healthy)
        self.playing = True

    def _show(self, answer: dict[str, Any]) -> None:
        """Shows an answer; updates the alternative text and the code less often than the frames."""
        self.listing = answer.pop("code", self.listing)
        for trait, value in answer.items():
            setattr(self, trait, value)
        if not self.playing or time.monotonic() - self.described_at > TELLING:
            self._update_text()

    def _update_text(self) -> None:
        self.described_at = time.monotonic()
        self.alternative, self.code = self._describe(), self.listing

    def _describe(self) -> str:
        widths = "-".join(str(width) for width in (2, *self.hidden, 1))
        kind = "your own module" if self.own else f"a network {widths}, activation {self.activation}"
        subject = f"{len(self.points)} points in two classes ({self.figure}); {kind}"
        if not self.points:
            return f"{subject}. There are no points yet."
        if self.accuracy is None:
            return f"{subject}."
        silent = f" Hidden units that are silent for every point: {self.silent}." if self.bends else ""
        return f"{subject}. Accuracy {self.accuracy:.2f}, loss {self.loss:.3f} after {self.steps} steps.{silent}"

    def _on_playing(self, change: Any) -> None:
        self.heard_at = time.monotonic()
        if not change.new:
            self._update_text()
            return
        self.message = ""
        if self.worker:
            self.worker.wake()

    def _steps_due(self) -> int:
        """Returns the number of steps to the next frame, 0 while it pauses."""
        if self.playing and time.monotonic() - self.heard_at > PATIENCE:
            self.playing = False
        return self.pace if self.playing else 0


def _as_points(inputs: Tensor, labels: Tensor) -> list[list[float | int]]:
    return [[round(x, 2), round(y, 2), label] for (x, y), label in zip(inputs.tolist(), labels.tolist())]
