"""A measured value as people read it: the same in the terminal, on a run's card, in a report and on every page."""

from typing import Any

# Shares of all examples, written in per cent; so is what ends in "accuracy".
_SHARES = ("precision", "recall", "f1", "exact_match", "coverage")


def measure_text(name: str, value: Any) -> str:
    """Returns a measure in words: a share as 98.1 %, another number with four digits, a count with its thousands.

    `name` is that of the measure, also as the log has it (`valid_accuracy`).
    """
    if not isinstance(value, int | float):
        return str(value)
    plain = name.removeprefix("valid_").removeprefix("test_")
    if plain.endswith("accuracy") or plain in _SHARES:
        return per_cent(float(value), digits=1)
    if isinstance(value, int) or 1000 <= abs(value) < 1e7:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def per_cent(share: float, *, digits: int = 0) -> str:
    """Returns a share of 1 in per cent."""
    return f"{100 * share:.{digits}f} %"
