"""The curves of a run, drawn from its log."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

Series = tuple[str, Mapping[str, tuple[Sequence[float], Sequence[float]]]]

# The measures that are drawn, in this order, and for each the keys of the log with the labels of their curves.
_MEASURES = {
    "loss": {"loss": "training", "valid_loss": "validation"},
    "losses of the two": {"generator_loss": "generator", "discriminator_loss": "critic"},
    "accuracy": {"valid_accuracy": "validation", "accuracy": "training"},
    "mean squared error": {"valid_mse": "validation"},
    "Fréchet distance": {"valid_frechet": "distance"},
}


def series_of(entries: Sequence[Mapping[str, Any]], *, all_of_them: bool = False) -> list[Series]:
    """Returns the curves in a log by measure; without `all_of_them` only those of the first measure."""
    series: list[Series] = []
    for measure, names in _MEASURES.items():
        curves = {}
        for name, label in names.items():
            rows = [(_at(entry, i), entry[name]) for i, entry in enumerate(entries) if _is_number(entry.get(name))]
            if len(rows) > 1:
                curves[label] = ([at for at, _ in rows], [float(value) for _, value in rows])
        if curves:
            series.append((measure, curves))
    return series if all_of_them else series[:1]


def curve(series: Sequence[Series], name: str) -> str:
    """Returns the first series as SVG, "" if there is none."""
    if not series:
        return ""
    from torchbook.reporting import svg

    measure, curves = series[0]
    ends = ", ".join(f"{label} from {values[0]:.3g} to {values[-1]:.3g}" for label, (_, values) in curves.items())
    return svg.lines(curves, x="epoch", y=measure, label=f"{measure} of {name} by epoch: {ends}")


def _at(entry: Mapping[str, Any], position: int) -> float:
    epoch = entry.get("epoch")
    return float(epoch) if isinstance(epoch, int | float) else float(position)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
