"""A guess before the answer is seen: a choice, a number, or a curve to draw.

    ::: guess                            ::: guess                    ::: guess
    How many times as far?               How many letters is that?    How does the loss fall?

    - [ ] twice → why not                = {{ count:, }} letters      ~ {{ losses }}, step from 0 to 9, loss from 0 to 5
    - [x] four times → why
                                         Seen after a guess.
    :::                                  :::                          :::

A number may have a unit and a range, `= {{ share:.0% }}, from 0 to 100`, and then a slider. A curve has its heights, or
two lists, `{{ steps, losses }}`: where, and how high. Heights alone stand at 0, 1, 2 and so on.
"""

import re
from collections.abc import Iterable, Iterator

from torchbook.course.texts.document_parts import Axis, Guess, Option, Part, Prose, TrueCurve, TrueNumber
from torchbook.course.texts.document_values import values
from torchbook.errors import TorchbookError

_OPTION = re.compile(r"- \[([ xX])\] +(.*)", re.DOTALL)
_TRUTH = re.compile(r"[=~] \{\{ ")
_AMOUNT = r"[-−]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?"
_NUMBER = re.compile(rf"= \{{\{{ .+ \}}\}}(?P<unit>[^,{{}}]*)(?:, +from (?P<low>{_AMOUNT}) to (?P<high>{_AMOUNT}))?")
_AXES = ", +".join(
    rf"(?P<{axis}>[^,{{}}]+?) +from (?P<{axis}_low>{_AMOUNT}) to (?P<{axis}_high>{_AMOUNT})"
    for axis in ("across", "up")
)
_CURVE = re.compile(rf"~ \{{\{{ .+ \}}\}}, +{_AXES}")
_FORMS = (
    "two or more options '- [ ] text', one of them '- [x]', or a number '= {{ value }}', or a curve "
    "'~ {{ values }}, step from 0 to 20, loss from 0 to 5'"
)


def read_guess(parts: Iterable[Part], line: int, id: str, name: str) -> Guess:
    """Returns the guess that begins on a line of the document `name` and holds these parts.

    Raises:
        TorchbookError: it is not written as it must be; the message has the line.
    """
    question: list[Prose] = []
    options: list[Option] = []
    truths: list[TrueNumber | TrueCurve] = []
    after: list[Prose] = []
    for part in parts:
        if not isinstance(part, Prose):
            raise TorchbookError(
                f"{name}:{part.line}: a guess holds text alone: a question, what to choose or to give, the answer"
            )
        if part.text.startswith("- ["):
            options += _options(part, id, name)
        elif _TRUTH.match(part.text):
            truths.append(_truth(part, f"{id}-t{len(truths) + 1}", name))
        else:
            _alone(part, name)
            (after if options or truths else question).append(part)
    right = sum(option.right for option in options)
    if not question or len(truths) + bool(options) != 1 or (options and (len(options) < 2 or right != 1)):
        raise TorchbookError(f"{name}:{line}: a guess needs a question and {_FORMS}")
    return Guess(id, line, tuple(question), tuple(options), tuple(after), truths[0] if truths else None)


def _options(part: Prose, guess: str, name: str) -> Iterator[Option]:
    starts = [match.start() for match in re.finditer(r"^- \[", part.text, re.MULTILINE)]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], None]), 1):
        line = part.line + part.text.count("\n", 0, start)
        match = _OPTION.fullmatch(" ".join(part.text[start:end].split()).replace("- [] ", "- [ ] "))
        if not match:
            raise TorchbookError(f"{name}:{line}: expected an option such as '- [ ] twice as many → why not'")
        text, _, reason = match[2].partition(" → ")
        if not reason:
            raise TorchbookError(f"{name}:{line}: this option has no reason; write '- [ ] twice as many → why not'")
        for words in (text, reason):
            values(words.strip(), line, name)
        answer, why = (
            Prose(f"{guess}-{kind}{number}", line, words.strip()) for kind, words in (("o", text), ("r", reason))
        )
        yield Option(match[1] != " ", answer, why)


def _alone(part: Prose, name: str) -> None:
    """Raises a TorchbookError if the line of a number or a curve stands within a paragraph."""
    for offset, text in enumerate(part.text.splitlines()):
        if _TRUTH.match(text):
            raise TorchbookError(f"{name}:{part.line + offset}: leave a blank line above and below '{text}'")


def _truth(part: Prose, id: str, name: str) -> TrueNumber | TrueCurve:
    """Returns what a guess is compared with, from its line."""
    place, text = f"{name}:{part.line}", " ".join(part.text.split())
    is_curve = text.startswith("~")
    match = (_CURVE if is_curve else _NUMBER).fullmatch(text)
    found = values(part.text, part.line, name)
    if not match or len(found) != 1:
        expected = "~ {{ losses }}, step from 0 to 20, loss from 0 to 5"
        if not is_curve:
            expected = "= {{ count }}', or with unit and range '= {{ count:, }} letters, from 0 to 100"
        raise TorchbookError(f"{place}: expected '{expected}', got '{text}'")
    (value,) = found
    if is_curve:
        if value.format:
            raise TorchbookError(f"{place}: the values of a curve have no format, got '{value.format}'")
        across, up = (
            Axis(match[axis].strip(), *_range(match[f"{axis}_low"], match[f"{axis}_high"], place))
            for axis in ("across", "up")
        )
        return TrueCurve(id, part.line, text, value.expression, across, up)
    low, high = _range(match["low"], match["high"], place) if match["low"] else (None, None)
    return TrueNumber(id, part.line, text, value, match["unit"].strip(), low, high)


def _range(low: str, high: str, place: str) -> tuple[float, float]:
    begin, end = (float(text.replace("−", "-").replace(",", "")) for text in (low, high))
    if begin >= end:
        raise TorchbookError(f"{place}: expected a range such as 'from 0 to 100', got 'from {low} to {high}'")
    return begin, end
