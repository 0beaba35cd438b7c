"""Times the check of an answer in a warm worker, over all right and all known wrong answers of the exercises.

    python benchmarks/checks.py [--repeat 3] [--only NAME ...]
    python benchmarks/checks.py --prove     # processor seconds of the author's check of each exercise, mutants and all

Prints for each exercise, and for all together, the median and the 99th percentile in milliseconds from the request to
the verdict, and the processor time that a check takes, with all the processes that it needs. Each exercise is warmed up
with all of its answers once, as a learner's second try finds it.
"""

import argparse
import os
import statistics
import time

import psutil

from torchbook.course.authoring.author import examined
from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import Exercise, exercises


def answers(exercise: Exercise) -> list[tuple[str, bytes, bool]]:
    """The name and the content of each right and wrong answer, and whether it is right."""
    right = [exercise.folder / "solution.py", *exercise.alternatives]
    return [(file.stem, file.read_bytes(), True) for file in right] + [
        (mistake.name, mistake.source.encode(), False) for mistake in exercise.mistakes
    ]


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def processor_seconds() -> float:
    """Processor time of this process, of those below it, and of those of theirs that have ended."""
    total = sum(os.times()[:4])
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def timed(exercise: Exercise, repeat: int) -> list[float]:
    """Milliseconds of each check, after one round of all answers that is not counted."""
    times = []
    for turn in range(repeat + 1):
        for name, content, right in answers(exercise):
            began = time.perf_counter()
            verdict = check(exercise, exercise.folder / f"{name}.py", source=content)
            times.append((time.perf_counter() - began) * 1e3 if turn else 0.0)
            if verdict.passed != right:
                raise SystemExit(f"{exercise.name}: {name} got {verdict.outcome}")
    return times[len(times) // (repeat + 1) :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="*", metavar="NAME")
    parser.add_argument("--prove", action="store_true")
    asked = parser.parse_args()
    everything = []
    for exercise in exercises():
        if asked.only and exercise.name not in asked.only:
            continue
        before = processor_seconds()
        if asked.prove:
            problems = examined(exercise).problems
            everything.append(processor_seconds() - before)
            print(f"{exercise.name:28} {everything[-1]:6.2f} s {problems or ''}", flush=True)
            continue
        times = timed(exercise, asked.repeat)
        each = (processor_seconds() - before) / (len(times) * (1 + 1 / asked.repeat)) * 1e3
        everything += times
        print(
            f"{exercise.name:28} median {statistics.median(times):6.1f}   99 % {percentile(times, 0.99):6.1f}   "
            f"processor {each:6.1f} ms a check, warm-up included",
            flush=True,
        )
    if asked.prove:
        print(f"{'all':28} {sum(everything):6.2f} s, {statistics.mean(everything):.2f} s each")
        return
    print(f"{'all':28} median {statistics.median(everything):6.1f}   99 % {percentile(everything, 0.99):6.1f}")


if __name__ == "__main__":
    main()
