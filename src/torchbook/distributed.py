"""Several processes that train one run together, on one machine or on several, as PyTorch's own launcher starts them.

    torchrun --nproc-per-node=4 -m torchbook train cnn --data mnist

On two machines the same command is given on both; 10.0.0.5 is the address of the first one, `--node-rank` is 0 there
and 1 on the other. The run is in the first machine's `TORCHBOOK_HOME`, the data have to be on both.

    torchrun --nnodes=2 --node-rank=0 --master-addr=10.0.0.5 --master-port=29500 --nproc-per-node=4 \
        -m torchbook train cnn --data mnist

Each process computes its share of every batch, and their gradients are averaged by samples before the update, so that a
step is that of one process with the whole batch, to rounding. What several processes do not promise:

- Batch norm looks at the share of its own process, not at the whole batch (PyTorch's SyncBatchNorm does not run on a
  CPU); its running statistics are averaged after every step.
- Dropout draws other numbers than in one process: those of a step follow from the seed, the step and the process.
- A batch of fewer than two samples for each process is not divided: every process computes all of it.
- A run goes on at any number of processes, but only at the same one to the same bits.

The first process writes the run. The others have a temporary folder in its place and are told what they need to know.
"""

import atexit
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from torchbook.device import Choice
from torchbook.errors import TorchbookError


class Processes:
    """The processes that work on one thing, as seen by one of them: number `rank` of `count`."""

    def __init__(self, rank: int = 0, count: int = 1):
        self.rank, self.count = rank, count
        # Whether somebody has pressed Ctrl-C, here and, as of the last step, anywhere.
        self.interrupted = False
        self._anywhere: Tensor | None = None

    @property
    def alone(self) -> bool:
        return self.count == 1

    @property
    def first(self) -> bool:
        """Whether this is the process that writes."""
        return self.rank == 0

    def share(self, total: int) -> slice:
        """This process's share of so many things; they follow each other in the order of the processes."""
        return slice(total * self.rank // self.count, total * (self.rank + 1) // self.count)

    def device(self, choice: Choice) -> Choice:
        """The choice with the GPU of this process, where it is one of a GPU.

        Raises:
            TorchbookError: this machine has fewer GPUs than processes.
        """
        if self.alone or not choice.device.startswith("cuda"):
            return choice
        local, there = int(os.environ.get("LOCAL_RANK", 0)), torch.cuda.device_count()
        if local >= there:
            raise TorchbookError(f"this machine has {there} GPUs; start as many processes, or take --device cpu")
        return replace(choice, device=f"cuda:{local}")

    # What the first process tells the others.

    def from_first(self, make: Callable[[], Any]) -> Any:
        """What `make` gives in the first process, for all of them; it has to be something that JSON can hold.

        Raises:
            TorchbookError: the one that `make` raised in the first process.
        """
        return make() if self.alone else json.loads(self.content_from_first(lambda: json.dumps(make()).encode()))

    def content_from_first(self, make: Callable[[], bytes]) -> bytes:
        """The same for bytes."""
        if self.alone:
            return make()
        if not self.first:
            kind, content = self._told(b"")
            if kind == 1:
                raise TorchbookError(content.decode())
            return content
        try:
            content = make()
        except TorchbookError as error:
            self._told(str(error).encode(), kind=1)
            raise
        self._told(content)
        return content

    def _told(self, content: bytes, *, kind: int = 0) -> tuple[int, bytes]:
        about = torch.tensor([kind, len(content)])
        with self._others_may_end():
            dist.broadcast(about, src=0)
            kind, length = about.tolist()
            values = torch.frombuffer(bytearray(content or bytes(length)), dtype=torch.uint8) if length else None
            if values is not None:
                dist.broadcast(values, src=0)
        return kind, b"" if values is None else values.numpy().tobytes()

    def check_equal(self, what: str, value: Any) -> None:
        """Raises an error where this process has something else than the first one."""
        expected = self.from_first(lambda: value)
        if value != expected:
            raise TorchbookError(
                f"process {self.rank} has {value} {what} and process 0 has {expected}; give all the same"
            )

    @contextmanager
    def _others_may_end(self) -> Iterator[None]:
        """The libraries below only say how a connection broke."""
        try:
            yield
        except RuntimeError as error:
            if self.interrupted:
                raise KeyboardInterrupt from error
            raise TorchbookError("another process has ended, so this one ends too; see what it said") from error

    # What they add up.

    @torch.no_grad()
    def average(self, module: nn.Module, measures: Sequence[Tensor], samples: int) -> None:
        """Makes a module's gradients, its running statistics and some measures of this process's `samples` those of the
        whole batch, in place: means over all samples, with one message.
        """
        tensors = [parameter.grad for parameter in module.parameters() if parameter.grad is not None]
        tensors += [*running_statistics(module), *measures]
        said = torch.tensor([1.0, float(self.interrupted) / samples], device=tensors[0].device)
        flat = torch.cat([*(tensor.reshape(-1) for tensor in tensors), said]).mul_(samples)
        with self._others_may_end():
            dist.all_reduce(flat)
        self._anywhere = flat[-1].clone()
        means = (flat[:-2] / flat[-2]).split([tensor.numel() for tensor in tensors])
        torch._foreach_copy_(tensors, [mean.view_as(tensor) for mean, tensor in zip(means, tensors, strict=True)])

    def anyone_interrupted(self) -> bool:
        """Whether Ctrl-C had been pressed in any process when the last step was averaged: the same answer in all."""
        return self._anywhere is not None and self._anywhere.item() > 0

    def whole(self, part: Tensor, total: int) -> Tensor:
        """All `total` rows of something whose `share` each process has: the sum of what each fills into zeros."""
        rows = part.new_zeros(total, *part.shape[1:])
        rows[self.share(total)] = part
        with self._others_may_end():
            dist.all_reduce(rows)
        return rows

    def sum(self, value: float) -> float:
        """The sum of a number that each process has."""
        total = torch.tensor(value, dtype=torch.float64)
        with self._others_may_end():
            dist.all_reduce(total)
        return total.item()

    def place(self, samples: int) -> tuple[int, int]:
        """How many samples of a batch are before this process's own, and how many there are in all."""
        counts = torch.zeros(self.count, dtype=torch.int64)
        counts[self.rank] = samples
        with self._others_may_end():
            dist.all_reduce(counts)
        return int(counts[: self.rank].sum()), int(counts.sum())


ALONE = Processes()


def join() -> Processes:
    """This process among those that were started with it by `torchrun`, or alone where it was not.

    Where they meet is said by the launcher's own variables: WORLD_SIZE, RANK, MASTER_ADDR and MASTER_PORT.

    Raises:
        TorchbookError: the variables are not all there.
    """
    if int(os.environ.get("WORLD_SIZE", 1)) == 1:
        return ALONE
    missing = [name for name in ("RANK", "MASTER_ADDR", "MASTER_PORT") if name not in os.environ]
    if missing:
        raise TorchbookError(
            f"WORLD_SIZE is set, but {' and '.join(missing)} not; start several processes with torchrun"
        )
    if not dist.is_initialized():
        if torch.cuda.is_available():
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", 0)) % torch.cuda.device_count())
        dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
        atexit.register(dist.destroy_process_group)
    return Processes(dist.get_rank(), dist.get_world_size())


def running_statistics(module: nn.Module) -> Iterator[Tensor]:
    """What the batch norms of a module that trains have seen: their means and variances."""
    for layer in module.modules():
        if isinstance(layer, _BatchNorm) and layer.training and layer.running_mean is not None:
            assert layer.running_var is not None
            yield from (layer.running_mean, layer.running_var)
