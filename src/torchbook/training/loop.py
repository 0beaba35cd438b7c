"""The loop: a generator, so that the callback is the body of the reader's own `for`."""

import math
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor

from torchbook.data.batches import Batches, mixed
from torchbook.distributed import ALONE
from torchbook.errors import TorchbookError
from torchbook.run import Run
from torchbook.training.first_batch import check_first, check_loop, not_finite
from torchbook.training.interrupts import finishing_the_step
from torchbook.training.report import Report, Tally
from torchbook.training.task import Task

# Seconds between two checkpoints at least, and between two signs of life on the screen.
CHECKPOINT_EVERY = 5.0
SHOW_EVERY = 0.1


class Diverged(TorchbookError):
    """The loss is no longer a finite number."""


def train(
    task: Task, batches: Batches, *, epochs: int = 1, every: int | None = None, run: Run | None = None
) -> Iterator[Report]:
    """Trains until `epochs` passes over `batches` are done; yields a report after each, or after `every` steps.

    Leaving the loop ends training. With `run` checkpoints are written, and a run that was stopped goes on where it was:
    the weights at the end are the same to the last bit as if it had not been stopped. Random numbers that the body of
    the loop draws do not change the training. The processes of the run divide every batch among themselves
    (`torchbook.distributed`).

    Raises:
        Diverged: the loss became NaN or infinite. With `run` the task has the weights of the last checkpoint again.
        TorchbookError: `batches` hold other examples than the run was trained on before, or the first of them
            contradicts the model, the loss or the optimizer (`torchbook.training.first_batch`).
        KeyboardInterrupt: Ctrl-C. With `run` the body of the loop and the next step are finished and a checkpoint is
            written first, and SIGTERM and SIGHUP are answered so too; a second signal stops at once.
    """
    check_loop(task, batches, task_kind=Task, batches_kind=Batches)
    if epochs < 1 or (every is not None and every < 1):
        raise TorchbookError(f"epochs and every must be 1 or more, got epochs={epochs}, every={every}")
    # The device is said once, with the task.
    batches.device = task.choice.torch_device
    # Before anything of the run is written.
    check_first(task, batches)
    if run is not None:
        run.learns_from(batches.fingerprint())
    loop = _Loop(task, batches, epochs, every, run)
    owed = loop.begin()
    if run is not None:
        run.lasts(epochs)
    reports = loop.reports()
    with finishing_the_step(loop.interrupt, sys._getframe(1)) if run else nullcontext():
        if owed is not None:
            yield owed
        while True:
            loop.tally.resume()
            with loop.randomness:
                report = next(reports, None)
            if report is None:
                break
            yield report
    if loop.interrupted and loop.processes.alone:  # by the time of the last report, which is saved
        raise KeyboardInterrupt


