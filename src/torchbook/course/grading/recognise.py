"""Recognises a known mistake by what an answer does: it behaves as the file of the mistake does."""

import types

from torchbook.course.grading.behaviour import Behaviour, Probe, alike, authored, difference, quietly
from torchbook.course.grading.exercise import Exercise

# Of the draws in which a mistake shows, the share in which an answer with one more fault must be like it.
ENOUGH = 0.6


def recognised(exercise: Exercise, probes: list[Probe], found: list[Behaviour], seed: int) -> tuple[str, str] | None:
    """The name and the hint of the known mistake that behaves as the answer did where it differs from the solution.

    Best is one that explains the first failure, which is the one that is shown, and all others. An answer may have a
    second fault, so one that explains the first and most others is good enough, or all of some others.
    """
    failed = next(i for i, ((c, _, e), got) in enumerate(zip(probes, found)) if difference(e, got, c, words=False))
    best = (False, False, 0, 0)
    chosen = None
    for mistake in exercise.mistakes:
        module = authored(exercise.folder / "mistakes.toml", "mistake", source=mistake.source)
        score = _likeness(module, probes, found, seed, failed)
        if score > best:
            best, chosen = score, (mistake.name, mistake.hint)
    return chosen


def _likeness(
    mistake: types.ModuleType, probes: list[Probe], found: list[Behaviour], seed: int, failed: int
) -> tuple[bool, bool, int, int]:
    """How well a mistake explains an answer that failed first in draw number `failed`.

    Whether it does so in that draw; whether in all draws in which it shows; in how many draws the two are alike;
    and in how many of these the mistake shows. All nothing if it does not explain the answer.
    """
    like = shows = explained = 0
    first = False
    for index, ((case, turn, expected), got) in enumerate(zip(probes, found)):
        behaviour = quietly(mistake, case, case.draws(seed)[turn])
        same = alike(behaviour, got, expected, case)
        like += same
        if difference(expected, behaviour, case, words=False) is not None:
            shows += 1
            explained += same
            first = first or (same and index == failed)
        if shows - explained > (1 - ENOUGH) * len(probes):
            break
    always = 0 < shows == explained
    enough = always or (first and explained >= max(2, ENOUGH * shows))
    return (first, always, like, explained) if enough else (False, False, 0, 0)
