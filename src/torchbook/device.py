"""What the computation runs on: device, number format, threads, each chosen once and with its reason in words."""

import platform
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from typing import Any

import psutil
import torch

from torchbook.errors import TorchbookError
from torchbook.speed import NumberFormat, bfloat16_gain, peak, processor


@dataclass(frozen=True)
class Choice:
    """What a run computes with, and why; it is kept with the run, because other choices give other bits.

    `micro_batch` is how many examples go through a model at once and `replicas` how many models compute at the same
    time, where that was tried out (None is the whole batch); `peak` is how fast convolutions are here (GFLOP/s), to
    compare a training with.
    """

    device: str
    number_format: NumberFormat
    threads: int
    reason: str
    micro_batch: int | None = None
    replicas: int = 1
    peak: float | None = None

    @property
    def torch_device(self) -> torch.device:
        return torch.device(self.device)

    def autocast(self) -> AbstractContextManager:
        """Inside it matrix products and convolutions compute in the number format; weights stay float32."""
        if self.number_format == "float32":
            return nullcontext()
        # The cache of casts is one for all threads, and each clears it for all: with it, bits would depend on timing.
        return torch.autocast(self.torch_device.type, torch.bfloat16, cache_enabled=False)

    def in_float32(self) -> "Choice":
        """The same device, computing in float32; how fast it is in another format is no measure for that."""
        return self if self.number_format == "float32" else replace(self, number_format="float32", peak=None)

    def here(self) -> "Choice":
        """The same where the device is here, else float32 on the CPU: for using a model, not for training it on."""
        return self if _is_here(self.device) else replace(FLOAT32, reason=f"there is no {self.device} here")

    def place(self, model: Any) -> Any:
        """The model on this device; filters of pictures in the channels_last order of memory, which convolutions
        prefer."""
        model = model.to(self.torch_device)
        if any(parameter.ndim == 5 for parameter in model.parameters()):
            return model
        return model.to(memory_format=torch.channels_last)

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


def choose(device: str | None = None, *, number_format: NumberFormat | None = None) -> Choice:
    """The device and number format to use here: what is asked for, else the fastest there is.

    Whether bfloat16 pays on this machine's CPU is measured once (`torchbook.speed`) and kept under `TORCHBOOK_HOME`.

    Raises:
        TorchbookError: the device that is asked for is not there.
    """
    name = _device(device)
    chosen, reason = (number_format, f"{number_format} was asked for") if number_format else _number_format(name)
    return Choice(name, chosen, torch.get_num_threads(), reason, peak=None if name == "mps" else peak(chosen, name))


def _number_format(device: str) -> tuple[NumberFormat, str]:
    if device.startswith("cuda"):
        good = torch.cuda.is_bf16_supported()
        return ("bfloat16", "this GPU computes bfloat16") if good else ("float32", "this GPU has no bfloat16")
    if device == "mps":
        return "float32", "float32 is the format that every operation on MPS has"
    gain = bfloat16_gain()
    if gain.pays:
        return "bfloat16", f"bfloat16 convolutions measured {gain.median:.1f} times as fast as float32"
    return "float32", f"bfloat16 convolutions measured only {gain.median:.1f} times as fast as float32"


FLOAT32 = Choice("cpu", "float32", 0, "float32 is the default")


def of_model(model: torch.nn.Module) -> Choice:
    """Float32 on the device where the model's first parameter is."""
    first = next(model.parameters(), None)
    return FLOAT32 if first is None or first.is_cpu else replace(FLOAT32, device=str(first.device))


def _device(name: str | None) -> str:
    if name is None:
        return next(kind for kind in ("cuda", "mps", "cpu") if _is_here(kind))
    check_device(name)
    return name


def check_device(name: str) -> None:
    """Raises a TorchbookError where this machine has no such device."""
    if not _is_here(name):
        found = ", ".join(kind for kind in ("cpu", "cuda", "mps") if _is_here(kind))
        raise TorchbookError(f"there is no device {name!r} here; this machine has {found}")


def _is_here(name: str) -> bool:
    kind = name.split(":")[0]
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return there.get(kind, False)


def most_exact(device: torch.device) -> torch.dtype:
    """The number format for sums over many steps: float64, except on MPS, which has none."""
    return torch.float32 if device.type == "mps" else torch.float64


def machine() -> dict[str, str | int | float]:
    """What this machine is, for a run's record."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": processor(),
        "cores": psutil.cpu_count(logical=False) or 1,
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }
