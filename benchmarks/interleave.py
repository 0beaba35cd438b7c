"""Times of several ways of doing the same, taken in turns, so that a busy moment of the machine hits all of them."""

import statistics
import time
from collections.abc import Callable


def interleave(ways: dict[str, Callable[[], object]], *, rounds: int = 7) -> dict[str, list[float]]:
    """Seconds of each way in each round; a first round, which pays for setting up, is thrown away."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if number:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def table(seconds: dict[str, list[float]], *, beside: str) -> str:
    """A Markdown table: the median, the range of all rounds, and the median ratio to one of the ways, round by
    round."""
    rows = [f"| way | median ms | range ms | times {beside} |", "|---|---|---|---|"]
    for name, values in seconds.items():
        ratios = [value / other for value, other in zip(values, seconds[beside], strict=True)]
        low, high = 1e3 * min(values), 1e3 * max(values)
        rows.append(
            f"| {name} | {1e3 * statistics.median(values):.1f} | {low:.1f} to {high:.1f} "
            f"| {statistics.median(ratios):.2f} |"
        )
    return "\n".join(rows)
