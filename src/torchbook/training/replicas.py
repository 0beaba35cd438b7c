"""Replicas of a task's model that compute parts of a batch at the same time, each in a thread of its own."""

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from torch import nn

from torchbook.distributed import running_statistics

if TYPE_CHECKING:
    from torchbook.training.task import Task

Share = TypeVar("Share")
Result = TypeVar("Result")


class Replicas:
    """A task and `count - 1` replicas of it, for the CPU.

    A replica has models of its own that share the weights, in the place of every module that is an attribute of the
    task, so that its `loss` computes with them.

    Threads that divide every operation among themselves wait for each other after every operation; these meet once in
    a step. That pays where waiting threads sleep (`OMP_WAIT_POLICY=PASSIVE`, which torchbook sets if it is imported
    before torch); threads that spin take the core that a replica needs.

    A replica has gradients of its own, which are added up in the order of the replicas, and running statistics of its
    own, of which the mean over the samples is taken: however the threads take turns, a step gives the same bits. Where
    there are fewer threads than replicas these are computed one after the other, to the same bits again.

    A model that draws random numbers while it trains, as dropout does, would draw them in any order: not for replicas.
    """

    def __init__(self, task: "Task", count: int):
        own = {name: value for name, value in vars(task).items() if isinstance(value, nn.Module)}
        self.models = [nn.ModuleDict(own), *(_replica(nn.ModuleDict(own)) for _ in range(count - 1))]
        self.tasks = [task, *(_with(task, models) for models in self.models[1:])]
        self.threads = ThreadPoolExecutor(count, thread_name_prefix="replica")
        self.stopped = False

    def run(
        self, work: Callable[["Task", Share], Result], shares: Sequence[Share], *, in_turn: bool = False
    ) -> list[Result]:
        """What `work` returns for each task and its share; with `in_turn` all is done in the calling thread.

        A work of several parts should look between them whether it is `stopped`: after Ctrl-C nobody waits for it.
        """
        model, *replicas = self.models
        for replica in replicas:
            _follow(replica, model)
        self.stopped = False
        threads = torch.get_num_threads()
        if in_turn or threads < len(self.tasks):
            # Each piece with the threads that it would have beside the others: their number decides the last bits.
            torch.set_num_threads(max(1, threads // len(self.tasks)))
            try:
                return [work(*pair) for pair in zip(self.tasks, shares, strict=True)]
            finally:
                torch.set_num_threads(threads)

        def alone(task: "Task", share: Share) -> Result:
            torch.set_num_threads(threads // len(self.tasks))
            return work(task, share)

        works = [self.threads.submit(alone, *pair) for pair in zip(self.tasks, shares, strict=True)]
        try:
            wait(works)
        finally:
            self.stopped = True
            # Threads that begin later take over what the last one that was asked has set.
            torch.set_num_threads(threads)
        return [work.result() for work in works]

    @torch.no_grad()
    def gather(self, samples: Sequence[int]) -> None:
        """Gives the model the gradients and running statistics of all, which have seen so many samples."""
        model, *replicas = self.models
        for replica in replicas:
            for parameter, own in zip(model.parameters(), replica.parameters(), strict=True):
                if own.grad is not None:
                    parameter.grad = own.grad if parameter.grad is None else parameter.grad.add_(own.grad)
        for first, *others in zip(*map(running_statistics, self.models), strict=True):
            first.mul_(samples[0])
            for other, weight in zip(others, samples[1:], strict=True):
                first.add_(other, alpha=weight)
            first.div_(sum(samples))


def _replica(models: nn.ModuleDict) -> nn.ModuleDict:
    copies: dict[int, Any] = {id(parameter): nn.Parameter(parameter.detach()) for parameter in models.parameters()}
    return copy.deepcopy(models, copies)


def _with(task: "Task", models: nn.ModuleDict) -> "Task":
    """The same task with other models."""
    replica = copy.copy(task)
    for name, model in models.items():
        setattr(replica, name, model)
    return replica


@torch.no_grad()
def _follow(replica: nn.Module, model: nn.Module) -> None:
    """Gives a replica what may have changed in the model since the last step; weights are shared, not copied."""
    for own, parameter in zip(replica.parameters(), model.parameters(), strict=True):
        own.data = parameter.data
        own.requires_grad_(parameter.requires_grad)
        own.grad = None
    for mine, buffer in zip(replica.buffers(), model.buffers(), strict=True):
        mine.copy_(buffer)
    for part, original in zip(replica.modules(), model.modules(), strict=True):
        part.training = original.training
