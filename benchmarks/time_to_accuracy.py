"""SpeedNet beside what it wants to beat, on the same pictures and the same machine, in one run.

    python benchmarks/time_to_accuracy.py PICTURES time [--share 0.1]
    python benchmarks/time_to_accuracy.py PICTURES accuracy --who speednet --seeds 5
    python benchmarks/time_to_accuracy.py PICTURES worth [--epochs 4] [--width 32] [--seeds 3]

PICTURES is `cifar10`, or the zip or folder of a copy of it. The contenders: `airbench` (a plain implementation of the
published airbench94_muon, airbench.py), `courses` (ResNet-9 with one cycle in float32 and a `DataLoader`, courses.py)
and our recipes as they are, `resnet9` (the courses' network with another optimizer and fewer epochs) and `speednet`.

`time` takes turns, a few steps of each, and reckons up the whole trainings: an epoch of 25 steps that differ only in
their pictures need not be timed to its end. Pictures that grow are timed in each size. Threads that wait
spin here unless `OMP_WAIT_POLICY=PASSIVE` is set, as it is in `torchbook train`. `accuracy` trains to the end, one seed
after the other. `worth` switches one idea of SpeedNet off after the other.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from types import SimpleNamespace
from typing import Any

import torch
from airbench import Airbench
from courses import Courses
from torch.utils.flop_counter import FlopCounterMode

from torchbook import choose, load
from torchbook.data import Dataset, Split
from torchbook.data.augment.resample import Growing
from torchbook.device import Choice
from torchbook.recipes import resnet9, speednet
from torchbook.speed import SHAPES, gflops
from torchbook.training import train

# Those of the contenders that are not recipes.
EPOCHS = 8
OURS = {"resnet9": resnet9, "speednet": speednet}


def data(name: str) -> Dataset:
    """All pictures that are not of the test set are for training, as in the published runs; nothing is chosen."""
    dataset = load(name)
    parts = [dataset.train, dataset.valid]
    whole = Split(torch.cat([p.inputs for p in parts]), torch.cat([p.labels for p in parts]))
    return replace(dataset, train=whole)


def default(name: str, argument: str) -> Any:
    """What a recipe takes where nothing else is said, None where it has no such argument."""
    parameter = signature(getattr(OURS[name], name)).parameters.get(argument)
    return parameter and parameter.default


def prepared(dataset: Dataset, choice: Choice, recipe: Any = speednet, **arguments: Any) -> tuple[Any, Any]:
    """The task and the batches of a recipe, taken where it would begin to train."""
    before = recipe.load_images, recipe.fit, recipe.final_test
    parts: list[Any] = []
    recipe.load_images = lambda *_, **__: dataset
    recipe.fit = lambda run, task, dataset, batches, **_: parts.extend((task, batches))
    recipe.final_test = lambda *_, **__: {}
    try:
        defaults = {"data": dataset.card.name}
        train_with = getattr(recipe, recipe.__name__.rpartition(".")[2])
        train_with(SimpleNamespace(choice=choice), **defaults | arguments)
        task, batches = parts
        return task, batches
    finally:
        recipe.load_images, recipe.fit, recipe.final_test = before


def stepped(
    dataset: Dataset, choice: Choice, recipe: Any = speednet, **arguments: Any
) -> tuple[Callable[[], Any], int]:
    """One step of a recipe, again and again, and how many an epoch has."""
    task, batches = prepared(dataset, choice, recipe, **arguments)
    reports = train(task, batches, epochs=1000, every=1)
    return (lambda: next(reports)), len(batches)


def contenders(dataset: Dataset, choice: Choice, seed: int = 0, width: int = 64) -> dict[str, Any]:
    images, labels = dataset.train.inputs, dataset.train.labels
    mean, std = torch.tensor(dataset.card.mean), torch.tensor(dataset.card.std)
    return {
        "airbench": lambda: Airbench(images, labels, mean, std, autocast=choice.autocast, seed=seed),
        "courses": lambda: Courses(images, labels, mean, std, width=width, seed=seed),
    }


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def operations(work: Callable[[], Any]) -> int:
    with FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()


def sized(dataset: Dataset, choice: Choice, name: str, recipe: Any) -> dict[str, tuple[Callable[[], Any], float]]:
    """A step of a recipe for each size that its pictures have, and how many of it a training has."""
    epochs, grow = default(name, "epochs"), default(name, "grow")
    if grow is None:
        step, steps = stepped(dataset, choice, recipe)
        return {name: (step, epochs * steps)}
    growing = Growing(grow, epochs=epochs)
    parts = [growing.part(epoch) for epoch in range(epochs)]
    ways = {}
    for part in dict.fromkeys(parts):
        step, steps = stepped(dataset, choice, recipe, grow=(part,))
        ways[f"{name} {part}"] = step, parts.count(part) * steps
    return ways


def compare_times(dataset: Dataset, choice: Choice, who: list[str], *, share: float, rounds: int) -> None:
    """Seconds and operations of whole trainings, from some steps of each in turns, and the part of the peak."""
    ways: dict[str, tuple[Callable[[], Any], float]] = {}  # a step, and how many of it a training has
    for name, make in contenders(dataset, choice).items():
        if name in who:
            one = make()
            ways[name] = one.step, EPOCHS * one.steps_per_epoch
    for name, recipe in OURS.items():
        if name in who:
            ways |= sized(dataset, choice, name, recipe)
    # At its first step a task counts too and computes its replicas in this thread; what other threads do is not seen.
    flops = {name: operations(step) for name, (step, _) in ways.items()}
    for name, count in flops.items():
        print(f"{name}: {count / 1e12:.3f} TFLOP a step", flush=True)
    measured: dict[str, list[float]] = {name: [] for name in ways}
    peaks = []
    per_round = {name: max(1, round(share * count / EPOCHS / rounds)) for name, (_, count) in ways.items()}
    for _ in range(rounds):
        peaks.append(max(gflops(shape, choice.number_format, repeats=2) for shape in SHAPES))
        for name, (step, _) in ways.items():
            measured[name] += [seconds(step) for _ in range(per_round[name])]
    peak = max(peaks)
    print(f"\npeak of {len(SHAPES)} convolutions: {peak:.0f} GFLOP/s in {choice.number_format}\n")
    print(f"| training | seconds reckoned | TFLOP | of the peak | times {who[0]} |\n|---|---|---|---|---|")
    whole: dict[str, list[float]] = {}
    for name, (_, count) in ways.items():
        whole.setdefault(name.split()[0], []).append(count * statistics.median(measured[name]))
    total = {name: sum(parts) for name, parts in whole.items()}
    for name, all_seconds in total.items():
        done = sum(count * flops[key] for key, (_, count) in ways.items() if key.split()[0] == name)
        print(
            f"| {name} | {all_seconds:.0f} | {done / 1e12:.0f} | {done / all_seconds / peak / 1e9:.0%} "
            f"| {all_seconds / total[who[0]]:.2f} |",
            flush=True,
        )


def trained(name: str, dataset: Dataset, choice: Choice, seed: int, **arguments: Any) -> tuple[float, float]:
    """Test accuracy and seconds of one whole training."""
    test = dataset.test
    if name in OURS:
        task, batches = prepared(dataset, choice, OURS[name], seed=seed, **arguments)
        epochs = arguments.get("epochs", default(name, "epochs"))
        start = time.perf_counter()
        for report in train(task, batches, epochs=epochs):
            print(f"  epoch {report.epoch}: loss {report['loss']:.4f}, {report.seconds:.0f} s", flush=True)
        spent = time.perf_counter() - start
        return task.evaluate(dataset.batches("test", size=1000))["accuracy"], spent
    one = contenders(dataset, choice, seed, arguments.get("width", 64))[name]()
    start = time.perf_counter()
    for number in range(EPOCHS * one.steps_per_epoch):
        loss = one.step()
        if (number + 1) % one.steps_per_epoch == 0:
            print(
                f"  epoch {(number + 1) // one.steps_per_epoch}: loss {loss:.4f}, {time.perf_counter() - start:.0f} s",
                flush=True,
            )
    return one.accuracy(test.inputs, test.labels), time.perf_counter() - start


COPY = """These are not the original pictures. On those (`cifar10`) the published airbench94_muon reaches 94.0 %, the
mean of 200 trainings; expect it of the same code there, and some points less of pictures that were compressed again.
"""


OFF: dict[str, dict[str, Any]] = {
    "all of it": {},
    "no whitening": {"whiten": False},
    "no identity initialisation": {"identity": False},
    "learnt scales": {"frozen_scale": False},
    "SGD instead of Muon": {"muon": False},
    "mirrored at random": {"alternate": False},
    "full size from the start": {"grow": ()},
    "one look": {"views": 1},
    "whole batches": {"micro_batch": 2000, "replicas": 1},
}


def report_accuracy(name: str, dataset: Dataset, choice: Choice, seeds: int, **arguments: Any) -> None:
    results = []
    for seed in range(seeds):
        results.append(trained(name, dataset, choice, seed, **arguments))
        print(f"{name}, seed {seed}: {results[-1][0]:.2%}, {results[-1][1]:.0f} s", flush=True)
    values = [100 * accuracy for accuracy, _ in results]
    spread = f" ± {statistics.stdev(values):.2f}" if seeds > 1 else ""
    each = ", ".join(f"{value:.2f}" for value in values)
    print(
        f"{name}: {statistics.mean(values):.2f}{spread} % ({each}), {statistics.median(s for _, s in results):.0f} s",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures")
    parser.add_argument("what", choices=["time", "accuracy", "worth"])
    parser.add_argument("--share", type=float, default=0.2, help="the part of an epoch to time")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--who", nargs="+", default=["airbench", "courses", "resnet9", "speednet"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, help="of our recipes, for shortened runs")
    parser.add_argument("--width", type=int, default=64, help="of all but airbench, for shortened runs")
    parser.add_argument("--limit", type=int, help="so many pictures to train on, for shortened runs")
    parser.add_argument("--number-format", choices=["float32", "bfloat16"])
    options = parser.parse_args()
    chosen = choose(number_format=options.number_format)
    pictures = data(options.pictures)
    if options.limit:
        every = slice(None, None, len(pictures.train) // options.limit)
        pictures = replace(pictures, train=Split(pictures.train.inputs[every], pictures.train.labels[every]))
    print(
        f"{pictures.card.title}, {len(pictures.train):,} to train; {chosen.number_format}, {chosen.threads} threads\n"
    )
    if pictures.card.name != "cifar10":
        print(COPY)
    shortened = {"width": options.width} | ({"epochs": options.epochs} if options.epochs else {})
    if options.what == "time":
        compare_times(pictures, chosen, options.who, share=options.share, rounds=options.rounds)
    elif options.what == "accuracy":
        for who in options.who:
            report_accuracy(who, pictures, chosen, options.seeds, **shortened)
    else:
        for label, off in OFF.items():
            print(label, flush=True)
            report_accuracy("speednet", pictures, chosen, options.seeds, **shortened, **off)
