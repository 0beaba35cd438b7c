"""`Boundary`: points of two classes in the plane, and what a network makes of it while it is trained."""

import copy
import math
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import marimo as mo
import traitlets
from torch import Tensor, nn

from torchbook.course.pictures.boundary_code import as_code
from torchbook.course.pictures.boundary_model import (
    ACTIVATIONS,
    FIGURES,
    Classifier,
    Settings,
    network,
    ready_made,
    tensors,
)
from torchbook.course.pictures.boundary_still import still
from torchbook.course.pictures.picture import Picture
from torchbook.errors import TorchbookError
from torchbook.explain import explain

# Frames a second while it plays, and seconds without a sign from the page after which it pauses.
FRAMES = 12
PATIENCE = 20.0
# Seconds between two changes of the words while it plays, so that a screen reader can follow.
TELLING = 3.0
# What each "break it" changes in the settings.
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
    """Points, a network, and the plane coloured by what the network says of every place.

    The reader draws points, adds layers and units, looks at single units, types weights, and trains. What trains is
    `torchbook.train` in Python, in a thread that ends with the page. `figure` is circles, moons, blobs, xor, or own
    with `points` as `[x, y, class]`; `hidden` are the widths of the hidden layers, `start` is random, zeros or equal.

    With `module` it shows a copy of that module instead: 2 inputs, and 1 output or 2. It is trained with the same loop,
    and all that belongs to the built-in network is left out. `picture.module = other` shows another one.
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
    frame = traitlets.Dict().tag(sync=True)
    before = traitlets.Dict().tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    defaults = traitlets.Dict().tag(sync=True)

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
        module: nn.Module | None = None,
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
            own=module is not None,
            place=place,
        )
        names = ("figure", "hidden", "activation", "learning_rate", "seed", "start")
        self.defaults = {name: getattr(self, name) for name in names}
        self._module = module
        # The thread belongs to the cell that makes the picture; it begins with the first play.
        self.thread = mo.Thread(target=self._play, daemon=True)
        self.lock = threading.RLock()
        self.wanted = threading.Event()
        self.seen = self.told = 0.0
        self._begin()
        self.observe(self._begin, names=list(names[1:]))
        self.observe(self._take_points, names=["figure", "points"])
        self.observe(self._wake, names=["playing"])
        self.on_msg(self._asked)

    @property
    def settings(self) -> Settings:
        """What the built-in network begins with."""
        return Settings(tuple(self.hidden), self.activation, self.learning_rate, self.seed, self.start)

    @property
    def steps(self) -> int:
        """How many updates there have been."""
        return self.classifier.steps

    @property
    def accuracy(self) -> float:
        """The share of the points that are on the right side now."""
        return self.classifier.measures()["accuracy"]

    @property
    def loss(self) -> float:
        """The cross-entropy of the points now."""
        return self.classifier.measures()["loss"]

    @property
    def module(self) -> nn.Module | None:
        """The module of one's own that is shown."""
        return self._module

    @module.setter
    def module(self, module: nn.Module) -> None:
        self._module, self.own = module, True
        self._begin()

    def advance(self, steps: int) -> None:
        """Trains on by so many steps and shows where that leads."""
        with self.lock:
            self._advance(steps)
            self._show()

    def still(self) -> str:
        """The plane with its points as an SVG."""
        return still(self.classifier, self.alternative)

    def _begin(self, _: object = None) -> None:
        """A fresh network; the curve of the one before stays to be compared with."""
        with self.lock:
            inputs, labels = self._points()
            former = getattr(self, "classifier", None)
            if former is not None and len(former.curve) > 1:
                self.before = {"name": "before", "curve": former.curve}
            module = network(self.settings) if self._module is None else copy.deepcopy(self._module)
            fine = 40 if self.own else 60
            self.classifier = Classifier(module, inputs, labels, learning_rate=self.learning_rate, fine=fine)
            self.message = ""
            self._show()

    def _take_points(self, change: Any) -> None:
        if change.name == "points" and self.figure != "own":
            return
        with self.lock:
            self.classifier.use(*self._points())
            self._show()

    def _points(self) -> tuple[Tensor, Tensor]:
        """The points that are asked for; those of a ready-made set go to the page too."""
        if self.figure == "own":
            return tensors(self.points)
        inputs, labels = ready_made(self.figure)
        self.points = [[round(x, 2), round(y, 2), label] for (x, y), label in zip(inputs.tolist(), labels.tolist())]
        return inputs, labels

    def _asked(self, _: object, content: Any, buffers: object) -> None:
        """What the page asks for: `{"do": "step"}` and so on."""
        self.seen = time.monotonic()
        with self.lock:
            match content:
                case {"do": "step"}:
                    self._advance(1)
                case {"do": "reset"}:
                    self.before = {"name": "before", "curve": self.classifier.curve}
                    self.message = ""
                    self.classifier.reset()
                case {"do": "weight", "layer": int(layer), "unit": int(unit), "source": int(source), "value": value}:
                    if not isinstance(value, int | float) or not math.isfinite(value):
                        return
                    self.classifier.set_weight(layer, unit, source, float(value))
                case {"do": "break", "how": str(how)} if how in BROKEN:
                    self._break(BROKEN[how])
                    return
                case _:
                    return
            self._show()

    def _break(self, change: dict[str, Any]) -> None:
        """A broken network, beside the curve of a healthy one that is otherwise the same."""
        healthy = replace(
            self.settings,
            hidden=tuple(self.hidden) or (8,),
            activation="relu" if self.activation == "none" else self.activation,
            learning_rate=min(self.learning_rate, 0.1),
            start="random",
        )
        sound = Classifier(network(healthy), *self._points(), learning_rate=healthy.learning_rate)
        sound.advance(300)
        broken = replace(healthy, **change)
        with self.hold_trait_notifications():
            self.hidden, self.activation, self.start = list(broken.hidden), broken.activation, broken.start
            self.learning_rate, self.playing = broken.learning_rate, True
        self.before = {"name": "healthy", "curve": sound.curve}

    def _advance(self, steps: int) -> None:
        try:
            self.classifier.advance(steps)
        except Exception as error:  # the module may be the learner's own
            known = explain(error)
            self.message = f"{known.what} {known.fix}" if known else f"{type(error).__name__}: {error}"
            if isinstance(error, TorchbookError):
                self.message = str(error)
            self.playing = False

    def _show(self) -> None:
        """Sends what is to be seen; the words and the code not at every frame."""
        self.frame = self.classifier.frame()
        now = time.monotonic()
        if not self.playing or now - self.told > TELLING:
            self.told = now
            self.alternative = self._words()
            self.code = as_code(None if self.own else self.settings, self.classifier, figure=self.figure)

    def _words(self) -> str:
        widths = "-".join(str(width) for width in self.frame["widths"])
        kind = "your own module" if self.own else f"a network {widths}, activation {self.activation}"
        what = f"{len(self.classifier.inputs)} points in two classes ({self.figure}); {kind}"
        if self.frame["accuracy"] is None:
            return f"{what}. There are no points yet."
        return f"{what}. Accuracy {self.frame['accuracy']:.2f}, loss {self.frame['loss']:.3f} after {self.steps} steps."

    def _wake(self, change: Any) -> None:
        self.seen = time.monotonic()
        if not change.new:
            self.wanted.clear()
            with self.lock:
                self._show()
            return
        self.message = ""
        self.wanted.set()
        if not self.thread.is_alive() and self.thread.ident is None:
            self.thread.start()

    def _play(self) -> None:
        """The thread: a few steps and a frame, again and again, never more than half of the time."""
        while not self.thread.should_exit:
            if not self.wanted.wait(0.5):
                continue
            began = time.monotonic()
            if began - self.seen > PATIENCE:
                self.playing = False
                continue
            with self.lock:
                if self.playing:
                    self._advance(self.pace)
                    self._show()
            taken = time.monotonic() - began
            time.sleep(max(1 / FRAMES - taken, taken, 0.0))
