"""A trial of a moment before a long training: how many threads, replicas and examples at a time are fastest here."""

import copy
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import torch

from torchbook.data.batches import Batches
from torchbook.device import Choice
from torchbook.run import Run
from torchbook.speed import around_median
from torchbook.training.first_batch import check_first
from torchbook.training.task import Batch, Task

# Seconds of training that make a trial worth its while, seconds for the trial, and for one whose answer is not clear.
LONG = 20.0
SECONDS = 1.5
UNCLEAR = 6.0
# Rounds in which every way has its turn, and where a step takes seconds.
ROUNDS, FEW = 5, 3
# A way must be so many times as fast as the usual one to be taken.
WORTHWHILE = 1.1
# Batch norm looks at the examples that go through together; fewer would disturb what it learns.
FEWEST = 64
MOST = 512


class Way(NamedTuple):
    """How to compute a batch: with so many threads, so many replicas at the same time, so many examples in each."""

    threads: int
    replicas: int
    size: int


def tune(run: Run, task: Task, batches: Batches, *, epochs: int) -> None:
    """Lets a long training on the CPU use the threads, the replicas and the micro-batch that a trial finds fastest,
    where the run was made with `tune=True`; for tasks whose `step` does not heed the other two, the threads alone.

    What was chosen is kept with the run, and a resume uses it untried, for other values give other bits. Threads that
    wait for each other slow small models down, and a batch whose activations leave the processor's cache slows large
    ones down. Every way has its turn in every round, each is compared with the usual one of the same round, and the
    median of these comparisons counts, so that a machine that is busy for a moment decides nothing. The task, the
    batches and everybody's random numbers are afterwards as they were. A choice that does not come from
    `torchbook.choose`, several processes, and what is asked for of micro-batch and replicas are left alone.
    """
    choice = run.choice
    asked = run.about.get("tune", False)
    if asked and run.is_new and run.processes.alone and choice.peak is not None and choice.device == "cpu":
        check_first(task, batches)
        tried = _fastest(task, batches, epochs * len(batches), choice)
        if tried is not None:
            choice, words = tried
            run.settle(choice, tuned=words)
    if choice.threads and run.processes.alone:
        torch.set_num_threads(choice.threads)
    task.micro_batch = task.micro_batch or choice.micro_batch
    task.replicas = max(task.replicas, choice.replicas)


