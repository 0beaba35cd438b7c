"""A small classifier of points in the plane that is trained step by step and evaluated on the whole plane."""

import base64
import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torchbook.data import Batches, load
from torchbook.errors import TorchbookError
from torchbook.training import Report, Supervised, train

# The plane that is shown reaches from -REACH to REACH in both directions.
REACH = 2.5
ACTIVATIONS: dict[str, type[nn.Module] | None] = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "none": None}
# Ready-made points: the figure of `load("points")` they come from, and how its classes become two (code, function).
FIGURES: dict[str, tuple[str, str, Callable[[Tensor], Tensor]]] = {
    "circles": ("circles", "labels", lambda labels: labels),
    "moons": ("moons", "labels", lambda labels: labels),
    "blobs": ("blobs", "labels % 2", lambda labels: labels % 2),
    "xor": ("blobs", "(labels % 3 != 0).long()", lambda labels: (labels % 3 != 0).long()),
}
# The loss curve keeps at most so many points; of a longer training every second one, and so on.
CURVE = 160
# Larger values are clamped to this.
LARGEST = 1e6
# A wider layer is not drawn unit by unit.
WIDEST = 12


@dataclass(frozen=True)
class Settings:
    """The settings of the built-in network. Equal settings give equal weights after equally many steps."""

    hidden: tuple[int, ...] = (8,)
    activation: str = "relu"
    learning_rate: float = 0.03
    seed: int = 0
    start: str = "random"


def ready_made(figure: str) -> tuple[Tensor, Tensor]:
    """Returns the points `[count, 2]` of a ready-made set, with mean 0 and deviation 1, and their classes, 0 or 1."""
    source, _, to_two_classes = FIGURES[figure]
    data = load("points", figure=source, count=300)
    assert data.train.labels is not None
    return data.normalize(data.train.inputs), to_two_classes(data.train.labels)


def network(settings: Settings) -> nn.Sequential:
    """Builds a network with 2 inputs, the hidden layers with their activation, and 1 output: the logit of class 1."""
    layers: list[nn.Module] = []
    width, activation = 2, ACTIVATIONS[settings.activation]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        for units in settings.hidden:
            layers += [nn.Linear(width, units)] + ([activation()] if activation else [])
            width = units
        model = nn.Sequential(*layers, nn.Linear(width, 1))
    if settings.start != "random":
        for parameter in model.parameters():
            nn.init.constant_(parameter, 0.0 if settings.start == "zeros" else 0.5)
    return model


def loss(outputs: Tensor, labels: Tensor) -> Tensor:
    """Returns the cross-entropy of one logit per point, or of one for each class."""
    if outputs.ndim == 2 and outputs.shape[1] > 1:
        return F.cross_entropy(outputs, labels)
    return F.binary_cross_entropy_with_logits(outputs.reshape(len(labels)), labels.float())


def logit(outputs: Tensor) -> Tensor:
    """Returns the logit of class 1, `[points]`: its sigmoid is the probability, and zero is the boundary."""
    if outputs.ndim == 2 and outputs.shape[1] == 2:
        return outputs[:, 1] - outputs[:, 0]
    if outputs.ndim == 1 or (outputs.ndim == 2 and outputs.shape[1] == 1):
        return outputs.flatten()
    shape = list(outputs.shape)
    raise TorchbookError(f"the module must give one number for each point, or two (one a class), got the shape {shape}")


