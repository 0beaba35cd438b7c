"""A guess before the answer is seen, as HTML: options that answer without a script, a number, and a curve to draw.

Without a script the answer to a number and a curve is folded away below the question.
"""

import json
import math
from collections.abc import Callable
from html import escape

from torchbook.course.runtime.fragment import Fragment
from torchbook.course.site.document_prose import inline
from torchbook.course.site.outline import plain
from torchbook.course.site.picture_files import address as pictures_address
from torchbook.course.texts.document_parts import Guess, Option, Prose, TrueCurve, TrueNumber

# `{answer}` and its like are filled by the page (guess.js and sketch.js).
WORDS = {
    "guess": "Guess first",
    "right": "Right",
    "wrong": "No",
    "answer": "The answer",
    "reveal": "Show the answer",
    "own": "Your guess",
    "truth": "It is {answer}.",
    "missing": "Write a number first.",
    "exact": "You said {guess}, and that is exactly right.",
    "near": "You said {guess}, it is {answer}. That is close.",
    "low": "You said {guess}, it is {answer}: you were {off} too low.",
    "high": "You said {guess}, it is {answer}: you were {off} too high.",
    "more": "You said {guess}, it is {answer}: {times} times as much.",
    "less": "You said {guess}, it is {answer}: your guess was {times} times as much.",
    "points": "{off} percentage points",
    "draw": "Draw your curve here",
    "draw-on-paper": "*Draw it on paper: {across} from {across_low} to {across_high}, {up} from {up_low} to "
    "{up_high}.*",
    "draw-label": "Your curve: {up} against {across}",
    "draw-how": "Draw by mouse or finger. On the keyboard ← → choose a point, ↑ ↓ move it.",
    "draw-left": "Your curve does not begin at the left edge yet.",
    "draw-right": "Draw on to the right edge.",
    "draw-done": "Your curve is drawn. You can still change it.",
    "draw-again": "Draw again",
    "draw-own": "your curve",
    "draw-truth": "the true curve",
    "curve-near": "Very close: on average your curve is off by {share} of the height.",
    "curve-fair": "Not bad: on average your curve is off by {share} of the height, most at {across} {x}.",
    "curve-far": "It goes another way: on average your curve is off by {share} of the height, most at {across} {x}.",
}
SCRIPTS = ("common.js", "axes.js", "sketch.js")
# A right answer has its reason, and it is told after a wrong one, too.
_REASONS = {
    True: f'<b class="own">{WORDS["right"]}.</b><b class="told">{WORDS["answer"]}.</b>',
    False: f"<b>{WORDS['wrong']}.</b>",
}


def words_for_page() -> str:
    """Returns the element from which a page knows the words of its guesses."""
    return f'<script type="application/json" id="guess-words">{json.dumps(WORDS, ensure_ascii=False)}</script>'


def guess_html(
    part: Guess,
    *,
    prose: Callable[[Prose], str],
    words: Callable[[Prose], str],
    text: Callable[[Prose], str],
    truth: str,
    scripted: bool,
) -> str:
    """Returns a guess as HTML.

    Args:
        prose, words: render a paragraph, and a text within a line.
        text: the Markdown of a text with its values.
        truth: the element with the number or the curve that the guess is compared with.
        scripted: whether a script takes the guess; without it there is only the answer, folded.
    """
    question, after = ("".join(map(prose, each)) for each in (part.question, part.after))
    head = f'<p class="kicker">{WORDS["guess"]}</p>{question}'
    frame = f'id="{part.id}" role="group" aria-label="{WORDS["guess"]}"'
    if part.truth is None:
        options = "".join(_option(option, part.id, words, text) for option in part.options)
        after = f'<div class="after">{after}</div>' if after else ""
        return f'<div class="guess" {frame}>{head}<div class="options">{options}</div>{after}</div>'
    entry, kind = _number_entry(part.truth) if isinstance(part.truth, TrueNumber) else _curve_entry(part.truth)
    entry = f'{entry}<p class="verdict" role="status"></p>' if scripted else ""
    answer = f'<details class="reveal"><summary>{WORDS["reveal"]}</summary>{truth}{after}</details>'
    return f'<div class="guess" {frame}{kind if scripted else ""}>{head}{entry}{answer}</div>'


