"""Recognises a known mistake by what an answer does: it behaves as the mistake does."""

from torchbook.course.grading.behaviour import Behaviour, alike, difference
from torchbook.course.grading.exercise import Mistake
from torchbook.course.grading.prepared_exercise import PreparedExercise

# Of the draws in which a mistake shows, the share in which an answer with one more fault must be like it.
ENOUGH = 0.6


def recognised(prepared: PreparedExercise, behaviours: list[Behaviour]) -> tuple[str, str] | None:
    """The name and the hint of the known mistake that behaves as the answer did where it differs from the solution.

    Best is one that explains the first failure, which is the one that is shown, and all others. An answer may have a
    second fault, so one that explains the first and most others is good enough, or all of some others.
    """
    failed = next(
        index
        for index, ((case, _, expected), got) in enumerate(zip(prepared.probes, behaviours))
        if difference(expected, got, case, words=False)
    )
    best = (False, False, 0, 0)
    chosen = None
    for mistake in prepared.mistakes:
        score = _likeness(mistake, prepared, behaviours, failed)
        if score > best:
            best, chosen = score, (mistake.name, mistake.hint)
    return chosen


def _likeness(
    mistake: Mistake, prepared: PreparedExercise, behaviours: list[Behaviour], failed: int
) -> tuple[bool, bool, int, int]:
    """How well a mistake explains an answer that failed first in draw number `failed`.

    Whether it does so in that draw; whether in all draws in which it shows; in how many draws the two are alike;
    and in how many of these the mistake shows. All nothing if it does not explain the answer.
    """
    like = shows = explained = 0
    first = False
    for index, ((case, _, expected), got) in enumerate(zip(prepared.probes, behaviours)):
        suspected, differs = prepared.suspect(mistake, index)
        same = alike(suspected, got, expected, case)
        like += same
        if differs:
            shows += 1
            explained += same
            first = first or (same and index == failed)
        if shows - explained > (1 - ENOUGH) * len(prepared.probes):
            break
    always = 0 < shows == explained
    enough = always or (first and explained >= max(2, ENOUGH * shows))
    return (first, always, like, explained) if enough else (False, False, 0, 0)