class Classifier:
    """A module, its points and its training. `edited` is True once its settings and steps no longer reproduce it."""

    def __init__(self, module: nn.Module, inputs: Tensor, labels: Tensor, *, learning_rate: float, fine: int = 60):
        self.module, self.fine = module, fine
        self.initial = copy.deepcopy(module.state_dict())
        self.edited = False
        self.inputs, self.labels = inputs, labels
        self.learning_rate = learning_rate
        self.reset()

    def reset(self) -> None:
        """Sets the weights back to their initial values."""
        self.module.load_state_dict(self.initial)
        self.edited = False
        optimizer = torch.optim.Adam(self.module.parameters(), lr=self.learning_rate)
        self.task = Supervised(self.module, optimizer, loss=loss)
        self.curve: list[list[float]] = []
        self.stride = 1
        self.use(self.inputs, self.labels, edited=False)

    def use(self, inputs: Tensor, labels: Tensor, *, edited: bool = True) -> None:
        """Continues with other points and the same weights."""
        self.inputs, self.labels = inputs, labels
        self.edited |= edited and self.steps > 0
        self.reports: Iterator[Report] = iter(())
        if len(inputs):
            self.reports = train(self.task, Batches(inputs, labels, size=len(inputs)), epochs=10**9, every=1)

    @property
    def steps(self) -> int:
        return self.task.steps

    def advance(self, steps: int) -> None:
        """Makes so many updates, each from all points at once.

        Raises:
            Diverged: the loss is no longer finite.
        """
        try:
            for report in islice(self.reports, steps):
                self._record(report.step - 1, report["loss"])
        except Exception:
            self.use(self.inputs, self.labels, edited=False)  # a generator that failed would be silent from now on
            raise

    def _record(self, step: int, value: float) -> None:
        if step % self.stride == 0:
            self.curve.append([step, round(value, 5)])
        if len(self.curve) > CURVE:
            self.curve, self.stride = self.curve[::2], 2 * self.stride

    @torch.no_grad()
    def set_weight(self, layer: int, unit: int, source: int, value: float) -> None:
        """Writes one weight of a unit, or with `source` -1 its bias; layers are counted from the first hidden one."""
        layers = self.linears()
        if not (0 <= layer < len(layers) and 0 <= unit < layers[layer].out_features):
            return
        if source < 0:
            layers[layer].bias[unit] = value
        elif source < layers[layer].in_features:
            layers[layer].weight[unit, source] = value
        self.edited = True

    def measures(self) -> dict[str, float]:
        """Returns loss and accuracy on the points now; NaN without points."""
        if not len(self.inputs):
            return {"loss": math.nan, "accuracy": math.nan}
        outputs = self.task.predict(self.inputs)
        right = (logit(outputs) > 0) == (self.labels == 1)
        return {"loss": loss(outputs, self.labels).item(), "accuracy": right.double().mean().item()}

    def linears(self) -> list[nn.Linear]:
        """Returns the linear layers if the module is a chain of them that can be drawn, else none."""
        layers = [layer for layer in self.module.modules() if isinstance(layer, nn.Linear)]
        widths = [2, *(layer.out_features for layer in layers)]
        chained = [layer.in_features for layer in layers] == widths[:-1]
        drawable = (
            chained and widths[-1] <= 2 and max(widths) <= WIDEST and all(layer.bias is not None for layer in layers)
        )
        return layers if drawable else []

    def look(self) -> dict[str, Any]:
        """Evaluates the plane, row by row from the top: the logit of class 1, and the weighted sum of every unit.

        `logits` holds `fine` x `fine` values, `sums` 30 x 30 for each unit, as 16-bit integers in base64. A value is
        the integer times its entry in `scales` (`scale` for the logits). `silent` says for each unit of each hidden
        layer whether its sum is 0 or below for every point.
        """
        fine = logit(self.task.predict(plane(self.fine))).unsqueeze(0)
        sums, on_points = self._sums(plane(30)), self._sums(self.inputs)[:-1]
        logits, [scale] = _packed(fine)
        units, scales = _packed(torch.cat(sums, dim=1).T if sums else torch.zeros(0, 900))
        silent = [(layer <= 0).all(dim=0).tolist() for layer in on_points]
        return {
            "fine": self.fine,
            "logits": logits,
            "scale": scale,
            "sums": units,
            "scales": scales,
            "silent": silent,
        }

    def _sums(self, places: Tensor) -> list[Tensor]:
        """Returns the weighted sums `[places, units]` of each linear layer that can be drawn."""
        sums: list[Tensor] = []
        hooks = [part.register_forward_hook(lambda _, __, out: sums.append(out.detach())) for part in self.linears()]
        try:
            if hooks and len(places):
                self.task.predict(places)
        finally:
            for hook in hooks:
                hook.remove()
        return sums

    def frame(self) -> dict[str, Any]:
        """Returns everything that the picture shows now, ready for JSON."""
        linears = self.linears()
        measures = {name: None if math.isnan(value) else round(value, 5) for name, value in self.measures().items()}
        return {
            "steps": self.steps,
            **measures,
            "curve": self.curve,
            "widths": [2, *(part.out_features for part in linears)] if linears else [],
            "weights": [_rounded(part.weight) for part in linears],
            "biases": [_rounded(part.bias) for part in linears],
            **self.look(),
        }


def shares(frame: dict[str, Any]) -> Tensor:
    """Returns the probability of class 1 on the plane of a frame, `[fine, fine]`, row by row from the top."""
    integers = np.frombuffer(base64.b64decode(frame["logits"]), "<i2").astype(np.float32)
    return torch.from_numpy(integers * frame["scale"]).sigmoid().reshape(frame["fine"], frame["fine"])


def plane(side: int) -> Tensor:
    """Returns the centres of `side` x `side` cells of the plane, row by row from the top: `[side * side, 2]`."""
    centres = torch.linspace(-REACH + REACH / side, REACH - REACH / side, side)
    y, x = torch.meshgrid(centres.flip(0), centres, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def tensors(points: Sequence[Sequence[float | int]]) -> tuple[Tensor, Tensor]:
    """Returns drawn points `[x, y, class]` as inputs `[count, 2]` and labels `[count]`."""
    rows = torch.tensor([list(point) for point in points], dtype=torch.float32).reshape(-1, 3)
    return rows[:, :2], rows[:, 2].long()


def _packed(rows: Tensor) -> tuple[str, list[float]]:
    """Returns rows as 16-bit integers in base64, and the scale of each row. Fewer bits would make stairs of a line."""
    rows = rows.detach().nan_to_num(0.0).clamp(-LARGEST, LARGEST)
    scales = rows.abs().amax(1).clamp(min=1e-9) / 32767
    integers = (rows / scales.unsqueeze(1)).round().numpy().astype("<i2")
    return base64.b64encode(integers.tobytes()).decode(), scales.tolist()


def _rounded(values: Tensor) -> Any:
    return torch.round(values.detach(), decimals=4).tolist()
