"""Curves over the epochs and maps of points, as PNG files."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from jaxtyping import Float, Int
from torch import Tensor

from torchbook.reporting.svg import COLOURS
from torchbook.storage import write_atomically


def curves(lines: Mapping[str, Sequence[float]], *, title: str, file: Path) -> None:
    """Curves over the epochs as a PNG file, each with its name at its end."""
    figure = _figure(6.4, 3.6)
    axes = figure.subplots()
    for (name, values), colour in zip(lines.items(), COLOURS * 9):
        axes.plot(range(1, len(values) + 1), values, color=colour, label=name, linewidth=1.8)
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xlabel("epoch")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.25)
    axes.legend(frameon=False, fontsize=9)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    write_atomically(file, buffer.getvalue())


def scatter(
    places: Float[Tensor, "count 2"], labels: Int[Tensor, "count"], *, names: Sequence[str], file: Path
) -> None:
    """A map of points as a PNG file: those of a class have its colour and its mark, and its name is at their middle."""
    figure = _figure(6.4, 5.2)
    axes = figure.subplots()
    for label, name in enumerate(names):
        own = places[labels == label]
        if not len(own):
            continue
        colour, mark = COLOURS[label % len(COLOURS)], "os^Dvp*"[label // len(COLOURS) % 7]
        axes.scatter(own[:, 0].numpy(), own[:, 1].numpy(), s=16, color=colour, marker=mark, label=name, alpha=0.7)
        outline = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": colour}
        axes.annotate(name, own.median(0).values.tolist(), ha="center", va="center", fontsize=10, bbox=outline)
    axes.set_aspect("equal", adjustable="datalim")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1, 0.5))
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    write_atomically(file, buffer.getvalue())


def _figure(width: float, height: float):
    """A figure that belongs to no window system and to no global list of figures."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
