"""Recognises a known mistake by what an answer does: it behaves as the mistake does.

A hint that may be about something else is not given: it has to explain the first failure, which is the one that is
shown, and results of which there are only a few, such as 0 and 1, have to agree in every draw.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from torch import Tensor

from torchbook.course.grading.behaviour import Behaviour, alike, difference
from torchbook.course.grading.compare import structure
from torchbook.course.grading.exercise import Mistake
from torchbook.course.grading.prepared_exercise import PreparedExercise
from torchbook.errors import TorchbookError

# Of the draws in which a mistake shows, the share in which an answer with one more fault must be like it.
ENOUGH = 0.6
# The processor seconds in which two mistakes at once are looked for.
PAIRS = 0.5


@dataclass(frozen=True)
class Likeness:
    """How well a mistake explains an answer.

    `shows` and `explained` count the draws in which the mistake shows, and those of them in which the answer does the
    same; `everywhere` is True if the two do the same in all draws.
    """

    everywhere: bool
    shows: int
    explained: int

    def __bool__(self) -> bool:
        return self.explained == self.shows or self.explained >= max(2, ENOUGH * self.shows)

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """What is larger explains more."""
        return self.everywhere, self.explained == self.shows, self.explained


def recognised(prepared: PreparedExercise, behaviours: list[Behaviour], text: str = "") -> tuple[str, str] | None:
    """Returns the name and the hint of the known mistake that behaves as the answer did, or of two of them at once.

    `text` is the answer's; some hints are about words that must occur in it.
    """
    failed = next(
        index
        for index, ((case, _, expected), got) in enumerate(zip(prepared.probes, behaviours))
        if difference(expected, got, case, words=False)
    )
    fitting = [
        (likeness.rank, mistake)
        for mistake in prepared.mistakes
        if mistake.hint_for(text) and (likeness := _likeness(prepared, mistake, behaviours, failed))
    ]
    if fitting:
        mistake = max(fitting, key=lambda each: each[0])[1]
        return mistake.name, mistake.hint_for(text)
    return _scaled(prepared, behaviours, failed, text) or _pair(prepared, behaviours, failed, text)


def _likeness(
    prepared: PreparedExercise, mistake: Mistake, behaviours: list[Behaviour], failed: int
) -> Likeness | None:
    """Returns how well a mistake explains an answer that failed first in draw number `failed`, None if not at all."""

    def same(index: int) -> bool:
        case, _, expected = prepared.probes[index]
        return alike(prepared.suspect(mistake, index)[0], behaviours[index], expected, case)

    if not prepared.suspect(mistake, failed)[1] or not same(failed):
        return None
    few = _is_one_of_few(behaviours[failed])
    shows = explained = 0
    everywhere = True
    for index in range(len(behaviours)):
        is_same = same(index)
        everywhere = everywhere and is_same
        if prepared.suspect(mistake, index)[1]:
            shows += 1
            explained += is_same
        if (few and not everywhere) or shows - explained > (1 - ENOUGH) * len(behaviours):
            return None
    likeness = Likeness(everywhere, shows, explained)
    return likeness or None


def _is_one_of_few(behaviour: Behaviour) -> bool:
    """Whether another answer may well give this result by chance: it holds fewer than three numbers, none of them a
    fraction."""
    if behaviour.error is not None:
        return False
    numbers = list(_numbers(behaviour.returned))
    return len(numbers) < 3 and all(number == int(number) for number in numbers if math.isfinite(number))


def _says_little(behaviour: Behaviour) -> bool:
    """Whether two programs may well do this by chance: raise, or give one number everywhere, or few of them."""
    return behaviour.error is not None or _is_one_of_few(behaviour) or len(set(_numbers(behaviour.returned))) < 2


def _numbers(value: Any) -> Iterator[float]:
    """Yields the numbers in a result, in their order; a text counts as one for each letter."""
    if isinstance(value, Tensor):
        yield from () if value.device.type == "meta" else value.detach().double().flatten().tolist()
    elif isinstance(value, np.ndarray):
        yield from value.astype(float).ravel().tolist() if value.dtype.kind in "biuf" else ()
    elif isinstance(value, str):
        yield from map(float, map(ord, value))
    elif isinstance(value, bool | int | float):
        yield float(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _numbers(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _numbers(item)


def _scaled(prepared: PreparedExercise, behaviours: list[Behaviour], failed: int, text: str) -> tuple[str, str] | None:
    """The known mistake whose results are those of the answer but for one factor, the same in all draws."""
    if _factor(prepared.probes[failed][2], behaviours[failed]):  # the message says that already
        return None
    for mistake in prepared.mistakes:
        if not mistake.hint_for(text) or not prepared.suspect(mistake, failed)[1]:
            continue
        factor = _factor(prepared.suspect(mistake, failed)[0], behaviours[failed])
        if (
            factor
            and not math.isclose(factor, 1, rel_tol=1e-3)
            and all(_factor(prepared.suspect(mistake, index)[0], got, factor) for index, got in enumerate(behaviours))
        ):
            beside = f"Besides, each value is {factor:.4g} times as large as by this mistake alone."
            return mistake.name, f"{mistake.hint_for(text)}\n\n{beside}"
    return None


def _factor(one: Behaviour, other: Behaviour, wanted: float | None = None) -> float | None:
    """The factor between the numbers of two results, if it is one for all of them, and the one that is wanted."""
    if one.error or other.error or structure(one.returned, other.returned, {}):
        return None
    first, second = list(_numbers(one.returned)), list(_numbers(other.returned))
    if len(first) != len(second) or (wanted is None and len(first) < 3):
        return None
    if not all(map(math.isfinite, first + second)):
        return None
    largest = max(map(abs, first), default=0.0)
    if largest == 0:
        return wanted
    place = [abs(number) for number in first].index(largest)
    factor = wanted or second[place] / first[place]
    if factor == 0:
        return None
    limit = 1e-4 * largest * abs(factor)
    return factor if all(abs(a * factor - b) <= limit for a, b in zip(first, second)) else None


def _pair(prepared: PreparedExercise, behaviours: list[Behaviour], failed: int, text: str) -> tuple[str, str] | None:
    """Two known mistakes whose edits do not overlap, and which together do what the answer did in all draws."""
    limit = time.process_time() + PAIRS
    if all(map(_says_little, behaviours)):
        return None
    for one, other in _likely_pairs(prepared, behaviours, text, limit):
        if time.process_time() > limit:
            return None
        both = prepared.exercise.both(one, other)
        if both is None:
            continue
        if _explains_all(prepared, both, behaviours, failed):
            hints = f"Two things at once. {one.hint_for(text)}\n\nAnd then: {other.hint_for(text)}"
            return both.name, hints
    return None


def _likely_pairs(
    prepared: PreparedExercise, behaviours: list[Behaviour], text: str, limit: float
) -> list[tuple[Mistake, Mistake]]:
    """Returns the pairs of mistakes, likely ones first; none if that takes until `limit` of the processor's time.

    A pair is likely if the answer does as one of them where only that one shows, and is right where none of them does.
    """
    mistakes = [mistake for mistake in prepared.mistakes if mistake.edits and mistake.hint_for(text)]
    wrong = 0
    shows, same = [0] * len(mistakes), [0] * len(mistakes)  # a bit for each draw
    for index, ((case, _, expected), got) in enumerate(zip(prepared.probes, behaviours)):
        if time.process_time() > limit:  # what the mistakes do is not prepared yet
            return []
        wrong |= (difference(expected, got, case, words=False) is not None) << index
        for number, mistake in enumerate(mistakes):
            suspect, differs = prepared.suspect(mistake, index)
            shows[number] |= differs << index
            same[number] |= (differs and alike(suspect, got, expected, case)) << index

    def unlikely(pair: tuple[int, int]) -> tuple[int, int]:
        one, other = pair
        alone = shows[one] ^ shows[other]
        explained = alone & (same[one] | same[other])
        neither = wrong & ~(shows[one] | shows[other])
        return ((alone & ~explained) | neither).bit_count(), -explained.bit_count()

    pairs = sorted(combinations(range(len(mistakes)), 2), key=unlikely)
    return [(mistakes[one], mistakes[other]) for one, other in pairs]


def _explains_all(prepared: PreparedExercise, mistake: Mistake, behaviours: list[Behaviour], failed: int) -> bool:
    """Returns True if a mistake does what the answer did in all draws; the one that failed is compared first."""
    order = [failed, *(index for index in range(len(behaviours)) if index != failed)]
    try:
        return all(
            alike(prepared.suspect(mistake, index)[0], behaviours[index], expected, case)
            for index in order
            for case, _, expected in [prepared.probes[index]]
        )
    except TorchbookError:  # two edits may make something that is no Python any more
        return False
