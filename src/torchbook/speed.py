"""How fast this machine computes convolutions, measured once (about three seconds) and kept under `TORCHBOOK_HOME`."""

import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn

from torchbook.home import home
from torchbook.storage import write_atomically

NumberFormat = Literal["float32", "bfloat16"]

# Channels, side and count of the pictures of five 3x3 convolutions as networks have them; a training step of each is
# some seven thousand million operations.
SHAPES = ((64, 32, 32), (64, 16, 128), (128, 16, 32), (256, 8, 32), (256, 16, 8))


def bfloat16_gain() -> float:
    """How many times as fast as in float32 a convolution's training step is in bfloat16 on the CPU."""
    return _kept("bfloat16 gain", lambda: _gain((64, 16, 32)))


def peak(number_format: NumberFormat, device: str = "cpu", *, again: bool = False) -> float:
    """The most operations a second that a training step of a 3x3 convolution reaches here, in GFLOP/s: the best of
    `SHAPES`, which says more about training than a data sheet does. With `again` it is measured even where it is known,
    for the machine may have been busy, and the higher number stays."""
    what = f"GFLOP/s in {number_format} on {device}"
    return _kept(what, lambda: max(gflops(shape, number_format, device) for shape in SHAPES), again=again)


def gflops(shape: tuple[int, int, int], number_format: NumberFormat, device: str = "cpu", *, repeats: int = 4) -> float:
    """GFLOP/s of a training step of one convolution, forward and backward; the best of some repeats, as others use the
    machine too."""
    step = _step(shape, device)
    # A multiplication and an addition are two; both gradients cost as much as the way forward.
    channels, side, count = shape
    operations = 3 * 2 * count * channels**2 * 9 * side**2
    step(number_format)  # The first one pays for setting up.
    return round(operations / min(_seconds(lambda: step(number_format), device) for _ in range(repeats)) / 1e9, 1)


def _gain(shape: tuple[int, int, int]) -> float:
    step = _step(shape, "cpu")
    seconds: dict[NumberFormat, list[float]] = {"float32": [], "bfloat16": []}
    for _ in range(4):
        for number_format, measured in seconds.items():
            measured.append(_seconds(lambda chosen=number_format: step(chosen), "cpu"))  # type: ignore[misc]
    return round(min(seconds["float32"][1:]) / min(seconds["bfloat16"][1:]), 2)


def _step(shape: tuple[int, int, int], device: str) -> Callable[[NumberFormat], None]:
    channels, side, count = shape
    place: dict[str, Any] = {"device": device, "memory_format": torch.channels_last}
    convolution = nn.Conv2d(channels, channels, 3, padding=1, bias=False).to(**place)
    images = torch.zeros(count, channels, side, side).to(**place).requires_grad_()

    def step(number_format: NumberFormat) -> None:
        with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=number_format == "bfloat16"):
            out = convolution(images)
        out.backward(torch.ones_like(out))

    return step


def _seconds(work: Callable[[], None], device: str) -> float:
    on_gpu = device.startswith("cuda")
    if on_gpu:
        torch.cuda.synchronize()
    start = time.perf_counter()
    work()
    if on_gpu:
        torch.cuda.synchronize()
    return time.perf_counter() - start


def _kept(what: str, measure: Callable[[], float], *, again: bool = False) -> float:
    """What was measured on this machine with this torch and number of threads, or is measured now."""
    file = home() / "machine.json"
    key = f"{platform.machine()} {processor()} torch {torch.__version__} threads {torch.get_num_threads()}"
    try:
        known = json.loads(file.read_text())
        mine = known.get(key)
    except (OSError, ValueError, AttributeError):
        known, mine = {}, None
    mine = mine if isinstance(mine, dict) else {}
    before = mine.get(what)
    if again or not isinstance(before, float):
        mine[what] = max(float(measure()), before if isinstance(before, float) else 0.0)
        write_atomically(file, json.dumps(known | {key: mine}, indent=2).encode())
    return mine[what]


def processor() -> str:
    """The processor's name as the system tells it."""
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"
