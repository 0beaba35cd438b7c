"""The progress bar of a training run, on standard error."""

import sys
import time
from typing import TYPE_CHECKING, Any

from torchbook.measure_text import measure_text, per_cent

if TYPE_CHECKING:
    from rich.progress import TaskID

    from torchbook.run import Run


class TrainingBar:
    """A bar for each run that trains, with loss, measure, samples per second and time left; plain lines where there is
    no terminal. Give it to `start(..., show=bar)`.
    """

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self.console = Console(file=sys.stderr)
        self.progress = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[numbers]}"),
            TimeRemainingColumn(compact=True),
            console=self.console,
            transient=False,
        )
        self.bars: dict[str, TaskID] = {}
        self.printed = 0.0
        self.announced: set[str] = set()

    def __enter__(self) -> "TrainingBar":
        if self.console.is_terminal:
            self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.console.is_terminal:
            self.progress.stop()

    def __call__(self, run: "Run", report: Any, steps: int | None) -> None:
        name = run.path.name if "part" not in run.about else f"{run.path.parent.name}/{run.path.name}"
        numbers = describe(report, run.latest, watched=run.about.get("watch"))
        if run.tuned and name not in self.announced:
            self.announced.add(name)
            print(f"{name}  tuned: {run.tuned} (--no-tune leaves it as it is)", file=sys.stderr)
        if not self.console.is_terminal:
            if steps is None and time.monotonic() - self.printed > 1:
                self.printed = time.monotonic()
                of_all = f" of {run.about['epochs']}" if "epochs" in run.about else ""
                print(f"{name}  epoch {report.epoch}{of_all}  {numbers}", file=sys.stderr)
            return
        bar = self.bars.get(name)
        if bar is None:
            for earlier in self.bars.values():
                self.progress.update(earlier, completed=self.progress.tasks[earlier].total)
            bar = self.bars[name] = self.progress.add_task(name, total=steps, numbers=numbers)
        self.progress.update(bar, total=steps, completed=report.step, numbers=numbers)


def describe(report: Any, latest: dict[str, Any], *, watched: str | None = None) -> str:
    """Describes a report in a few words: the first loss, the latest measures on the validation set, the speed."""
    name, loss = next(iter(report.measures.items()))
    parts = [f"{name.replace('_', ' ')} {loss:.4g}"]
    usual = ("accuracy", "mse", "frechet", "classes_covered")
    measures = dict.fromkeys([*usual, watched])
    parts += [f"{measure} {measure_text(measure, latest[measure])}" for measure in measures if measure in latest]
    parts.append(f"{report.samples_per_second:,.0f}/s")
    if report.share_of_peak and report.share_of_peak >= 0.01:
        parts.append(f"{per_cent(report.share_of_peak)} of peak")
    return "  ".join(parts)
