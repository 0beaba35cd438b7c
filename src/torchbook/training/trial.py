"""A trial of a second before a long training: how many threads, and how many examples at a time, are fastest here."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch import Tensor

from torchbook.data.batches import Batches
from torchbook.device import Choice
from torchbook.run import Run
from torchbook.training.supervised import Supervised

# Seconds of training that make a trial worth its while, and seconds for the trial.
LONG = 20.0
SECONDS = 1.0
# A way must save this much to be taken, since one second tells no more.
WORTHWHILE = 1.1
# Batch norm looks at the examples that go through together; fewer would disturb what it learns.
FEWEST = 64
MOST = 512


def try_out(run: Run, task: Supervised, batches: Batches, *, epochs: int) -> None:
    """Lets a long training on the CPU use the threads and the micro-batch that a trial of a second finds fastest.

    What was found is kept with the run, and a resume uses it untried, for other values give other bits. Threads that
    wait for each other slow small models down, and a batch whose activations leave the processor's cache slows large
    ones down. The task, the batches and everybody's random numbers are afterwards as they were. A choice that does not
    come from `torchbook.choose`, several processes and a micro-batch that is asked for are left alone.
    """
    if run.read_only:
        return
    if run.is_new and run.processes.alone and run.choice.peak is not None and run.choice.device == "cpu":
        found = _fastest(task, batches, epochs * len(batches), run.choice)
        if found is not None:
            run.settle(found)
    if run.choice.threads and run.processes.alone:
        torch.set_num_threads(run.choice.threads)
    task.micro_batch = task.micro_batch or run.choice.micro_batch


def _fastest(task: Supervised, batches: Batches, steps: int, choice: Choice) -> Choice | None:
    """The choice with other threads or a micro-batch, or None where nothing is gained or the training is short."""
    with _undisturbed(task, batches), torch.random.fork_rng(devices=[]):
        inputs, labels = next(iter(batches))
        usual = (choice.threads, min(len(inputs), task.micro_batch or MOST))
        _seconds(task, inputs, labels, *usual)  # The first one pays for setting up.
        seconds = {usual: [_seconds(task, inputs, labels, *usual)]}
        if seconds[usual][0] * len(inputs) * steps < LONG:
            return None
        ways = [usual, *_others(usual, fixed=task.micro_batch is not None)]
        began = time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            for way in ways:
                seconds.setdefault(way, []).append(_seconds(task, inputs, labels, *way))
    best = min(ways, key=lambda way: min(seconds[way]))
    gain = min(seconds[usual]) / min(seconds[best])
    if gain < WORTHWHILE:
        return None
    threads, size = best
    micro_batch = None if size == usual[1] else size
    what = [f"{threads} thread{'s' if threads > 1 else ''}"] if threads != choice.threads else []
    what += [f"{micro_batch} examples at a time"] if micro_batch else []
    reason = f"{choice.reason}; {' and '.join(what)} measured {gain:.1f} times as fast"
    return replace(choice, threads=threads, micro_batch=micro_batch, reason=reason)


def _others(usual: tuple[int, int], *, fixed: bool) -> Iterator[tuple[int, int]]:
    threads, largest = usual
    sizes = [largest]
    while not fixed and sizes[-1] // 2 >= FEWEST:
        sizes.append(sizes[-1] // 2)
    for size in sizes:
        for count in dict.fromkeys((threads, 1)):
            if (count, size) != usual:
                yield count, size


def _seconds(task: Supervised, inputs: Tensor, labels: Tensor, threads: int, size: int) -> float:
    """Seconds for one example, where `size` of them go through the model at once."""
    torch.set_num_threads(threads)
    start = time.perf_counter()
    task.gradients(inputs[:size], labels[:size])
    return (time.perf_counter() - start) / size


@contextmanager
def _undisturbed(task: Supervised, batches: Batches) -> Iterator[None]:
    """Keeps weights (no update is made), buffers, the place in the data and the number of threads as they are."""
    threads, place, training = torch.get_num_threads(), batches.state_dict(), task.model.training
    buffers = [(buffer, buffer.clone()) for buffer in task.model.buffers()]
    task.model.train()
    try:
        yield
    finally:
        task.optimizer.zero_grad()
        for buffer, before in buffers:
            buffer.copy_(before)
        task.model.train(training)
        batches.load_state_dict(place)
        torch.set_num_threads(threads)
