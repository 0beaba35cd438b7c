"""Replicas of a model that compute parts of a batch at the same time, each in a thread of its own."""

import copy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import torch
from torch import Tensor, nn

from torchbook.processes import running_statistics

Piece = tuple[Tensor, Tensor]
# Adds the gradients of a piece of a batch to those of this model; returns the piece's part of the loss.
Backward = Callable[[nn.Module, Piece], Tensor]


class Replicas:
    """A model and `count - 1` replicas that share its weights, for the CPU.

    Threads that divide every operation among themselves wait for each other after every operation; these meet once in
    a step. A replica has gradients of its own, which are added up in the order of the replicas, and running statistics
    of its own, of which the mean over the samples is taken: however the threads take turns, a step gives the same bits.
    Where there are fewer threads than replicas these are computed one after the other, to the same bits again.

    A model that draws random numbers while it trains, as dropout does, would draw them in any order: not for replicas.
    """

    def __init__(self, model: nn.Module, count: int):
        self.models = [model, *(_replica(model) for _ in range(count - 1))]
        self.threads = ThreadPoolExecutor(count, thread_name_prefix="replica")
        self.stopped = False

    def gradients(self, pieces: Sequence[Piece], backward: Backward, *, in_turn: bool = False) -> Tensor:
        """Adds the gradients of all pieces to those of the model; returns the sum of what `backward` returns.

        With `in_turn` all of it is computed in the calling thread.
        """
        model, *replicas = self.models
        for replica in replicas:
            _follow(replica, model)
        shares = [pieces[number :: len(self.models)] for number in range(len(self.models))]
        losses = self._computed(shares, backward, in_turn)
        for replica in replicas:
            for parameter, own in zip(model.parameters(), replica.parameters(), strict=True):
                if own.grad is not None:
                    parameter.grad = own.grad if parameter.grad is None else parameter.grad.add_(own.grad)
        samples = [sum(len(inputs) for inputs, _ in share) for share in shares]
        with torch.no_grad():
            for first, *others in zip(*map(running_statistics, self.models), strict=True):
                first.mul_(samples[0])
                for other, weight in zip(others, samples[1:], strict=True):
                    first.add_(other, alpha=weight)
                first.div_(sum(samples))
        return sum(losses[1:], start=losses[0])

    def _computed(self, shares: list[Sequence[Piece]], backward: Backward, in_turn: bool) -> list[Tensor]:
        threads = torch.get_num_threads()
        if in_turn or threads < len(shares):
            return [loss for pair in zip(self.models, shares, strict=True) for loss in self._work(*pair, backward)]
        self.stopped = False
        each = threads // len(shares)
        works = [
            self.threads.submit(self._work, model, share, backward, threads=each)
            for model, share in zip(self.models, shares, strict=True)
        ]
        try:
            wait(works)
        finally:
            # After Ctrl-C nobody waits for the rest of the batch. Threads that begin later take over what the last one
            # that was asked has set.
            self.stopped = True
            torch.set_num_threads(threads)
        return [loss for work in works for loss in work.result()]

    def _work(
        self, model: nn.Module, share: Sequence[Piece], backward: Backward, *, threads: int | None = None
    ) -> list[Tensor]:
        if threads is not None:
            torch.set_num_threads(threads)
        losses = []
        for piece in share:
            if threads is not None and self.stopped:
                break
            losses.append(backward(model, piece))
        return losses


def _replica(model: nn.Module) -> nn.Module:
    known: dict[int, Any] = {id(parameter): nn.Parameter(parameter.detach()) for parameter in model.parameters()}
    return copy.deepcopy(model, known)


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
