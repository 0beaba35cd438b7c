"""How an epoch and the memory grow with the number of samples, from 1,000 to 1,000,000.

    OMP_NUM_THREADS=1 python benchmarks/growth.py

Grey pictures of 28 x 28 pixels in `.npy` files that are mapped into memory; a multilayer perceptron with 32 hidden
units, batches of 256, one thread, through `train()`, then an evaluation. Every size in a process of its own. Seconds
are those of the processor, so that other programs disturb them little; memory is what the process has beyond the mapped
file (RssAnon of Linux).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

import numpy as np
import torch

from torchbook import Supervised, build, classification, evaluate, load, train

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
SIDE, LEAST = 28, 300_000


class Memory(threading.Thread):
    """Watches this process and keeps the most memory in MB that it had beyond mapped files."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0

    def run(self) -> None:
        while True:
            self.look()
            time.sleep(0.01)

    def look(self) -> float:
        lines = Path("/proc/self/status").read_text().splitlines()
        self.most = max(self.most, next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")))
        return self.most


def write(folder: Path, count: int) -> None:
    """Random pictures and labels, piece by piece."""
    numbers = np.random.default_rng(0)
    for split, rows in (("train", count), ("valid", count // 6), ("test", 100)):
        pixels = np.lib.format.open_memmap(
            folder / f"x_{split}.npy", mode="w+", dtype=np.uint8, shape=(rows, SIDE, SIDE)
        )
        for start in range(0, rows, 10_000):
            block = pixels[start : start + 10_000]
            block[:] = numbers.integers(0, 256, block.shape, dtype=np.uint8)
        np.save(folder / f"y_{split}.npy", np.arange(rows) % 10)


def measure(folder: Path) -> dict[str, float]:
    """Seconds of an epoch and the most memory in MB, for the data in a folder."""
    memory = Memory()
    dataset = load(folder / "x_train.npy")
    count = len(dataset.train)
    torch.manual_seed(0)
    model = build("mlp", sample_shape=dataset.sample_shape, outputs=10, hidden=(32,))
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=0.01), measure=classification)
    memory.look()
    memory.start()
    seconds, before = [], time.process_time()
    for _ in train(task, dataset.batches("train", size=256), epochs=1 + max(1, LEAST // count)):
        now = time.process_time()
        seconds.append(now - before)
        before = now
    evaluate(task, dataset.batches("valid", size=1000))
    # The first epoch pays for setting up.
    return {"seconds": median(seconds[1:]), "memory": memory.look()}


def line(sizes: list[int], seconds: list[float]) -> tuple[float, float, list[float]]:
    """Start and slope of the line with the smallest relative deviations, and these."""
    x, y = np.array(sizes, float), np.array(seconds)
    (start, slope), *_ = np.linalg.lstsq(np.stack([1 / y, x / y], 1), np.ones(len(y)), rcond=None)
    return start, slope, list(y / (start + slope * x) - 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="leave out larger sizes")
    options = parser.parse_args()
    if options.of:
        torch.set_num_threads(1)
        print(json.dumps(measure(options.of)))
        sys.exit()
    sizes = [size for size in SIZES if size <= options.most]
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), size)
            command = [sys.executable, __file__, "--of", folder]
            found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    start, slope, deviations = line(sizes, [each["seconds"] for each in found])
    print("| samples | MB of pixels | seconds an epoch | microseconds a sample | from the line | memory beyond, MB |")
    print("|---|---|---|---|---|---|")
    for size, each, deviation in zip(sizes, found, deviations, strict=True):
        print(
            f"| {size:,} | {size * SIDE**2 / 1e6:,.0f} | {each['seconds']:.3f} | {1e6 * each['seconds'] / size:.2f} "
            f"| {100 * deviation:+.1f} % | {each['memory']:.0f} |"
        )
    grown = found[-1]["memory"] - found[0]["memory"]
    print(
        f"\nThe line: {1e3 * start:.1f} ms and {1e6 * slope:.2f} microseconds a sample; the largest deviation is",
        end="",
    )
    print(
        f" {100 * max(map(abs, deviations)):.1f} %. Memory grows by {1e6 * grown / (sizes[-1] - sizes[0]):.0f} bytes a",
        end="",
    )
    print(f" sample, of which the picture has {SIDE**2}.")