def _option(option: Option, guess: str, words: Callable[[Prose], str], text: Callable[[Prose], str]) -> str:
    return (
        f'<label class="option"><input type="radio" name="{guess}"{spoken(text(option.text))}>{words(option.text)}'
        f'</label><div class="reason {"right" if option.right else "wrong"}">{_REASONS[option.right]} '
        f"{words(option.reason)}</div>"
    )


def spoken(label: str) -> str:
    """Returns the name of a field whose label has a formula, which is left out of names by those who read aloud."""
    return f' aria-label="{escape(plain(label))}"' if "$" in label else ""


def _number_entry(truth: TrueNumber) -> tuple[str, str]:
    """Returns the form of a number, and the attributes of its guess."""
    unit = "%" if truth.is_share else truth.unit
    after = f'<span class="unit">{inline(unit)}</span>' if unit else ""
    mode = "text" if truth.low is not None and truth.low < 0 else "decimal"
    slider = ""
    if truth.low is not None and truth.high is not None:
        step = _step(truth.low, truth.high)
        ends = "".join(f"<span>{_end(end)}</span>" for end in (truth.low, truth.high))
        slider = (
            f'<div class="scale"><input type="range" min="{truth.low:g}" max="{truth.high:g}" step="{step:g}" '
            f'value="{(truth.low + truth.high) / 2:g}" aria-label="{WORDS["own"]}" disabled>'
            f'<div class="ends" aria-hidden="true">{ends}</div></div>'
        )
    form = (
        f'<form class="entry"><label><span>{WORDS["own"]}</span><input type="text" inputmode="{mode}" '
        f'autocomplete="off" size="9" disabled>{after}</label>{slider}'
        f"<button disabled>{WORDS['reveal']}</button></form>"
    )
    return form, f' data-guess="number" data-unit="{escape(plain(unit))}"'


def _step(low: float, high: float) -> float:
    """Returns the step of a slider: about a hundredth of its range, and whole numbers where its ends are such."""
    rough = (high - low) / 100
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(factor for factor in (1, 2, 5) if factor * power <= rough * 1.0001) * power
    return max(1.0, step) if low.is_integer() and high.is_integer() and high - low >= 10 else step


def _end(number: float) -> str:
    return (f"{number:,.0f}" if number.is_integer() else f"{number:g}").replace("-", "−")


def _curve_entry(truth: TrueCurve) -> tuple[str, str]:
    """Returns the place to draw a curve, and the attributes of its guess."""
    axes = json.dumps([[axis.name, axis.low, axis.high] for axis in (truth.across, truth.up)], ensure_ascii=False)
    place = (
        f'<div class="sketch tb-picture"></div><p class="how">{WORDS["draw-how"]}</p>'
        f'<form class="entry"><button disabled>{WORDS["reveal"]}</button>'
        f'<button type="button" class="again" hidden>{WORDS["draw-again"]}</button></form>'
    )
    return place, f' data-guess="curve" data-scripts="{pictures_address(SCRIPTS)}" data-axes="{escape(axes)}"'


def truth_html(part: TrueNumber | TrueCurve, shown: Fragment) -> str:
    """Returns the element with what a guess is compared with, as text or drawing, and for the page as numbers."""
    state = escape(json.dumps(shown.state | {"text": plain(answer_of(part, shown))}, ensure_ascii=False))
    waits = " waits" * bool(shown.waits)
    inside = shown.drawing
    if isinstance(part, TrueNumber):
        inside = f"<p>{inline(WORDS['truth'].format(answer=f'**{answer_of(part, shown)}**'))}</p>"
    return f'<div class="truth{waits}" id="{part.id}" data-truth="{state}">{inside}</div>'


def answer_of(part: TrueNumber | TrueCurve, shown: Fragment) -> str:
    """Returns what is right in words: a number with its unit, or how a curve goes."""
    if isinstance(part, TrueCurve):
        return shown.alternative
    return f"{''.join(shown.values)} {part.unit}".strip()
