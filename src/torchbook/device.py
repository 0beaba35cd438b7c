"""What the computation runs on: device, number format, threads, each chosen once and with its reason in words."""

import json
import platform
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import psutil
import torch
from torch import Tensor, nn

from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.storage import write_atomically

NumberFormat = Literal["float32", "bfloat16"]

# bfloat16 must be this much faster than float32 to be worth its three digits.
WORTHWHILE = 1.3


@dataclass(frozen=True)
class Choice:
    """What a run computes with, and why; it is kept with the run, because other choices give other bits."""

    device: str
    number_format: NumberFormat
    threads: int
    reason: str

    @property
    def torch_device(self) -> torch.device:
        return torch.device(self.device)

    def autocast(self) -> AbstractContextManager:
        """Inside it matrix products and convolutions compute in the number format; weights stay float32."""
        if self.number_format == "float32":
            return nullcontext()
        return torch.autocast(self.torch_device.type, torch.bfloat16)

    def in_float32(self) -> "Choice":
        """The same device, computing in float32."""
        return replace(self, number_format="float32")

    def place(self, model: Any) -> Any:
        """The model on this device, its filters in the channels_last order of memory, which convolutions prefer."""
        return model.to(self.torch_device, memory_format=torch.channels_last)

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


def choose(device: str | None = None, *, number_format: NumberFormat | None = None) -> Choice:
    """The device and number format to use here: what is asked for, else the fastest there is.

    Whether bfloat16 pays on this machine's CPU is measured once (about a second) and kept under `TORCHBOOK_HOME`.

    Raises:
        TorchbookError: the device that is asked for is not there.
    """
    name = _device(device)
    threads = torch.get_num_threads()
    if number_format is not None:
        return Choice(name, number_format, threads, f"{number_format} was asked for")
    if name.startswith("cuda"):
        good = torch.cuda.is_bf16_supported()
        reason = "this GPU computes bfloat16" if good else "this GPU has no bfloat16"
        return Choice(name, "bfloat16" if good else "float32", threads, reason)
    if name == "mps":
        return Choice(name, "float32", threads, "float32 is the format that every operation on MPS has")
    ratio = _bfloat16_gain()
    if ratio >= WORTHWHILE:
        return Choice(name, "bfloat16", threads, f"bfloat16 convolutions measured {ratio:.1f} times as fast as float32")
    return Choice(name, "float32", threads, f"bfloat16 convolutions measured only {ratio:.1f} times as fast as float32")


FLOAT32 = Choice("cpu", "float32", 0, "float32 is the default")


def _device(name: str | None) -> str:
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name is None:
        return next(kind for kind in ("cuda", "mps", "cpu") if there[kind])
    kind = name.split(":")[0]
    if not there.get(kind):
        found = ", ".join(kind for kind, present in there.items() if present)
        raise TorchbookError(f"there is no device {name!r} here; this machine has {found}")
    return name


def _bfloat16_gain() -> float:
    """How many times as fast as float32 a 3x3 convolution's training step is in bfloat16, measured once per machine."""
    file = home() / "machine.json"
    key = f"{platform.machine()} {processor()} torch {torch.__version__} threads {torch.get_num_threads()}"
    try:
        known = json.loads(file.read_text())
    except (OSError, ValueError):
        known = {}
    if not isinstance(known.get(key), float):
        known = {key: _measured_gain()}
        write_atomically(file, json.dumps(known, indent=2).encode())
    return float(known[key])


def _measured_gain() -> float:
    convolution: Any = nn.Conv2d(64, 64, 3, padding=1, bias=False)
    convolution.to(memory_format=torch.channels_last)
    images = torch.zeros(32, 64, 16, 16).to(memory_format=torch.channels_last).requires_grad_()

    def step(number_format: NumberFormat) -> None:
        with Choice("cpu", number_format, 0, "").autocast():
            out: Tensor = convolution(images)
        out.sum().backward()

    seconds: dict[NumberFormat, list[float]] = {"float32": [], "bfloat16": []}
    for _ in range(6):
        for number_format, measured in seconds.items():
            measured.append(_seconds(partial(step, number_format)))
    # The first turn pays for setting up; the best of the others is the least disturbed.
    return round(min(seconds["float32"][1:]) / min(seconds["bfloat16"][1:]), 2)


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def processor() -> str:
    """The processor's name as the system tells it."""
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


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
