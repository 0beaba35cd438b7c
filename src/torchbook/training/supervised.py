"""The task of learning from labels: one step is one forward pass, one backward pass and one update."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from torchbook.data.batches import Batches
from torchbook.device import FLOAT32, Choice
from torchbook.errors import TorchbookError
from torchbook.processes import ALONE, Processes
from torchbook.training.replicas import Replicas
from torchbook.training.schedules import Schedule

Loss = Callable[[Tensor, Tensor], Tensor]
# Some examples of a batch: inputs and labels.
Piece = tuple[Tensor, Tensor]


class Supervised:
    """Trains `model` so that `loss(model(inputs), labels)` becomes small.

    `loss` is a mean over the batch. `measure` turns all outputs and labels of a data set into named numbers
    (`classification` or `regression` of `torchbook.evaluation`; without it only the loss is measured). `schedule` gives
    a factor on every learning rate for the number of steps done, or several do, one for each parameter group; while the
    factor is zero a group is frozen and its gradients are not computed. `clip_norm` bounds the norm of all gradients
    together, `clip_value` each single one. With `micro_batch` a step is computed in pieces of that many examples whose
    gradients add up to those of the whole batch (gradient accumulation), and with `replicas`, on a CPU, so many pieces
    are computed at the same time, each by a replica of the model in a thread of its own (`torchbook.training.replicas`:
    not for models with dropout). `choice` says on which device and in which number format. `processes` is set by
    `train` where several train together.
    """

    divisible = True
    processes: Processes = ALONE

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        *,
        loss: Loss = F.cross_entropy,
        measure: Callable[[Tensor, Tensor], dict[str, float]] | None = None,
        schedule: Schedule | Sequence[Schedule] | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        micro_batch: int | None = None,
        replicas: int = 1,
        choice: Choice = FLOAT32,
    ):
        if replicas < 1 or (micro_batch is not None and micro_batch < 1):
            raise TorchbookError(
                f"replicas and micro_batch must be 1 or more, got replicas={replicas}, micro_batch={micro_batch}"
            )
        self.model, self.optimizer = model, optimizer
        self.loss, self.measure = loss, measure
        self.schedule = schedule
        self.clip_norm, self.clip_value = clip_norm, clip_value
        self.micro_batch, self.replicas, self.choice = micro_batch, replicas, choice
        self._replicas: Replicas | None = None
        self.steps = 0
        self.rates = [group["lr"] for group in optimizer.param_groups]
        self._frozen: dict[int, list[Tensor]] = {}
        # Floating-point operations of one sample's part of a step, by the shape of a sample, counted at its first step.
        self.flops: dict[torch.Size, float] = {}
        if choice.peak is not None:
            # The counter loads much of torch when it is first used: seconds that are no part of training.
            with FlopCounterMode(display=False):
                torch.zeros(1).add(1)
        if any(rate <= 0 for rate in self.rates):
            raise TorchbookError(f"the learning rate must be above 0, got {min(self.rates)}; try 0.001")

    def step(self, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        """One update from one batch; returns the loss before it, as a tensor that needs no gradient."""
        inputs, labels = batch
        if not self.model.training:
            self.model.train()
        if self.schedule is not None:
            self._set_rates(self.schedule)
        if self.choice.peak is None or inputs.shape[1:] in self.flops:
            loss = self.gradients(inputs, labels)
        else:
            with FlopCounterMode(display=False) as counter:
                # The counter sees what its own thread does.
                loss = self.gradients(inputs, labels, in_turn=True)
            self.flops[inputs.shape[1:]] = counter.get_total_flops() / len(inputs)
        if self.processes.count > 1:
            self.processes.average(self.model, [loss], len(inputs))
        if self.clip_norm is not None:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.clip_norm)
        if self.clip_value is not None:
            nn.utils.clip_grad_value_(self.model.parameters(), self.clip_value)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.steps += 1
        return {"loss": loss}

    def _set_rates(self, schedule: Schedule | Sequence[Schedule]) -> None:
        groups = self.optimizer.param_groups
        each = [schedule] * len(groups) if callable(schedule) else schedule
        for number, (group, rate, one) in enumerate(zip(groups, self.rates, each, strict=True)):
            group["lr"] = rate * one(self.steps)
            if (group["lr"] == 0) != (number in self._frozen):
                self._freeze_or_thaw(number, group["params"])

    def _freeze_or_thaw(self, number: int, parameters: list[Tensor]) -> None:
        if number in self._frozen:
            for parameter in self._frozen.pop(number):
                parameter.requires_grad_(True)
        else:
            self._frozen[number] = [parameter for parameter in parameters if parameter.requires_grad]
            for parameter in self._frozen[number]:
                parameter.requires_grad_(False)

    def gradients(self, inputs: Tensor, labels: Tensor, *, in_turn: bool = False) -> Tensor:
        """Adds the gradients of one batch to those of the weights; returns the loss.

        With `in_turn` replicas compute one after the other, which gives the same.
        """
        count = inputs.shape[0]
        together = self.replicas if inputs.is_cpu and count >= 2 * self.replicas else 1
        number = together * math.ceil(count / (self.micro_batch or count) / together)
        if together == 1:
            self._replicas = None
        if number == 1:
            return self._backward(self.model, (inputs, labels))
        pieces = list(zip(inputs.tensor_split(number), labels.tensor_split(number), strict=True))
        if together == 1:
            return self._summed(self.model, pieces, count)
        if self._replicas is None:
            self._replicas = Replicas(self.model, together)
        replicas = self._replicas

        def work(model: nn.Module, share: list[Piece]) -> Tensor:
            return self._summed(model, (piece for piece in share if not replicas.stopped), count)

        shares = [pieces[number::together] for number in range(together)]
        losses = replicas.run(work, shares, in_turn=in_turn)
        replicas.gather([sum(len(piece[0]) for piece in share) for share in shares])
        return torch.stack(losses).sum()

    def _summed(self, model: nn.Module, pieces: Iterable[Piece], count: int) -> Tensor:
        """The loss of these pieces of a batch of `count` examples, each with its share; gradients add up."""
        losses = [self._backward(model, piece, share=len(piece[0]) / count) for piece in pieces]
        return torch.stack(losses).sum() if losses else torch.zeros(())

    def _backward(self, model: nn.Module, piece: Piece, *, share: float = 1.0) -> Tensor:
        inputs, labels = piece
        if self.choice.number_format == "float32":
            loss = self.loss(model(inputs), labels)
        else:
            with self.choice.autocast():
                loss = self.loss(model(inputs), labels)
        if share != 1.0:
            loss = loss * share
        loss.backward()
        return loss.detach()

    @torch.no_grad()
    def predict(self, inputs: Tensor) -> Tensor:
        """The model's outputs in evaluation mode, float32 (logits for classification)."""
        self.model.eval()
        with self.choice.autocast():
            return self.model(inputs).float()

    def evaluate(self, batches: Batches) -> dict[str, Any]:
        """Measures over all examples at once, so that a short last batch weighs no more than its examples."""
        together, count = self.processes, batches.samples
        divided = 1 < together.count <= count
        if divided:
            batches = batches.rows(together.share(count))
        outputs, labels = self._all_outputs(batches)
        if divided:
            outputs, labels = together.whole(outputs, count), together.whole(labels, count)
        if self.measure is None:
            return {"loss": self.loss(outputs, labels).item(), "count": len(labels)}
        # Measures are exact, in float64, which not every device has.
        return self.measure(outputs.cpu(), labels.cpu())

    def _all_outputs(self, batches: Batches) -> tuple[Tensor, Tensor]:
        """The outputs and the labels of all examples, in one tensor each.

        They are written into it as they come: kept one by one, they would lie between the batches and leave holes in
        memory that are too small for the next batch.
        """
        outputs = labels = torch.empty(0)
        done = 0
        for inputs, wanted in batches:
            found = self.predict(inputs)
            if not done:
                outputs, labels = (each.new_empty(batches.samples, *each.shape[1:]) for each in (found, wanted))
            rows = slice(done, done + len(found))
            outputs[rows], labels[rows] = found, wanted
            done = rows.stop
        return outputs[:done], labels[:done]

    def modules(self) -> dict[str, nn.Module]:
        """What is kept as the result of training."""
        return {"model": self.model}

    def state_dict(self) -> dict[str, Any]:
        return {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "steps": self.steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.steps = state["steps"]
