"""The gradients of a batch, computed in pieces whose gradients add up, by one model or by several replicas at once."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from torchbook.training.replicas import Replicas

if TYPE_CHECKING:
    from torchbook.training.task import Task

# Some examples of a batch: inputs and labels.
Piece = tuple[Tensor, Any]


class Gradients:
    """Adds up gradients for a task, and keeps its replicas from one batch to the next."""

    def __init__(self) -> None:
        self.replicas: Replicas | None = None

    def add(self, task: "Task", batch: Piece, *, in_turn: bool = False) -> Tensor:
        """Adds the gradients of one batch to those of the weights; returns the loss.

        With `in_turn` replicas compute one after the other, which gives the same.
        """
        inputs, labels = batch
        count = inputs.shape[0]
        together = task.replicas if inputs.is_cpu and count >= 2 * task.replicas else 1
        number = together * math.ceil(count / (task.micro_batch or count) / together)
        if together == 1:
            self.replicas = None
        if number == 1:
            return _backward(task, batch)
        of_labels = [None] * number if labels is None else labels.tensor_split(number)
        pieces = list(zip(inputs.tensor_split(number), of_labels, strict=True))
        if together == 1:
            return _summed(task, pieces, count)
        if self.replicas is None:
            self.replicas = Replicas(task, together)
        replicas = self.replicas

        def work(replica: "Task", share: list[Piece]) -> Tensor:
            return _summed(replica, (piece for piece in share if not replicas.stopped), count)

        shares = [pieces[number::together] for number in range(together)]
        losses = replicas.run(work, shares, in_turn=in_turn)
        replicas.gather([sum(len(piece[0]) for piece in share) for share in shares])
        return torch.stack(losses).sum()


def _summed(task: "Task", pieces: Iterable[Piece], count: int) -> Tensor:
    """The loss of these pieces of a batch of `count` examples, each with its share; gradients add up."""
    losses = [_backward(task, piece, share=len(piece[0]) / count) for piece in pieces]
    return torch.stack(losses).sum() if losses else torch.zeros(())


def _backward(task: "Task", piece: Piece, *, share: float = 1.0) -> Tensor:
    with task.choice.autocast():
        loss = task.loss(piece)
    if share != 1.0:
        loss = loss * share
    loss.backward()
    return loss.detach()
