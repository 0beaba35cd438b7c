"""The curves of a run out of its log."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

Series = tuple[str, Mapping[str, tuple[Sequence[float], Sequence[float]]]]

# What is drawn, in this order: the measure in words, and its names in the log with the words for each curve.
_KNOWN = {
    "loss": {"loss": "training", "valid_loss": "validation"},
    "losses of the two": {"generator_loss": "generator", "discriminator_loss": "critic"},
    "accuracy": {"valid_accuracy": "validation", "accuracy": "training"},
    "mean squared error": {"valid_mse": "validation"},
    "Fréchet distance": {"valid_frechet": "distance"},
}


def series_of(entries: Sequence[Mapping[str, Any]], *, all_of_them: bool = False) -> list[Series]:
    """The curves that a log has; without `all_of_them` only the first kind."""
    found: list[Series] = []
    for measure, names in _KNOWN.items():
        drawn = {}
        for name, words in names.items():
            rows = [(_at(entry, i), entry[name]) for i, entry in enumerate(entries) if _is_number(entry.get(name))]
            if len(rows) > 1:
                drawn[words] = ([at for at, _ in rows], [float(value) for _, value in rows])
        if drawn:
            found.append((measure, drawn))
    return found if all_of_them else found[:1]


def curve(series: Sequence[Series], name: str) -> str:
    """The drawing of the first series, or nothing."""
    if not series:
        return ""
    from torchbook.reporting import svg

    measure, drawn = series[0]
    ends = ", ".join(f"{words} from {values[0]:.3g} to {values[-1]:.3g}" for words, (_, values) in drawn.items())
    return svg.lines(drawn, x="epoch", y=measure, label=f"{measure} of {name} by epoch: {ends}")


def _at(entry: Mapping[str, Any], place: int) -> float:
    epoch = entry.get("epoch")
    return float(epoch) if isinstance(epoch, int | float) else float(place)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
