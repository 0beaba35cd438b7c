"""The tour: six recipes in a row, from a straight line to a GAN, and a report."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torchbook.command_answer import Answer
from torchbook.display import TrainingBar

if TYPE_CHECKING:
    from rich.table import Table

# recipe, its arguments where they differ from its defaults, and what the report says of it
STOPS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (
        "thermometer",
        {},
        "A straight line",
        "Two numbers, a weight and a bias, turn the readings of an unknown scale into degrees Celsius.",
    ),
    (
        "logistic_regression",
        {},
        "Logistic regression",
        "Ten weighted sums of 64 pixels. It knows which pixels are bright, and no shapes.",
    ),
    (
        "mlp",
        {},
        "Hidden layers",
        "A multilayer perceptron: sums of sums, bent by an activation between them.",
    ),
    (
        "cnn",
        {},
        "Convolutions",
        "Small filters that look everywhere in the picture: the first model that sees shapes.",
    ),
    (
        "resnet9",
        {"width": 16, "batch_size": 128},
        "A residual network",
        "ResNet-9, a quarter as wide as usual, on digits enlarged to 32 pixels: a block adds to what it was given.",
    ),
    (
        "gan",
        {},
        "A GAN",
        "Two networks against each other: one draws digits from noise, the other tells them from real ones.",
    ),
)
COST = "half a minute to two minutes and 620 MB on two cores, and no network"


def tour(*, out: Path | None = None) -> Answer:
    """Trains six models on data that come with torchbook, from a straight line to a GAN, and writes a report.

    Args:
        out: the folder for the runs and report.html; by default a new one in TORCHBOOK_HOME.
    """
    from rich.console import Group

    from torchbook.data import load
    from torchbook.data.images.resize import resize
    from torchbook.home import home
    from torchbook.recipes import start
    from torchbook.reporting.tour_report import summary, write_report
    from torchbook.run import Run

    folder = out or _new(home() / "tours")
    print(f"The tour trains {len(STOPS)} models, from a straight line to a GAN: {COST}.", file=sys.stderr)
    began = time.perf_counter()
    results, chapters = [], []
    with TrainingBar() as bar:
        for name, arguments, title, sentence in STOPS:
            result = start(name, arguments, folder=folder / "runs", show=bar)
            dataset = load(result["data"])
            if name == "resnet9":
                dataset = resize(dataset, 32)
            results.append(result)
            chapters.append((Run.open(result["run"]), dataset, title, sentence))
    rows = [summary(result) for result in results]
    report = folder / "report.html"
    write_report(report, chapters, rows)
    seconds = time.perf_counter() - began
    data = {"recipes": results, "report": str(report), "seconds": round(seconds, 1)}
    ends = [f"{row['recipe']}: {row['published']} was published for the same data" for row in rows if row["published"]]
    return Answer(data, Group(_table(results, rows), *ends, f"{seconds:.0f} seconds; look at the report: {report}"))


def _table(results: list[dict[str, Any]], rows: list[dict[str, str]]) -> "Table":
    """The rows of the report in 80 columns."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold")
    for head in ("recipe", "data", "params", "FLOPs", "seconds", "on test set", "baseline"):
        table.add_column(head, no_wrap=True, justify="right" if head in ("params", "FLOPs", "seconds") else "left")
    for result, row in zip(results, rows, strict=True):
        table.add_row(
            row["recipe"],
            row["data"],
            brief(result["parameters"]),
            brief(result["flops"]),
            row["seconds"],
            row["on the test set"].removeprefix("accuracy "),
            row["baseline"],
        )
    return table


def brief(count: int) -> str:
    """Returns a count with three digits: 650, 47.5 M."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return str(count)


def _new(folder: Path) -> Path:
    """A folder that is not there yet, numbered."""
    number = 1
    while (folder / str(number)).exists():
        number += 1
    return folder / str(number)
