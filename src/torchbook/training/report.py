"""What training tells the reader's loop, and how the numbers between two reports are added up."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor

from torchbook.device import most_exact


@dataclass(frozen=True)
class Report:
    """How training stands: `measures` are means over the samples since the last report (`report["loss"]`).

    `epoch` counts finished epochs, a started one as well; `step` counts updates; `seconds` is the time spent in
    training alone since the beginning, not in the body of the loop. `share_of_peak` is how many of the operations that
    convolutions reach on this machine (`torchbook.speed.peak`) went into training, 0 to 1, where that is known.
    """

    epoch: int
    step: int
    measures: dict[str, float]
    samples: int
    seconds: float
    samples_per_second: float
    learning_rate: float | None = None
    share_of_peak: float | None = None

    def __getitem__(self, name: str) -> float:
        return self.measures[name]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Tally:
    """Sums since the last report, each a tensor on the task's device: a GPU is not waited for at every step, and no
    step leaves anything in memory."""

    samples: int = 0
    seconds: float = 0.0
    sums: dict[str, Tensor] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    def add(self, measures: dict[str, Tensor], samples: int) -> None:
        self.samples += samples
        for name, value in measures.items():
            if name not in self.sums:
                self.sums[name] = torch.zeros((), dtype=most_exact(value.device), device=value.device)
            self.sums[name].add_(value, alpha=samples)

    def means(self) -> dict[str, float]:
        """The mean of each measure over the samples."""
        return {name: total.item() / self.samples for name, total in self.sums.items()}

    def state_dict(self) -> dict[str, Any]:
        return {"samples": self.samples, "seconds": self.elapsed(), "sums": self.sums}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.samples, self.seconds = state["samples"], state["seconds"]
        self.sums = dict(state["sums"]) if "sums" in state else _summed(state["values"], state["weights"])
        self.resume()

    def elapsed(self) -> float:
        """Seconds of training since the last report."""
        return self.seconds + time.perf_counter() - self.started

    def resume(self) -> None:
        """The clock goes on now: what has passed since it was read belongs to the reader's loop."""
        self.started = time.perf_counter()


def _summed(values: dict[str, Tensor], weights: list[int]) -> dict[str, Tensor]:
    """Returns the sums of what torchbook 0.1 kept: the measures of each step `[steps]`, and the samples of each."""
    exact = {name: each.to(most_exact(each.device)) for name, each in values.items()}
    return {name: (each * each.new_tensor(weights)).sum() for name, each in exact.items()}
