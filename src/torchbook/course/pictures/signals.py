"""Signals in a network: histograms of its sums and of its gradients, layer by layer, while it begins to learn."""

import math
from collections.abc import Callable, Iterable, Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int64, UInt8
from torch import Tensor, nn

from torchbook.course.pictures.recording import Recording
from torchbook.course.pictures.scenes import Histograms

Report = Callable[[nn.Sequential, Tensor, Tensor], Sequence[tuple[float, float]]]
SUMS, GRADIENTS, BINS = (-6.0, 4.0), (-8.0, 2.0), 45  # what is shown, in powers of ten
# name: what is done to a weight matrix before training; None leaves what `nn.Linear` draws
STARTS: dict[str, Callable[[Tensor], Tensor] | None] = {
    "default": None,
    "zeros": nn.init.zeros_,
    "ones": nn.init.ones_,
    "too large": nn.init.normal_,
}


def linear_layers(model: nn.Module) -> list[nn.Linear]:
    """Returns the linear layers of a model in their order."""
    return [part for part in model.modules() if isinstance(part, nn.Linear)]


def started(model: nn.Sequential, start: str) -> nn.Sequential:
    """Returns the model after giving it one of the `STARTS`, with biases of 0 for all but the default."""
    for layer in linear_layers(model):
        if (change := STARTS[start]) is None:
            layer.reset_parameters()
        else:
            change(layer.weight)
            nn.init.zeros_(layer.bias)
    return model


def signals(
    model: nn.Sequential, inputs: Float[Tensor, "n ..."], labels: Int64[Tensor, "n"], *, report: Report, steps: int = 50
) -> Recording:
    """Trains a model for some steps with Adam, 64 examples a step, and records every ten steps what `look` returns.

    It is looked at with the first 256 examples.
    """
    optimizer, recording = torch.optim.Adam(model.parameters(), lr=0.003, fused=True), Recording()
    for step in range(steps + 1):
        if step % 10 == 0:
            recording.add(step=step, **look(model, inputs[:256], labels[:256], report=report))
        batch = torch.arange(64 * step, 64 * (step + 1)) % len(inputs)
        loss = F.cross_entropy(model(inputs[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return recording


def look(
    model: nn.Sequential, inputs: Float[Tensor, "n ..."], labels: Int64[Tensor, "n"], *, report: Report
) -> dict[str, float | Tensor | list[float]]:
    """Returns the loss, and for each linear layer the histograms of how far its sums lie from their means over the
    examples and of the gradients of its weights, each with the mark that `report` gives."""
    marks, x, sums = report(model, inputs, labels), inputs, []
    model.zero_grad()
    for part in model:
        x = part(x)
        if isinstance(part, nn.Linear):
            wide = x.detach().double()  # where all are equal nothing is left of their mean
            sums.append(wide - wide.mean(dim=0))
    loss = F.cross_entropy(x, labels)
    loss.backward()
    gradients = [layer.weight.grad for layer in linear_layers(model) if layer.weight.grad is not None]
    return {
        "loss": loss.item(),
        "sums": torch.stack([histogram(each, SUMS) for each in sums]),
        "spread": powers_of_ten(spread for spread, _ in marks),
        "gradients": torch.stack([histogram(each, GRADIENTS) for each in gradients]),
        "size": powers_of_ten(size for _, size in marks),
    }


def histogram(values: Float[Tensor, "..."], view: tuple[float, float]) -> UInt8[Tensor, "45"]:
    """Returns how often sizes occur, by their power of ten; 255 is the highest bar, and what lies outside is at the
    edge. Zeros and what is not a number are left out."""
    sizes = values.abs().flatten()
    powers = sizes[sizes > 0].log10().clamp(view[0], view[1] - 1e-3)
    counts = torch.histc(powers, BINS, *view)
    return (255 * counts / counts.max().clamp(min=1)).round().to(torch.uint8)


def powers_of_ten(values: Iterable[float]) -> list[float]:
    """Returns the powers of ten of some sizes, NaN where there is none."""
    return [math.log10(value) if 0 < value < math.inf else math.nan for value in values]


def signal_rows() -> tuple[Histograms, Histograms]:
    """Returns the two scenes of a `Stepper` that show what `signals` records."""
    return (
        Histograms("sums", "spread", view=SUMS, across="differences, power of ten"),
        Histograms("gradients", "size", view=GRADIENTS, across="gradients, power of ten"),
    )