def _fastest(task: Task, batches: Batches, steps: int, choice: Choice) -> tuple[Choice, str] | None:
    """The choice after a trial, with what was chosen in words, or None where the training is short."""
    with _undone(task, batches):
        batch = _part(task.placed(next(iter(batches))), MOST)
        count = len(batch[0])
        usual = Way(choice.threads, task.replicas, min(max(1, count // task.replicas), task.micro_batch or MOST))
        before = torch.get_rng_state()
        _seconds(task, batch, usual)  # The first one pays for setting up.
        draws = not torch.equal(torch.get_rng_state(), before)
        first = _seconds(task, batch, usual)
        if first * batches.size / count * steps < LONG:
            return None
        ways = [usual, *_others(usual, count, task, draws=draws)]
        seconds = _rounds(task, batch, ways)
    best, gain = _best(seconds, usual)
    micro_batch = None if best.size == usual.size else best.size
    what = [f"{best.threads} thread{'s' if best.threads > 1 else ''}"]
    what += [f"{best.replicas} replicas"] if best.replicas > 1 else []
    what += [f"{micro_batch} examples at a time"] if micro_batch else []
    if best == usual:
        return choice, f"{' and '.join(what)}, as no other way measured {WORTHWHILE} times as fast"
    words = f"{' and '.join(what)} measured {gain:.1f} times as fast"
    reason = f"{choice.reason}; {words}"
    return replace(choice, threads=best.threads, replicas=best.replicas, micro_batch=micro_batch, reason=reason), words


def _others(usual: Way, count: int, task: Task, *, draws: bool) -> Iterator[Way]:
    """What else to try. Threads work together, or alone, or each on a replica, unless the model `draws` numbers."""
    threads, replicas, largest = usual
    teams = [(threads, replicas), (1, replicas)]
    if replicas == 1 and not draws and task.in_parts:
        teams.append((threads, threads))
    for team, together in dict.fromkeys(teams):
        size = min(largest, count // together)
        while size >= min(FEWEST, largest):
            way = Way(team, together, size)
            if way != usual:
                yield way
            if task.micro_batch is not None or not task.in_parts:
                break
            size //= 2


def _rounds(task: Task, batch: Batch, ways: Sequence[Way]) -> dict[Way, list[float]]:
    """Seconds of a step, for every way once in each round; those that are far from the fastest soon drop out."""
    seconds: dict[Way, list[float]] = {way: [] for way in ways}
    usual, began = ways[0], time.perf_counter()
    while True:
        for way in ways:
            seconds[way].append(_seconds(task, batch, way))
        rounds, spent = len(seconds[usual]), time.perf_counter() - began
        if rounds <= 2:
            limit = (2.0 if rounds == 1 else 1.5) * min(min(times) for times in seconds.values())
            ways = [way for way in ways if way == usual or min(seconds[way]) < limit]
        if rounds >= ROUNDS and (spent > UNCLEAR or (spent > SECONDS and _is_clear(seconds, usual))):
            return seconds
        if rounds >= FEW and spent > 2 * UNCLEAR:
            return seconds


def _gains(seconds: Mapping[Way, list[float]], usual: Way) -> dict[Way, list[float]]:
    """How many times as fast as the usual way each was, in each round that it took part in."""
    return {way: [a / b for a, b in zip(seconds[usual], times)] for way, times in seconds.items()}


def _best(seconds: Mapping[Way, list[float]], usual: Way) -> tuple[Way, float]:
    """The way with the largest median gain, and this gain; the usual one where no other is surely worth its while."""
    gains = {way: values for way, values in _gains(seconds, usual).items() if len(values) >= FEW or way == usual}
    best = max(gains, key=lambda way: statistics.median(gains[way]))
    gain = statistics.median(gains[best])
    if gain < WORTHWHILE or around_median(gains[best])[0] < WORTHWHILE:
        return usual, 1.0
    return best, gain


def _is_clear(seconds: Mapping[Way, list[float]], usual: Way) -> bool:
    """Whether the median gain of every way that is still tried is surely on one side of what is worthwhile."""
    gains = _gains(seconds, usual)
    rounds = len(seconds[usual])
    spreads = [around_median(values) for way, values in gains.items() if way != usual and len(values) == rounds]
    return not any(low < WORTHWHILE < high for low, high in spreads)


def _seconds(task: Task, batch: Batch, way: Way) -> float:
    """Seconds of one step, computed in that way."""
    before = task.micro_batch, task.replicas
    torch.set_num_threads(way.threads)
    task.micro_batch, task.replicas = way.size, way.replicas
    start = time.perf_counter()
    task.step(batch)
    spent = time.perf_counter() - start
    task.micro_batch, task.replicas = before
    return spent


def _part(batch: Batch, most: int) -> Batch:
    inputs, labels = batch
    return inputs[:most], None if labels is None else labels[:most]


@contextmanager
def _undone(task: Task, batches: Batches) -> Iterator[None]:
    """Undoes what is done in it to the task, the place in the data, random numbers and the number of threads."""
    threads, place, state = torch.get_num_threads(), batches.state_dict(), copy.deepcopy(task.state_dict())
    schedule = task.schedule
    # A schedule may be zero at first, and a step that freezes everything tells nothing.
    task.schedule = None
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        task.schedule = schedule
        task.load_state_dict(state)
        batches.load_state_dict(place)
        torch.set_num_threads(threads)
