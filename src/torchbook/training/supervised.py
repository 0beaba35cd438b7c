"""The task of learning from labels: the loss compares the model's outputs with them."""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torchbook.data.batches import Batches
from torchbook.device import Choice
from torchbook.training.first_batch import check_supervised
from torchbook.training.schedules import Schedule
from torchbook.training.task import Batch, Measure, Task

Loss = Callable[[Tensor, Tensor], Tensor]


class Supervised(Task):
    """Trains `model` so that `loss(model(inputs), labels)` becomes small; `loss` is a mean over the batch.

    The other arguments are those of `Task`. The loss is cross-entropy where no other is given: for quantities give
    `loss=F.mse_loss`.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        *,
        loss: Loss = F.cross_entropy,
        measure: Measure | None = None,
        schedule: Schedule | Sequence[Schedule] | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        micro_batch: int | None = None,
        replicas: int = 1,
        choice: Choice | None = None,
    ):
        super().__init__(
            model,
            optimizer,
            measure=measure,
            schedule=schedule,
            clip_norm=clip_norm,
            clip_value=clip_value,
            micro_batch=micro_batch,
            replicas=replicas,
            choice=choice,
        )
        self.criterion = loss

    def loss(self, batch: Batch) -> Tensor:
        inputs, labels = batch
        return self.criterion(self.model(inputs), labels)

    def loss_by_outputs(self) -> Loss | None:
        return self.criterion if type(self).loss is Supervised.loss else None

    def check(self, batches: Batches, batch: Batch) -> None:
        super().check(batches, batch)
        if type(self).loss is Supervised.loss:
            check_supervised(self, batches, batch)