class _Loop:
    """The state of one training between two reports."""

    def __init__(self, task: Task, batches: Batches, epochs: int, every: int | None, run: Run | None):
        self.task, self.batches, self.epochs, self.every, self.run = task, batches, epochs, every, run
        self.steps = len(batches)
        self.randomness = _OwnRandomness(batches.seed)
        self.tally = Tally()
        self.seconds = 0.0
        self.inputs: Tensor | None = None
        self.processes = run.processes if run else ALONE
        self.interrupted = self.processes.interrupted = False
        self.saved = self.shown = time.perf_counter()

    def begin(self) -> Report | None:
        """Restores what a stopped run left; returns the report that its loop may not have dealt with."""
        if self.run is None:
            return None
        self.run.attach(self.task)
        if not self.processes.alone:
            self.divide()
        state = self.run.load_state()
        if state is None:
            self.save(None)
            if self.processes.alone:
                return None
            # All begin with the weights of the first process.
            state = self.run.load_state()
            assert state is not None
        self.run.restore_into(self.task, state)
        self.batches.load_state_dict(state["batches"])
        self.randomness.state = state["randomness"]
        self.tally.load_state_dict(state["tally"])
        self.seconds = state["seconds"]
        return None if state["report"] is None else Report(**state["report"])

    def divide(self) -> None:
        """Lets the task take part in a training by several processes."""
        if not self.task.divisible:
            kind = type(self.task).__name__
            raise TorchbookError(f"a step of {kind} cannot be divided among processes; start it without torchrun")
        self.task.processes = self.processes
        self.processes.check_equal("examples to train on", self.batches.samples)

    def reports(self) -> Iterator[Report]:
        alone = self.processes.alone
        while self.batches.epoch < self.epochs:
            for batch in self.batches if alone else self.shares():
                self.inputs = batch[0]
                self.after_step(self.task.step(batch), batch[0].shape[0] if alone else self.batches.given)
                if self.report_is_due():
                    yield self.report()
                    self.tally = Tally()

    def interrupt(self) -> None:
        """Ends training after this step."""
        self.interrupted = self.processes.interrupted = True

    def shares(self) -> Iterator[tuple[Tensor, Any]]:
        """This process's share of each batch of an epoch, with random numbers of its own for each step."""
        for batch in self.batches.shares(self.processes.rank, self.processes.count):
            # Numbers that follow from the step and the process need not be kept for a resume.
            torch.manual_seed(mixed(self.batches.seed, self.task.steps, self.processes.rank))
            yield batch

    def after_step(self, measures: dict[str, Tensor], samples: int) -> None:
        """What belongs to every step: its numbers, signs of life, checkpoints, Ctrl-C."""
        self.tally.add(measures, samples)
        loss = next(iter(measures.values()))
        # Reading a number from a GPU would wait for it; there the report looks.
        if loss.is_cpu and not math.isfinite(loss):
            self.diverged(loss.item())
        if self.run is None:
            return
        now = time.perf_counter()
        if self.run.show is not None and now - self.shown > SHOW_EVERY:
            self.shown = now
            self.run.show(self.run, self.sign_of_life(), self.epochs * self.steps)
        if self.interrupted if self.processes.alone else self.all_stop(loss.is_cpu):
            self.save(None)
            raise KeyboardInterrupt
        if now - self.saved > 12 * CHECKPOINT_EVERY and not self.report_is_due():
            self.save(None)

    def all_stop(self, on_cpu: bool) -> bool:
        """Whether Ctrl-C was pressed in any process: all stop after the same step."""
        # A GPU is not waited for at every step.
        return (on_cpu or self.task.steps % 16 == 0) and self.processes.anyone_interrupted()

    def report_is_due(self) -> bool:
        last = self.batches.position == self.steps
        if self.every is None:
            return last
        return self.task.steps % self.every == 0 or (last and self.batches.epoch + 1 == self.epochs)

    def report(self) -> Report:
        report = self.sign_of_life()
        for value in report.measures.values():
            if not math.isfinite(value):
                self.diverged(value)
        self.seconds = report.seconds
        if self.run is not None and (time.perf_counter() - self.saved > CHECKPOINT_EVERY or self.is_last()):
            self.save(report)
        return report

    def is_last(self) -> bool:
        return self.batches.epoch + 1 == self.epochs and self.batches.position == self.steps

    def sign_of_life(self) -> Report:
        elapsed = self.tally.elapsed()
        speed = self.tally.samples / max(elapsed, 1e-9)
        return Report(
            epoch=self.batches.epoch + 1,
            step=self.task.steps,
            measures=self.tally.means(),
            samples=self.tally.samples,
            seconds=self.seconds + elapsed,
            samples_per_second=speed,
            learning_rate=self.task.learning_rate,
            share_of_peak=self.share_of_peak(speed),
        )

    def share_of_peak(self, samples_per_second: float) -> float | None:
        """The part of this machine's peak that goes into models, where a task says what a sample costs.

        Faster than the peak is none: then that was measured while others used the machine, and nothing is known.
        """
        peak = self.task.choice.peak
        flops = None if self.inputs is None else self.task.flops.get(self.inputs.shape[1:])
        if flops is None or peak is None:
            return None
        share = samples_per_second * flops / (peak * 1e9 * self.processes.count)
        return share if share <= 1 else None

    def save(self, report: Report | None) -> None:
        """Writes a checkpoint. A report is kept in it, because the body of the loop may not live to deal with it."""
        assert self.run is not None
        self.saved = time.perf_counter()
        self.run.save_state(
            {
                "task": self.task.state_dict(),
                "batches": self.batches.state_dict(),
                "randomness": self.randomness.current(),
                "tally": (Tally() if report else self.tally).state_dict(),
                "seconds": self.seconds,
                "report": report and report.as_dict(),
            }
        )

    def diverged(self, loss: float) -> None:
        where = f"the loss became {loss} at step {self.task.steps} (epoch {self.batches.epoch + 1})"
        # A recipe without the option cannot clip; where a person wrote the training, `Supervised` can.
        clips = self.run is None or not self.run.about["arguments"] or "clip_norm" in self.run.about["arguments"]
        advice = "try a learning rate ten times smaller" + (", or clip_norm=1" if clips else "")
        odd = None if self.inputs is None else not_finite(self.inputs)
        if odd is not None:
            place, value = odd
            advice = f"the inputs hold {value} at row {self.batches.row(place)}: leave it out or fill it"
        if self.run is None:
            raise Diverged(f"{where}; {advice}")
        state = self.run.load_state()
        if state is not None:
            self.task.load_state_dict(state["task"])
        self.run.keep_if_none(self.task)
        raise Diverged(f"{where}; {advice}; the last good weights are kept in {self.run.path}")


class _OwnRandomness:
    """torch's global random numbers (dropout draws from them) as a stream of this training's own."""

    def __init__(self, seed: int):
        self.state: dict[str, Tensor] = {"cpu": torch.Generator().manual_seed(seed).get_state()}
        self.outer: dict[str, Tensor] | None = None
        self.seed = seed

    def __enter__(self) -> None:
        self.outer = self._read()
        torch.set_rng_state(self.state["cpu"])
        if "cuda" in self.state:
            torch.cuda.set_rng_state(self.state["cuda"])
        elif torch.cuda.is_available():
            torch.cuda.manual_seed(self.seed)

    def __exit__(self, *_: object) -> None:
        assert self.outer is not None
        self.state = self._read()
        torch.set_rng_state(self.outer["cpu"])
        if "cuda" in self.outer:
            torch.cuda.set_rng_state(self.outer["cuda"])
        self.outer = None

    def current(self) -> dict[str, Tensor]:
        return self.state if self.outer is None else self._read()

    def _read(self) -> dict[str, Tensor]:
        state = {"cpu": torch.get_rng_state()}
        if torch.cuda.is_available():
            state["cuda"] = torch.cuda.get_rng_state()
        return state
