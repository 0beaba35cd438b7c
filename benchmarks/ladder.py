"""From the loop of the courses to 99 % of MNIST in seconds: one change a row, each measured.

    OMP_WAIT_POLICY=PASSIVE TORCHBOOK_DATA=... python benchmarks/ladder.py [--seeds 3]

Every row trains the network of its row on the 60,000 pictures of MNIST for one epoch, in turns, and is measured on the
10,000 of the test set. The last row is the recipe `mnist_speed`. Seconds are those of training alone; threads
that wait sleep (`PASSIVE`), as torchbook lets them: threads that spin would take the core that a replica needs.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy
import torch
import torch.nn.functional as F
from PIL import Image
from time_to_accuracy import data, prepared
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from torchbook import Batches, build, choose, train
from torchbook.data.augment.transforms import Normalize
from torchbook.recipes import mnist_speed
from torchbook.training.schedules import one_cycle

MEAN, STD = 0.1307, 0.3081
dataset = data("mnist")
IMAGES, LABELS = dataset.train.inputs, dataset.train.labels


class PerImage(Dataset):
    """What `torchvision.datasets.MNIST` with `ToTensor` and `Normalize` does for each picture."""

    def __init__(self) -> None:
        self.images = IMAGES[:, 0].numpy()

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self.images[index])
        pixels = torch.from_numpy(numpy.array(image, copy=True)).unsqueeze(0).float().div(255)
        return pixels.sub_(MEAN).div_(STD), int(LABELS[index])


def courses(width: int = 24, hidden: int = 256, *, pool_first: bool = False, norm: bool = False) -> nn.Module:
    """Two convolutions on whole pictures, with a pooling after or before what follows them."""

    def stage(inputs: int, outputs: int, size: int) -> list[nn.Module]:
        after: list[nn.Module] = [nn.BatchNorm2d(outputs)] if norm else []
        after.append(nn.ReLU())
        pool = nn.MaxPool2d(2)
        return [nn.Conv2d(inputs, outputs, size), *([pool, *after] if pool_first else [*after, pool])]

    dense = [nn.Flatten(), nn.Linear(32 * 25, hidden), nn.ReLU(), nn.Linear(hidden, 10)]
    return nn.Sequential(*stage(1, width, 5), *stage(width, 32, 3), *dense)


def loader(size: int) -> Iterator[tuple[Tensor, Tensor]]:
    yield from DataLoader(PerImage(), batch_size=size, shuffle=True)


def memory(size: int, seed: int) -> Batches:
    return Batches(IMAGES, LABELS, size=size, shuffle=True, seed=seed, normalize=Normalize((MEAN,), (STD,)))


def by_hand(model: nn.Module, batches: Iterator, steps: int, *, rate: float, cycle: bool) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, betas=(0.7, 0.9) if cycle else (0.9, 0.999))
    factor = one_cycle(steps)
    for step, (images, labels) in enumerate(batches):
        if cycle:
            optimizer.param_groups[0]["lr"] = rate * factor(step)
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()
        optimizer.zero_grad()


def made(seed: int, make: Callable[[], nn.Module], *, last: bool = False) -> nn.Module:
    torch.manual_seed(seed)
    model = make()
    return model.to(memory_format=torch.channels_last) if last else model


def quick(seed: int) -> nn.Module:
    return build("quick", sample_shape=(1, 28, 28), outputs=10, seed=seed)


def recipe(**arguments: Any) -> Callable[[int], nn.Module]:
    """What the recipe does, with all it has chosen, on all 60,000 pictures."""

    def run(seed: int) -> nn.Module:
        task, batches = prepared(dataset, choose(), mnist_speed, seed=seed, **arguments)
        for _ in train(task, batches):
            pass
        return task.model

    return run


def row(make: Callable[[], nn.Module], size: int = 256, *, fast: bool = True, last: bool = True, mapped: bool = True):
    """A way to train: `fast` is one cycle of a high rate, `last` the order of memory, `mapped` data in memory."""

    def run(seed: int) -> nn.Module:
        model = made(seed, make, last=last)
        batches = memory(size, seed) if mapped else loader(size)
        by_hand(model, iter(batches), -(-len(IMAGES) // size), rate=0.01 if fast else 0.001, cycle=fast)
        return model

    return run


def first() -> nn.Module:
    return courses(pool_first=True)


def normed() -> nn.Module:
    return courses(pool_first=True, norm=True)


WAYS: dict[str, Callable[[int], nn.Module]] = {
    "the courses' loop: a loader, one picture at a time, batches of 64": row(
        courses, 64, fast=False, last=False, mapped=False
    ),
    "data in memory": row(courses, 64, fast=False, last=False),
    "batches of 256 and one cycle of a higher rate": row(courses, last=False),
    "channels last in memory": row(courses),
    "pooling before what follows": row(first),
    "batch norm": row(normed),
    "no empty margin, a smaller network": row(lambda: quick(torch.initial_seed())),
    "the recipe: `train()`, larger batches, fused AdamW, number format by measurement": recipe(replicas=1),
    "two replicas, each with half of the batch": recipe(),
}


@torch.no_grad()
def accuracy(model: nn.Module) -> float:
    model.eval()
    normalize = Normalize((MEAN,), (STD,))
    parts = zip(dataset.test.inputs.split(1000), dataset.test.labels.split(1000), strict=True)
    return sum((model(normalize(x)).argmax(1) == y).sum().item() for x, y in parts) / len(dataset.test)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    for seed in range(options.seeds):
        for name, way in WAYS.items():
            start = time.perf_counter()
            model = way(seed)
            results[name].append((time.perf_counter() - start, 100 * accuracy(model)))
    print("| change | seconds | accuracy, each seed | times as fast as the row before |\n|---|---|---|---|")
    before = None
    for name, values in results.items():
        seconds = statistics.median(s for s, _ in values)
        each = ", ".join(f"{a:.2f}" for _, a in values)
        mean = statistics.mean(a for _, a in values)
        print(f"| {name} | {seconds:.1f} | {mean:.2f} % ({each}) | {f'{before / seconds:.2f}' if before else ''} |")
        before = seconds
