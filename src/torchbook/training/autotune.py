"""A trial of a second before a long training: how many threads, replicas and examples at a time are fastest here."""

import copy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from torchbook.data.batches import Batches
from torchbook.device import Choice
from torchbook.run import Run
from torchbook.training.loop import Task
from torchbook.training.supervised import Supervised

# Seconds of training that make a trial worth its while, and seconds for the trial.
LONG = 20.0
SECONDS = 1.0
# A way must save this much to be taken, since one second tells no more.
WORTHWHILE = 1.1
# Batch norm looks at the examples that go through together; fewer would disturb what it learns.
FEWEST = 64
MOST = 512


class Way(NamedTuple):
    """How to compute a batch: with so many threads, so many replicas at the same time, so many examples in each."""

    threads: int
    replicas: int
    size: int


def try_out(run: Run, task: Task, batches: Batches, *, epochs: int) -> None:
    """Lets a long training on the CPU use the threads, the replicas and the micro-batch that a trial of a second finds
    fastest; for tasks that are not supervised, the threads alone.

    What was found is kept with the run, and a resume uses it untried, for other values give other bits. Threads that
    wait for each other slow small models down, and a batch whose activations leave the processor's cache slows large
    ones down. The task, the batches and everybody's random numbers are afterwards as they were. A choice that does not
    come from `torchbook.choose`, several processes, and what is asked for of micro-batch and replicas are left alone.
    """
    if run.read_only:
        return
    if run.is_new and run.processes.alone and run.choice.peak is not None and run.choice.device == "cpu":
        steps = epochs * len(batches)
        if isinstance(task, Supervised):
            found = _fastest(task, batches, steps, run.choice)
        else:
            found = _fastest_threads(task, batches, steps, run.choice)
        if found is not None:
            run.settle(found)
    if run.choice.threads and run.processes.alone:
        torch.set_num_threads(run.choice.threads)
    if isinstance(task, Supervised):
        task.micro_batch = task.micro_batch or run.choice.micro_batch
        task.replicas = max(task.replicas, run.choice.replicas)


def _fastest_threads(task: Task, batches: Batches, steps: int, choice: Choice) -> Choice | None:
    """The choice with one thread, or None where that gains nothing or the training is short."""
    if choice.threads == 1:
        return None
    seconds: dict[int, list[float]] = {choice.threads: [], 1: []}
    with _undone(task, batches):
        batch = next(iter(batches))
        task.step(batch)  # The first one pays for setting up.
        began = time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            for count, spent in seconds.items():
                spent.append(_step_seconds(task, batch, count))
            if seconds[choice.threads][0] * steps < LONG:
                return None
    gain = min(seconds[choice.threads]) / min(seconds[1])
    if gain < WORTHWHILE:
        return None
    return replace(choice, threads=1, reason=f"{choice.reason}; 1 thread measured {gain:.1f} times as fast")


def _step_seconds(task: Task, batch: tuple[Tensor, Tensor | None], threads: int) -> float:
    torch.set_num_threads(threads)
    start = time.perf_counter()
    task.step(batch)
    return time.perf_counter() - start


def _fastest(task: Supervised, batches: Batches, steps: int, choice: Choice) -> Choice | None:
    """The choice with another way, or None where nothing is gained or the training is short."""
    with _undone(task, batches):
        task.model.train()
        inputs, labels = next(iter(batches))
        share = max(1, len(inputs) // task.replicas)
        usual = Way(choice.threads, task.replicas, min(share, task.micro_batch or MOST))
        before = torch.get_rng_state()
        _seconds(task, inputs, labels, usual)  # The first one pays for setting up.
        draws = not torch.equal(torch.get_rng_state(), before)
        seconds = {usual: [_seconds(task, inputs, labels, usual)]}
        if seconds[usual][0] * len(inputs) * steps < LONG:
            return None
        ways = [usual, *_others(usual, len(inputs), task.micro_batch, draws=draws)]
        began = time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            for way in ways:
                seconds.setdefault(way, []).append(_seconds(task, inputs, labels, way))
    best = min(ways, key=lambda way: min(seconds[way]))
    gain = min(seconds[usual]) / min(seconds[best])
    if gain < WORTHWHILE:
        return None
    micro_batch = None if best.size == usual.size else best.size
    what = [f"{best.threads} thread{'s' if best.threads > 1 else ''}"] if best.threads != choice.threads else []
    what += [f"{best.replicas} replicas"] if best.replicas != usual.replicas else []
    what += [f"{micro_batch} examples at a time"] if micro_batch else []
    reason = f"{choice.reason}; {' and '.join(what)} measured {gain:.1f} times as fast"
    return replace(choice, threads=best.threads, replicas=best.replicas, micro_batch=micro_batch, reason=reason)


def _others(usual: Way, batch: int, micro_batch: int | None, *, draws: bool) -> Iterator[Way]:
    """What else to try. Threads work together, or alone, or each on a replica, unless the model `draws` numbers."""
    threads, replicas, largest = usual
    teams = [(threads, replicas), (1, replicas)]
    if replicas == 1 and not draws:
        teams.append((threads, threads))
    for team, together in dict.fromkeys(teams):
        size = min(largest, batch // together)
        while size >= min(FEWEST, largest):
            way = Way(team, together, size)
            if way != usual:
                yield way
            if micro_batch is not None:
                break
            size //= 2


def _seconds(task: Supervised, inputs: Tensor, labels: Tensor, way: Way) -> float:
    """Seconds for one example, where as many of them as are computed at once go through the model."""
    count = way.size * way.replicas
    before = task.micro_batch, task.replicas
    torch.set_num_threads(way.threads)
    task.micro_batch, task.replicas = way.size, way.replicas
    start = time.perf_counter()
    task.gradients(inputs[:count], labels[:count])
    spent = time.perf_counter() - start
    task.optimizer.zero_grad()
    task.micro_batch, task.replicas = before
    return spent / count


@contextmanager
def _undone(task: Task, batches: Batches) -> Iterator[None]:
    """Undoes what is done in it to the task, the place in the data, random numbers and the number of threads."""
    threads, place, state = torch.get_num_threads(), batches.state_dict(), copy.deepcopy(task.state_dict())
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        task.load_state_dict(state)
        batches.load_state_dict(place)
        torch.set_num_threads(threads)
