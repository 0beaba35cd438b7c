"""What training tells the reader's loop, and how the numbers between two reports are added up."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor


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
    """Sums since the last report. The tensors are only read when somebody asks, so a GPU is not waited for at every
    step."""

    samples: int = 0
    seconds: float = 0.0
    weights: list[int] = field(default_factory=list)
    values: dict[str, list[Tensor]] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    def add(self, measures: dict[str, Tensor], samples: int) -> None:
        self.samples += samples
        self.weights.append(samples)
        for name, value in measures.items():
            if name in self.values:
                self.values[name].append(value)
            else:
                self.values[name] = [value]

    def means(self) -> dict[str, float]:
        """The mean of each measure over the samples."""
        weights = torch.tensor(self.weights, dtype=torch.float64)
        return {
            name: (torch.stack(values).double().cpu() @ weights / weights.sum()).item()
            for name, values in self.values.items()
        }

    def state_dict(self) -> dict[str, Any]:
        return {
            "samples": self.samples,
            "seconds": self.elapsed(),
            "weights": self.weights,
            "values": {name: torch.stack(values) for name, values in self.values.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.samples, self.seconds = state["samples"], state["seconds"]
        self.weights = list(state["weights"])
        self.values = {name: list(values) for name, values in state["values"].items()}
        self.resume()

    def elapsed(self) -> float:
        """Seconds of training since the last report."""
        return self.seconds + time.perf_counter() - self.started

    def resume(self) -> None:
        """The clock goes on now: what has passed since it was read belongs to the reader's loop."""
        self.started = time.perf_counter()
