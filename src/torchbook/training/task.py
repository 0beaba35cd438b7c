"""What one step of training means: the base class of every task."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from torchbook.data.batches import Batches
from torchbook.device import Choice, of_model
from torchbook.distributed import ALONE, Processes
from torchbook.errors import TorchbookError
from torchbook.training.first_batch import check_batch, check_inputs, check_task_parts
from torchbook.training.gradients import Gradients
from torchbook.training.schedules import Schedule

# Inputs and labels; the labels are None where there is nothing to predict.
Batch = tuple[Tensor, Any]
Measure = Callable[[Tensor, Tensor], dict[str, Any]]


class Task:
    """What one step means: a model, its optimizer, and `loss(batch)`, the one method that a task of your own writes.

        class Autoencoder(Task):
            def loss(self, batch):
                pictures, _ = batch
                return F.mse_loss(self.model(pictures), pictures)

    Steps, gradient accumulation, replicas, tuning and validation all use that method, or a `step` that takes the place
    of this one. `loss` is a mean over the batch, and may use every module that is an attribute of the task.

    `measure` turns all outputs and `targets` of a data set into named numbers (`classification` or `regression` of
    `torchbook.evaluation`, or a function of your own); without it only the loss is measured. `schedule` gives a factor
    on every learning rate for the number of steps done, or several do, one for each parameter group; while the factor
    is zero a group is frozen and its gradients are not computed. `clip_norm` bounds the norm of all gradients together,
    `clip_value` each single one. With `micro_batch` a step is computed in pieces of that many examples whose gradients
    add up to those of the whole batch (gradient accumulation), and with `replicas`, on a CPU, so many pieces are
    computed at the same time, each by a replica of the model in a thread of its own (`torchbook.training.replicas`: not
    for models with dropout). `choice` says on which device and in which number format: the model is moved there, and so
    is every batch; without it that is where the model is, in float32.

    Raises:
        TorchbookError: the optimizer belongs to another model, or something else here is not what a task needs.
    """

    # Whether processes that train together may each compute a share of every step.
    divisible = True
    # Whether `step` heeds `micro_batch` and `replicas`, so that tuning tries others.
    in_parts = True
    # What outputs are measured against: an autoencoder's are its own inputs.
    targets: Literal["labels", "inputs"] = "labels"
    # Those that train together; `train` sets it.
    processes: Processes = ALONE

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        *,
        measure: Measure | None = None,
        schedule: Schedule | Sequence[Schedule] | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        micro_batch: int | None = None,
        replicas: int = 1,
        choice: Choice | None = None,
    ):
        check_task_parts(model, optimizer, schedule)
        if replicas < 1 or (micro_batch is not None and micro_batch < 1):
            raise TorchbookError(
                f"replicas and micro_batch must be 1 or more, got replicas={replicas}, micro_batch={micro_batch}"
            )
        self.choice = of_model(model) if choice is None else choice
        self.model = model if choice is None else choice.place(model)
        self.optimizer, self.measure, self.schedule = optimizer, measure, schedule
        self.clip_norm, self.clip_value = clip_norm, clip_value
        self.micro_batch, self.replicas = micro_batch, replicas
        # Updates done so far.
        self.steps = 0
        self.learning_rates = [group["lr"] for group in optimizer.param_groups]
        # Floating-point operations of one sample's part of a step, by the shape of a sample, counted at its first step.
        self.flops: dict[torch.Size, float] = {}
        self._gradients = Gradients()
        self._frozen: dict[int, list[Tensor]] = {}
        if self.choice.peak is not None:
            # The counter loads much of torch when it is first used: seconds that are no part of training.
            with FlopCounterMode(display=False):
                torch.zeros(1).add(1)

    # What a task of your own says.

    def loss(self, batch: Batch) -> Tensor:
        """The mean loss of a batch, with its gradients. Evaluation asks for it in evaluation mode, without them."""
        raise NotImplementedError(f"{type(self).__name__} has no loss; write: def loss(self, batch): ...")

    def check(self, batches: Batches, batch: Batch) -> None:
        """Raises a TorchbookError where the first batch of a training contradicts the model, the loss or the
        optimizer."""
        check_inputs(self.model, batch[0], batches.row)

    # What `train` asks for.

    def step(self, batch: Batch) -> dict[str, Tensor]:
        """One update from one batch; returns the loss before it, as a tensor that needs no gradient. The first measure
        is the one that must stay finite."""
        inputs = batch[0]
        if not self.model.training:
            self.model.train()
        if self.schedule is not None:
            self._set_rates(self.schedule)
        if self.choice.peak is None or inputs.shape[1:] in self.flops:
            loss = self.gradients(batch)
        else:
            with FlopCounterMode(display=False) as counter:
                # The counter sees what its own thread does.
                loss = self.gradients(batch, in_turn=True)
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

    def gradients(self, batch: Batch, *, in_turn: bool = False) -> Tensor:
        """Adds the gradients of one batch to those of the weights, in pieces where that is asked for; returns the loss.

        With `in_turn` replicas compute one after the other, which gives the same.
        """
        return self._gradients.add(self, batch, in_turn=in_turn)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the moment, of the first parameter group."""
        return self.optimizer.param_groups[0]["lr"]

    def modules(self) -> dict[str, nn.Module]:
        """What is kept as the result of training, by the name of the part; "model" is what is predicted with."""
        return {"model": self.model}

    def state_dict(self) -> dict[str, Any]:
        """All that a resume needs, as torch.load(weights_only=True) can read it."""
        return {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "steps": self.steps}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Puts the task where `state_dict` was taken."""
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.steps = state["steps"]

    def placed(self, batch: Any) -> Batch:
        """A batch of any loader as inputs and labels on the task's device.

        Raises:
            TorchbookError: it is no such pair.
        """
        inputs, labels = check_batch(batch)
        device = self.choice.torch_device
        return inputs.to(device), labels.to(device) if isinstance(labels, Tensor) else labels

    # What evaluation asks for.

    @torch.no_grad()
    def predict(self, inputs: Tensor, *, part: str = "") -> Tensor:
        """The model's outputs in evaluation mode, float32 (logits for classification), or those of a `part` of it,
        named as in its state (`encoder`, `0.2`)."""
        self.model.eval()
        with self.choice.autocast():
            return self.model.get_submodule(part)(inputs.to(self.choice.torch_device)).float()

    @torch.no_grad()
    def evaluate(self, batches: Iterable[Any]) -> dict[str, Any]:
        """The measures of all examples at once, so that a short last batch weighs no more than its examples, with
        `loss`, the task's own in evaluation mode, and `count`. Any iterable of `(inputs, labels)` will do."""
        together, divided, expected, total = self.processes, False, None, 0
        if isinstance(batches, Batches):
            expected = total = batches.samples
            divided = 1 < together.count <= total
            if divided:
                batches = batches.rows(together.share(total))
                expected = batches.samples
        # A task with a step of its own may have none.
        has_loss, by_outputs = type(self).loss is not Task.loss, self.loss_by_outputs()
        rows, loss, count = _Rows(expected), 0.0, 0
        for each in batches:
            inputs, labels = batch = self.placed(each)
            count += len(inputs)
            if self.measure is not None or by_outputs is not None:
                rows.add(self.predict(inputs), inputs if self.targets == "inputs" else labels)
            if by_outputs is None and has_loss:
                self.model.eval()
                with self.choice.autocast():
                    loss += self.loss(batch).item() * len(inputs)
        if count == 0:
            raise TorchbookError("there must be at least one batch to evaluate, got none")
        if divided:
            rows.gather(together, total)
            loss, count = together.sum(loss), total
        measures: dict[str, Any] = {}
        if self.measure is not None:
            # Measures are exact, in float64, which not every device has.
            measures |= self.measure(rows.outputs.cpu(), rows.targets.cpu())
        if has_loss:
            mean = loss / count if by_outputs is None else by_outputs(rows.outputs, rows.targets).item()
            measures.setdefault("loss", mean)
        return measures | {"count": count}

    def loss_by_outputs(self) -> Callable[[Tensor, Tensor], Tensor] | None:
        """The loss as a function of outputs and targets, where `loss` is nothing but that: outputs that are there for
        the measure then need no second computation. None where it is more, and `loss` itself is asked."""
        return None

    # Learning rates.

    def _set_rates(self, schedule: Schedule | Sequence[Schedule]) -> None:
        groups = self.optimizer.param_groups
        each = [schedule] * len(groups) if callable(schedule) else schedule
        for number, (group, rate, factor) in enumerate(zip(groups, self.learning_rates, each, strict=True)):
            group["lr"] = rate * factor(self.steps)
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


