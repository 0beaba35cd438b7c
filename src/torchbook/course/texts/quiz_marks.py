"""Marks the answers to a quiz: draws the order of the options, reads what was typed, says right or wrong and why."""

import contextlib
import random
import re
from dataclasses import dataclass

from torchbook.course.texts.quiz import Question
from torchbook.errors import TorchbookError

LETTERS = "abcdefgh"

# An answer: the numbers of the chosen options or of the items in order (as in the file), a number, a shape, or text.
Given = frozenset[int] | tuple[int, ...] | float | str


@dataclass(frozen=True)
class Mark:
    """The mark of an answer: right or not, the right answer in words, its reason, and that of a foreseen mistake."""

    right: bool
    answer: str
    why: str
    mistake: str = ""


def display_order(question: Question, *, seed: int = 0) -> tuple[int, ...]:
    """Returns the order in which options or items are shown: numbers in the file, shuffled; items never sorted."""
    order = list(range(len(question.items or question.options)))
    random.Random(f"{question.id} {seed}").shuffle(order)
    if question.items and tuple(order) in question.right_orders:
        order = order[1:] + order[:1] if tuple(order[::-1]) in question.right_orders else order[::-1]
    return tuple(order)


def read_answer(question: Question, text: str, order: tuple[int, ...]) -> Given:
    """Reads an answer as typed: letters (`b`, `a c`), a number (`0.5`, `1/2`), a shape (`3, 4`), or text.

    `order` is what `display_order` gave when the question was shown.

    Raises:
        TorchbookError: the text cannot be an answer to this question: ask again, and don't count it.
    """
    text = text.strip()
    if not text:
        raise TorchbookError("nothing was typed")
    if order:
        return _letters(question, text, order)
    if question.kind == "number":
        return _number(question, text)
    if question.kind == "shape":
        if not re.fullmatch(r"(torch\.Size)?[\s()\[\]\d,x×*]+", text):
            raise TorchbookError(
                f"{text!r} is not a shape; type its sizes with commas, such as 3, 4, and () for a scalar"
            )
        return tuple(int(size) for size in re.findall(r"\d+", text))
    return text


def _number(question: Question, text: str) -> float:
    """Reads a number; if it can be read in two ways takes the one that is right, or else a foreseen mistake."""
    above, slash, below = re.sub(r"[\s'’]", "", text).partition("/")
    values = [up / down for up in _readings(above) for down in (_readings(below) if slash else [1.0]) if down]
    if not values:
        raise TorchbookError(f"{text!r} is not a number; type one such as 12, 0.5, 1/3 or 2e-3")
    for is_meant in (question.is_answer, question.mistake):
        if fitting := [number for number in values if is_meant(number)]:
            return fitting[0]
    return values[0]


def _readings(text: str) -> list[float]:
    """Returns the numbers that digits with commas and points may mean: `1,234` is 1234 or 1.234, `1.234,5` 1234.5."""
    values = []
    for thousands, point in (",.", ".,"):
        sign = re.escape(thousands)
        if thousands in text and not re.match(rf"[+-]?[1-9]\d{{0,2}}({sign}\d{{3}})+(?![\d{sign}])", text):
            continue
        with contextlib.suppress(ValueError):
            values.append(float(text.replace(thousands, "").replace(point, ".")))
    return values


def _letters(question: Question, text: str, order: tuple[int, ...]) -> Given:
    allowed = LETTERS[: len(order)]
    letters = [letter for letter in text.lower() if letter not in " ,;.()"]
    if wrong := [letter for letter in letters if letter not in allowed]:
        raise TorchbookError(f"{wrong[0]!r} is none of the letters {', '.join(allowed)}")
    chosen = tuple(order[allowed.index(letter)] for letter in letters)
    if question.items:
        if sorted(chosen) != sorted(order):
            raise TorchbookError(
                f"type all {len(order)} letters in the right order, each once, such as {allowed[::-1]}"
            )
        return chosen
    if len(chosen) > 1 and not question.several:
        raise TorchbookError("only one option is right; type its letter")
    return frozenset(chosen)


def mark(question: Question, given: Given) -> Mark:
    """Marks an answer such as `read_answer` gives."""
    right, why, mistake = False, question.why, ""
    if question.options:
        rights = {i for i, option in enumerate(question.options) if option.right}
        chosen = given if isinstance(given, frozenset) else frozenset()
        right = chosen == rights
        mistake = " ".join(question.options[i].why for i in sorted(chosen - rights))
        why = " ".join([*(question.options[i].why for i in sorted(rights)), why]).strip()
    elif question.items:
        right = given in question.right_orders
    else:
        right = question.is_answer(given)
        mistake = "" if right else question.mistake(given)
    return Mark(right, right_answer(question), why, mistake)


def first_miss(question: Question, given: Given, marked: Mark) -> Mark:
    """Returns the mark of a first wrong answer that was typed or ordered: what is wrong with it, and not the answer."""
    mistake = marked.mistake
    if question.items and isinstance(given, tuple):
        in_place = max(sum(a == b for a, b in zip(order, given)) for order in question.right_orders)
        mistake = f"{in_place} of {len(given)} {'is' if in_place == 1 else 'are'} in the right place."
    return Mark(False, "", "", mistake)


def right_answer(question: Question) -> str:
    """Returns the right answer in words (Markdown)."""
    if question.options:
        return "; ".join(option.text for option in question.options if option.right)
    if question.items:
        return " → ".join(question.items)
    if isinstance(question.answer, float):
        return f"{question.answer:.10g} {question.unit}".strip()
    if isinstance(question.answer, tuple):
        return f"`{question.answer}`"
    return str(question.answer)
