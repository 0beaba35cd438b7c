"""What is compared before the first step: inputs, labels, outputs, loss and optimizer, so that a training that could
not learn ends with a sentence instead of a number."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torchbook.errors import TorchbookError

if TYPE_CHECKING:
    from torchbook.data.batches import Batches
    from torchbook.training.supervised import Supervised

# Outputs are computed for so many examples.
_LOOKED_AT = 8
# Losses that compare outputs with labels number by number.
_ELEMENTWISE = (F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.huber_loss, F.binary_cross_entropy_with_logits)
_ELEMENTWISE_MODULES = (nn.MSELoss, nn.L1Loss, nn.SmoothL1Loss, nn.HuberLoss, nn.BCEWithLogitsLoss)
# The schedule to write in the place of PyTorch's own.
_SCHEDULES = {
    "OneCycleLR": "one_cycle(epochs * len(batches))",
    "CosineAnnealingLR": "cosine(epochs * len(batches))",
    "LinearLR": "linear(epochs * len(batches))",
}


def check_task_parts(model: Any, optimizer: Any, schedule: Any) -> None:
    """Compares what a task is made of.

    Raises:
        TorchbookError: the model is no module, the optimizer is none or belongs to another model, a learning rate is
            not above 0, or the schedule is one of `torch.optim.lr_scheduler`.
    """
    if not isinstance(model, nn.Module):
        raise TorchbookError(f"the model must be a torch.nn.Module, got {_called(model)}")
    if not isinstance(optimizer, torch.optim.Optimizer):
        name = optimizer.__name__ if isinstance(optimizer, type) else "AdamW"
        raise TorchbookError(
            f"the optimizer must be one of the model's parameters, such as torch.optim.{name}(model.parameters()), got "
            f"{_called(optimizer)}"
        )
    own = {id(parameter) for parameter in model.parameters()}
    given = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    if own and not any(id(parameter) in own for parameter in given):
        raise TorchbookError(
            f"the optimizer holds no parameter of this {type(model).__name__}, so it would never change; make it of "
            f"this model: torch.optim.{type(optimizer).__name__}(model.parameters())"
        )
    lowest = min(group["lr"] for group in optimizer.param_groups)
    if lowest <= 0:
        raise TorchbookError(f"the learning rate must be above 0, got {lowest}; try 0.001")
    each = schedule if isinstance(schedule, list | tuple) else [schedule]
    for one in each:
        if isinstance(one, torch.optim.lr_scheduler.LRScheduler):
            name = type(one).__name__
            instead = _SCHEDULES.get(name)
            source = " (from torchbook.training.schedules)" if instead else ""
            raise TorchbookError(
                f"a schedule is a function of the step that gives a factor on the learning rate, got a {name}; write "
                f"schedule={instead or 'lambda step: 0.99**step'}{source}"
            )
        if one is not None and not callable(one):
            raise TorchbookError(f"a schedule is a function of the step, got {_called(one)}; write lambda step: 1.0")


def check_first(task: Any, batches: "Batches") -> None:
    """Lets a task compare the first stored examples with what it is made of; the batches stay where they are.

    Raises:
        TorchbookError: something contradicts.
    """
    whole = batches.rows(slice(None))
    task.check(whole, task.placed(next(iter(whole))))


def check_batch(batch: Any) -> tuple[Tensor, Any]:
    """Inputs and labels of a batch.

    Raises:
        TorchbookError: it is no pair of tensors (labels may be missing).
    """
    if isinstance(batch, Tensor):
        return batch, None
    if not isinstance(batch, tuple | list) or len(batch) not in (1, 2) or not isinstance(batch[0], Tensor):
        kinds = ", ".join(map(_called, batch)) if isinstance(batch, tuple | list) else _called(batch)
        raise TorchbookError(f"a batch must be a pair (inputs, labels) of tensors, got {kinds}")
    return batch[0], batch[1] if len(batch) == 2 else None


def check_inputs(model: nn.Module, inputs: Tensor, row: Callable[[int], int]) -> None:
    """Compares inputs with the numbers that a model computes with; `row` turns a place in the batch into a row.

    Raises:
        TorchbookError: they are of another type, or hold NaN or infinity.
    """
    wanted = next((parameter.dtype for parameter in model.parameters()), torch.float32)
    if inputs.dtype.is_floating_point and inputs.dtype != wanted and wanted.is_floating_point:
        raise TorchbookError(
            f"inputs must be {_name(wanted)} as the model's weights are, got {_name(inputs.dtype)}; write "
            f"Batches(inputs.to(torch.{_name(wanted)}), ...)"
        )
    odd = not_finite(inputs)
    if odd is not None:
        place, value = odd
        raise TorchbookError(f"inputs must be finite numbers, got {value} at row {row(place)}; leave it out or fill it")


def not_finite(values: Tensor) -> tuple[int, float] | None:
    """The first row that holds NaN or infinity, with that value; None where all are finite."""
    if not values.dtype.is_floating_point or torch.isfinite(values).all():
        return None
    rows = (~torch.isfinite(values)).flatten(1) if values.ndim > 1 else ~torch.isfinite(values)[:, None]
    place = int(rows.any(1).nonzero()[0])
    value = values[place].flatten()[rows[place]][0].item()
    return place, value


def check_supervised(task: "Supervised", batches: "Batches", batch: tuple[Tensor, Any]) -> None:
    """Compares labels with outputs as the loss will. The outputs are those of a few examples in evaluation mode;
    nothing in the model or in anybody's random numbers changes.

    Raises:
        TorchbookError: they contradict each other, so that the loss would fail or say nothing.
    """
    inputs, labels = batch
    if not isinstance(labels, Tensor):
        raise TorchbookError("the loss compares outputs with labels, but there are none; write Batches(inputs, labels)")
    outputs = _outputs(task, inputs[:_LOOKED_AT])
    if not isinstance(outputs, Tensor):
        return
    if _is_cross_entropy(task.criterion):
        ignored = task.criterion.ignore_index if isinstance(task.criterion, nn.CrossEntropyLoss) else -100
        every = batches.labels if isinstance(batches.labels, Tensor) else labels
        _check_cross_entropy(outputs, labels, every, ignored=ignored)
    elif task.criterion in _ELEMENTWISE or isinstance(task.criterion, _ELEMENTWISE_MODULES):
        _check_elementwise(outputs, labels)


def _outputs(task: "Supervised", inputs: Tensor) -> Any:
    training = {module: module.training for module in task.model.modules()}
    with torch.random.fork_rng(devices=[inputs.device] if inputs.is_cuda else []):
        outputs = task.predict(inputs)
    for module, before in training.items():
        module.training = before
    return outputs


def _is_cross_entropy(criterion: Any) -> bool:
    return criterion is F.cross_entropy or isinstance(criterion, nn.CrossEntropyLoss)


def _check_cross_entropy(outputs: Tensor, labels: Tensor, every: Tensor, *, ignored: int) -> None:
    classes = outputs.shape[1] if outputs.ndim > 1 else 1
    if outputs.ndim < 2 or classes == 1:
        raise TorchbookError(
            "cross-entropy compares the outputs of several classes, but the model has one output, so the loss would "
            "always be 0; give it an output for each class, or for a quantity write loss=F.mse_loss"
        )
    if outputs.ndim > 2:
        return
    if labels.ndim == 2 and labels.shape[1] == 1:
        raise TorchbookError(f"labels must be of shape [count], got {_shape(labels)}; write labels.squeeze(1)")
    if labels.dtype.is_floating_point:
        _check_probabilities(labels, classes)
    elif labels.ndim == 2:
        raise TorchbookError(f"labels must be numbers of classes [count], got {_shape(labels)}; write labels.argmax(1)")
    elif labels.dtype != torch.int64:
        raise TorchbookError(f"labels must be int64 for cross-entropy, got {_name(labels.dtype)}; write labels.long()")
    else:
        _check_range(every, classes, ignored)
    sums = outputs.sum(1)
    if (outputs >= 0).all() and torch.allclose(sums, torch.ones_like(sums), atol=1e-3):
        raise TorchbookError(
            "cross-entropy takes logits and does the softmax itself, but the model's outputs add up to 1 in every row; "
            "leave out the model's last softmax"
        )


def _check_probabilities(labels: Tensor, classes: int) -> None:
    whole = bool((labels == labels.round()).all())
    if labels.ndim == 1:
        instead = "labels.long()" if whole else "loss=F.mse_loss for quantities, with labels[:, None]"
        raise TorchbookError(
            f"labels must be int64 numbers of classes for cross-entropy, got {_name(labels.dtype)}; write {instead}"
        )
    sums = labels.sum(1)
    if labels.shape[1] != classes or (labels < 0).any() or not torch.allclose(sums, torch.ones_like(sums), atol=1e-3):
        raise TorchbookError(
            f"cross-entropy takes numbers of classes or a probability for each of {classes}, got {_name(labels.dtype)} "
            f"labels of shape {list(labels.shape)} that are none; for quantities write loss=F.mse_loss"
        )


def _check_range(labels: Tensor, classes: int, ignored: int) -> None:
    """All labels there are, not only those of the batch: one look at a column of whole numbers."""
    low, high = (int(end) for end in labels.aminmax())
    if low >= 0 and high < classes:
        return
    outside = ((labels < 0) | (labels >= classes)) & (labels != ignored)
    if not outside.any():
        return
    row = int(outside.nonzero()[0])
    shift = "; write labels - 1" if low >= 1 and high == classes else ""
    raise TorchbookError(
        f"labels must be in 0..{classes - 1} for {classes} classes, got {int(labels[row])} at row {row}{shift}"
    )


def _check_elementwise(outputs: Tensor, labels: Tensor) -> None:
    if outputs.shape[1:] != labels.shape[1:]:
        instead = ""
        if outputs.ndim == 2 and outputs.shape[1] == 1 and labels.ndim == 1:
            instead = "; write labels[:, None]"
        elif outputs.ndim == 1 and labels.ndim == 2 and labels.shape[1] == 1:
            instead = "; write labels.squeeze(1)"
        raise TorchbookError(
            f"outputs and labels must have the same shape for this loss, got [count{_rest(outputs)}] and "
            f"[count{_rest(labels)}], so that every output would be compared with every label{instead}"
        )
    if not labels.dtype.is_floating_point:
        raise TorchbookError(f"labels must be float32 for this loss, got {_name(labels.dtype)}; write labels.float()")


def check_loop(task: Any, batches: Any, *, task_kind: type, batches_kind: type) -> None:
    """Compares what `train` is given with what it takes.

    Raises:
        TorchbookError: the task is none, or the batches are a loader whose order cannot be resumed.
    """
    if not isinstance(task, task_kind):
        instead = "Supervised(model, optimizer)" if isinstance(task, nn.Module) else "Supervised or a Task of your own"
        raise TorchbookError(f"train needs a task, such as {instead}, got {_called(task)}")
    if isinstance(batches, torch.utils.data.DataLoader):
        size = batches.batch_size or 1
        shuffle = isinstance(batches.sampler, torch.utils.data.RandomSampler)
        raise TorchbookError(
            "train needs Batches, whose order an exact resume can find again, got a DataLoader; write "
            f"Batches(loader.dataset, size={size}{', shuffle=True' if shuffle else ''})"
        )
    if not isinstance(batches, batches_kind):
        raise TorchbookError(
            f"train needs Batches, got {_called(batches)}; write Batches(inputs, labels, size=128, shuffle=True)"
        )


def check_evaluated(task: Any, *, task_kind: type) -> None:
    """Raises a TorchbookError where what is to be evaluated is no task."""
    if not isinstance(task, task_kind):
        raise TorchbookError(f"evaluate needs a task, such as Supervised(model, optimizer), got {_called(task)}")


def _called(thing: Any) -> str:
    if isinstance(thing, type):
        return f"the class {thing.__name__}"
    name = type(thing).__name__
    return f"an {name}" if name[0].lower() in "aeiou" else f"a {name}"


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _shape(labels: Tensor) -> str:
    return f"[{', '.join(['count', *map(str, labels.shape[1:])])}]"


def _rest(values: Tensor) -> str:
    return "".join(f", {size}" for size in values.shape[1:])
