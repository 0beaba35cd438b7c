"""What lesson 19 shows as recorded: the parts of a step, the three prices, pairs of programs and number formats.

    python benchmarks/prices.py [--rounds 4]

Runs the measuring functions of the lesson itself on one core, and prints the shortest times of all rounds as the lesson
writes them. It counts the time of the processor, so that other programs on the machine matter less.
"""

import argparse
import time
from typing import Any

from torchbook.course.runtime.session import run
from torchbook.course.texts.document import documents, read_document


def rounded(value: Any) -> Any:
    """Returns the same with three digits."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return tuple(map(rounded, value))
    return float(f"{value:.3g}")


def shortest(first: Any, second: Any) -> Any:
    """Returns the smaller of two times, for each place of two such structures; of speeds (`per second`) the larger."""
    if isinstance(first, dict):
        return {
            key: max(each, second[key]) if str(key).endswith("per second") else shortest(each, second[key])
            for key, each in first.items()
        }
    if isinstance(first, tuple | list):
        return tuple(map(shortest, first, second))
    return min(first, second)


def measured(names: dict[str, Any]) -> dict[str, Any]:
    """Returns what the lesson has recorded, measured once."""
    networks, sources = ("one layer", "your perceptron", "two convolutions"), ("tensors in memory", "PNG files")
    bars = {(network, source): names["step_bars"](network, source) for network in networks for source in sources}
    with names["one_core"]():
        return {
            "RECORDED_BARS": bars,
            "RECORDED_CORE": names["measured_core"](),
            "recorded_pairs": names["measured_pairs"](),
            "RECORDED_FORMATS": names["measured_formats"](),
        }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=4)
    names = run(read_document(documents()[19])).names
    names["clock"] = time.process_time
    best = measured(names)
    for _ in range(parser.parse_args().rounds - 1):
        best = shortest(best, measured(names))
    for name, values in best.items():
        print(f"{name} = {{")
        for key, value in values.items():
            print(f"    {key!r}: {rounded(value)!r},")
        print("}")
