"""The curves of a run, drawn from its log, and its last line in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from torchbook.measure_text import measure_text

Series = tuple[str, Mapping[str, tuple[Sequence[float], Sequence[float]]]]

# The measures that are drawn, in this order, and for each the keys of the log with the labels of their curves.
_MEASURES = {
    "loss": {"loss": "training", "valid_loss": "validation"},
    "loss of each": {"generator_loss": "generator", "discriminator_loss": "discriminator"},
    "accuracy": {"valid_accuracy": "validation", "accuracy": "training"},
    "mean squared error": {"valid_mse": "validation"},
    "Fréchet distance": {"valid_frechet": "distance"},
}

# One colour, one meaning, in every chart.
_COLOURS = {"training": "var(--blue)", "validation": "var(--orange)", "generator": "var(--blue)"}
_COLOURS |= {"discriminator": "var(--orange)", "distance": "var(--green)"}
# What is no larger can be drawn; NaN and infinity cannot.
_MOST = 1e300


def summary(entries: Sequence[Mapping[str, Any]], epochs: int | None) -> str:
    """Returns the last entry of a log in a line: `epoch 3 of 10 · loss 0.21 · accuracy 93.6 %`."""
    if not entries:
        return ""
    last = entries[-1]
    parts = []
    if is_number(last.get("epoch")):
        parts.append(f"epoch {last['epoch']:g}" + (f" of {epochs}" if epochs else ""))
    measures = [name for names in _MEASURES.values() for name in names if is_number(last.get(name))]
    parts += [f"{_in_words(name)} {measure_text(name, last[name])}" for name in measures]
    return " · ".join(parts)


def _in_words(name: str) -> str:
    return name.replace("valid_", "validation ").replace("_", " ").replace("frechet", "Fréchet distance")


def series_of(entries: Sequence[Mapping[str, Any]], *, all_of_them: bool = False) -> list[Series]:
    """Returns the curves in a log by measure; without `all_of_them` only those of the first measure."""
    series: list[Series] = []
    for measure, names in _MEASURES.items():
        curves = {}
        for name, label in names.items():
            rows = [(_at(entry, i), entry[name]) for i, entry in enumerate(entries) if is_number(entry.get(name))]
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
    ends = ", ".join(
        f"{label} from {measure_text(measure, values[0])} to {measure_text(measure, values[-1])}"
        for label, (_, values) in curves.items()
    )
    label = f"{measure} of {name} by epoch: {ends}"
    return svg.lines(curves, x="epoch", y=measure, label=label, colours=_COLOURS)


def _at(entry: Mapping[str, Any], position: int) -> float:
    return float(entry["epoch"]) if is_number(entry.get("epoch")) else float(position)


def is_number(value: Any) -> bool:
    """Returns True for what can be drawn and written."""
    return isinstance(value, int | float) and abs(value) < _MOST
