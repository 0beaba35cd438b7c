"""How fast this machine computes convolutions, measured once (about three seconds) and kept under `TORCHBOOK_HOME`."""

import json
import math
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn

from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.record import Number, misfit, read_record
from torchbook.storage import write_atomically

NumberFormat = Literal["float32", "bfloat16"]

# Channels, side and count of the pictures of five 3x3 convolutions as networks have them; a training step of each is
# some seven thousand million operations.
SHAPES = ((64, 32, 32), (64, 16, 128), (128, 16, 32), (256, 8, 32), (256, 16, 8))


# bfloat16 must be this much faster than float32 to be worth its three digits.
WORTHWHILE = 1.3
# Rounds of the comparison at first, and at most while the answer is not clear.
ROUNDS, MOST_ROUNDS = 11, 31
_GAIN = "bfloat16 gain, interleaved"
_FINITE, _COUNT = Number(0, 1e9), Number(1, 1e6, whole=True)
_KEPT_GAIN = {"median": _FINITE, "low": _FINITE, "high": _FINITE, "rounds": _COUNT, "measured": str, "tries": _COUNT}
# So often an answer that stays unclear is looked for again.
TRIES = 3


@dataclass(frozen=True)
class Gain:
    """How many times as fast one of two ways is: the median of interleaved rounds, where it lies in 19 of 20 cases,
    how many rounds there were, and when (`tries` times it was measured)."""

    median: float
    low: float
    high: float
    rounds: int
    measured: str
    tries: int = 1

    @property
    def is_clear(self) -> bool:
        """Whether it is surely on one side of what is worthwhile."""
        return not self.low < WORTHWHILE < self.high

    @property
    def pays(self) -> bool:
        """Whether it is surely worthwhile: where that is not clear, the answer is the same every time."""
        return self.low >= WORTHWHILE


def bfloat16_gain() -> Gain:
    """How many times as fast as in float32 a convolution's training step is in bfloat16 on the CPU.

    It is measured once and kept; while the spread says that it is not clear, once more at each of the next starts.
    """
    before = _gain_before()
    if before is not None and (before.is_clear or before.tries >= TRIES):
        return before
    now = _gain((64, 16, 32))
    if before is not None:
        # The narrower of the two is the one of a quieter moment.
        now = replace(min(before, now, key=lambda gain: gain.high - gain.low), tries=before.tries + 1)
    _write(_GAIN, asdict(now))
    return now


def decided() -> str:
    """When the number format was decided by measuring and how sure that is, in words; empty where it never was."""
    gain = _gain_before()
    if gain is None:
        return ""
    words = f"{gain.measured}, {gain.low:.2f} to {gain.high:.2f} times as fast in the middle of {gain.rounds} rounds"
    if gain.is_clear:
        return words
    again = "measured again at the next start" if gain.tries < TRIES else f"measured {gain.tries} times"
    return f"{words}; not clear, so float32, {again}"


def _gain_before() -> Gain | None:
    kept = _read(_GAIN)
    return None if misfit(kept, _KEPT_GAIN) else Gain(**{name: kept[name] for name in _KEPT_GAIN})


def around_median(values: Sequence[float]) -> tuple[float, float]:
    """Two of the values between which the true median is in 19 of 20 cases: the ranks n / 2 -+ sqrt(n) (the sign test).

    The more values there are, the closer they come; a few that are far off move nothing.
    """
    ranked = sorted(values)
    outer = max(0, math.floor(len(ranked) / 2 - math.sqrt(len(ranked))))
    return ranked[outer], ranked[-1 - outer]


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


def _gain(shape: tuple[int, int, int]) -> Gain:
    step = _step(shape, "cpu")
    formats: tuple[NumberFormat, ...] = ("float32", "bfloat16")
    for number_format in formats:
        step(number_format)  # The first one pays for setting up.
    gains: list[float] = []
    low = high = 0.0
    while len(gains) < ROUNDS or (len(gains) < MOST_ROUNDS and low < WORTHWHILE < high):
        # Both in every round: what slows the machine for a moment slows both.
        plain, short = (_seconds(lambda chosen=each: step(chosen), "cpu") for each in formats)  # type: ignore[misc]
        gains.append(plain / short)
        low, high = around_median(gains)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    median, low, high = (round(value, 3) for value in (statistics.median(gains), low, high))
    return Gain(median, low, high, len(gains), now)


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
    before = _read(what)
    known = not misfit(before, Number(0, 1e9))
    if known and not again:
        return float(before)
    value = max(float(measure()), float(before) if known else 0.0)
    _write(what, value)
    return value


def _key() -> str:
    return f"{platform.machine()} {processor()} torch {torch.__version__} threads {torch.get_num_threads()}"


def _all() -> dict[str, Any]:
    try:
        return read_record(home() / "machine.json", {str: dict})
    except (OSError, TorchbookError):  # it is measured again
        return {}


def _read(what: str) -> Any:
    return _all().get(_key(), {}).get(what)


def _write(what: str, value: Any) -> None:
    kept = _all()
    kept[_key()] = kept.get(_key(), {}) | {what: value}
    write_atomically(home() / "machine.json", json.dumps(kept, indent=2).encode())


def processor() -> str:
    """The processor's name as the system tells it."""
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"