class _Rows:
    """The outputs and the targets of all examples, in one tensor each.

    Where it is known how many come they are written into it as they come: kept one by one, they would lie between the
    batches and leave holes in memory that are too small for the next batch.
    """

    def __init__(self, total: int | None):
        self.total, self.done = total, 0
        self._whole: list[Tensor] = []
        self._parts: tuple[list[Tensor], list[Tensor]] = ([], [])

    def add(self, outputs: Tensor, targets: Any) -> None:
        if not isinstance(targets, Tensor):
            raise TorchbookError("there are no labels to measure with; write Batches(inputs, labels)")
        pair = outputs, targets
        if self.total is None:
            for parts, part in zip(self._parts, pair):
                parts.append(part)
            return
        if not self._whole:
            self._whole = [part.new_empty(self.total, *part.shape[1:]) for part in pair]
        rows = slice(self.done, self.done + len(outputs))
        for whole, part in zip(self._whole, pair):
            whole[rows] = part
        self.done = rows.stop

    def gather(self, together: Processes, total: int) -> None:
        """Puts the rows of all processes together."""
        self._whole, self.done = [together.whole(part[: self.done], total) for part in self._whole], total

    @property
    def outputs(self) -> Tensor:
        return self._whole[0][: self.done] if self._whole else torch.cat(self._parts[0])

    @property
    def targets(self) -> Tensor:
        return self._whole[1][: self.done] if self._whole else torch.cat(self._parts[1])
