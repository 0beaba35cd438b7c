"""The article of a lesson: a document and what its parts have shown, as HTML that is complete without a script."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from html import escape
from itertools import groupby

from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner.phrases import effort
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.study import Score
from torchbook.course.runtime.dataflow import Step, steps, touched
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.site.diagram import drawn
from torchbook.course.site.document_guess import guess_html, spoken, truth_html
from torchbook.course.site.document_prose import inline, prose
from torchbook.course.site.highlight import highlighted
from torchbook.course.site.picture_files import address as pictures_address
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_parts import (
    Box,
    Card,
    Cell,
    Control,
    Diagram,
    Guess,
    Heading,
    Part,
    Picture,
    Prose,
    TrueCurve,
    TrueNumber,
)
from torchbook.course.texts.document_rubric import criteria
from torchbook.course.texts.document_values import filled
from torchbook.errors import TorchbookError

# The furniture of a page: what stands there and is not the lesson's own text.
WORDS = {
    "stage": "How this picture is made",
    "computed": "How this is computed",
    "deeper": "Deeper",
    "solved": "Show what solves it",
    "in-terminal": "In a terminal:",
    "passed": "passed",
    "rubric": "What is asked for",
    "rubric-code": "How it is judged",
    "judge": "Judge my work",
    "judge-run": "Judge your work in a terminal:",
    "quiz": "What do you remember?",
}


class Article:
    """Renders a document. `fragments` are what its parts show, `exercises` those that it may refer to, by name; with
    `standings`, the learner's by exercise, cards are answered on the page, and without they are only to read.
    `scores` are those of the quizzes of all lessons."""

    scripted = True  # what the reader does there is answered by scripts

    def __init__(
        self,
        document: Document,
        fragments: Mapping[str, Fragment],
        *,
        exercises: Mapping[str, Exercise],
        standings: Mapping[str, Standing] | None = None,
        scores: Mapping[int, Score] | None = None,
    ):
        self.document, self.fragments = document, fragments
        self.exercises, self.standings, self.scores = exercises, standings, scores or {}

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The parts that run, with the names that they use."""
        return steps(self.document)

    def html(self) -> str:
        """All parts, in sections that begin with their heading."""
        sections: list[list[Part]] = [[]]
        for part in self.document.parts:
            if isinstance(part, Heading) and part.level == 2:
                sections.append([])
            sections[-1].append(part)
        return "".join(f"<section>{self.parts(section)}</section>" for section in sections if section)

    def parts(self, parts: list[Part] | tuple[Part, ...]) -> str:
        """Parts one below the other; controls that follow each other stand in a row."""
        html = []
        for is_control, group in groupby(_picture_first(parts), key=lambda part: isinstance(part, Control)):
            each = "".join(map(self.part, group))
            html.append(f'<div class="controls">{each}</div>' if is_control else each)
        return "".join(html)

    def part(self, part: Part) -> str:
        """One part as HTML.

        Raises:
            TorchbookError: it cannot be shown; the message begins with its line in the document.
        """
        try:
            return self._html(part)
        except TorchbookError as error:
            if str(error).startswith(f"{self.document.name}:"):
                raise
            raise TorchbookError(f"{self.document.name}:{part.line}: {error}") from None

    def _html(self, part: Part) -> str:
        match part:
            case Heading():
                return self._heading(part)
            case Prose():
                return self._prose(part)
            case Cell():
                return self._cell(part)
            case Control():
                return self._control(part)
            case Picture():
                return self._picture(part)
            case Diagram():
                return f'<figure class="drawing" id="{part.id}">{drawn(part)}</figure>'
            case Card():
                return self._card(part)
            case Guess():
                return self._guess(part)
            case TrueNumber() | TrueCurve():
                return truth_html(part, self.fragments.get(part.id, Fragment()))
            case Box():
                return self._box(part)

    def element(self, id: str) -> str:
        """The element of a part that changes when the lesson runs again: a text, or what a cell shows."""
        part = next(part for part in self.document.flat if part.id == id)
        if isinstance(part, Cell):
            return _output(self.fragments.get(id, Fragment()), id)
        options = [option for guess in self.document.flat if isinstance(guess, Guess) for option in guess.options]
        if any(part in (option.text, option.reason) for option in options):
            return self._words(part)  # type: ignore[arg-type]
        return self.part(part)

    def text(self, part: Prose) -> str:
        """The Markdown of a part with its values written out."""
        return filled(part.text, self.fragments.get(part.id, Fragment()).values)

    def _heading(self, part: Heading) -> str:
        tag = f"h{part.level}"
        return (
            f'<{tag} id="{part.id}">{inline(part.text)}'
            f'<a class="anchor" href="#{part.id}" aria-label="Link to this section">#</a></{tag}>'
        )

    def _prose(self, part: Prose) -> str:
        waits = " waits" * bool(self.fragments.get(part.id, Fragment()).waits)
        return f'<div class="prose{waits}" id="{part.id}">{prose(self.text(part))}</div>'

    def _words(self, part: Prose) -> str:
        return f'<span id="{part.id}">{inline(self.text(part))}</span>'

    def _cell(self, part: Cell) -> str:
        if part.kind == "rubric":
            return self._rubric(part)
        shown = self.fragments.get(part.id, Fragment())
        if part.kind == "hidden":
            return _output(shown, part.id)
        code = f'<div class="code">{_code(part.source)}</div>'
        if part.kind == "stage":
            title = WORDS["stage" if self._makes_a_picture(part) else "computed"]
            return _folded("stage", title, code + _output(shown, part.id))
        cell = f'<div class="cell" data-cell="{part.id}">{code}{_output(shown, part.id)}</div>'
        return cell if part.kind == "shown" else _folded("deeper", WORDS["deeper"], cell)

    def _makes_a_picture(self, cell: Cell) -> bool:
        """True if a picture is made of what this cell makes."""
        made = next((step.made for step in self.steps if step.part is cell), frozenset())
        return any(step.used & made for step in self.steps if isinstance(step.part, Picture))

    def _rubric(self, part: Cell) -> str:
        own = [criterion for criterion in criteria(self.document) if criterion.cell == part.id]
        rows = "".join(f"<li>{inline(criterion.sentence)}</li>" for criterion in own)
        run = " RUN" * any("run" in criterion.takes for criterion in own)
        code = _folded("stage", WORDS["rubric-code"], f'<div class="code">{_code(part.source)}</div>')
        if not own:
            return code
        return (
            f'<div class="rubric" id="{part.id}"><p class="kicker">{WORDS["rubric"]}</p><ul>{rows}</ul>'
            f"{self._judging(run)}{code}</div>"
        )

    def _judging(self, run: str) -> str:
        """Returns how a project is judged: by a button on the page of a learner, and by a command."""
        command = f"<code>torchbook check {self.document.label}{run}</code>"
        if self.standings is None or run:
            return f"<p>{WORDS['judge-run']} {command}</p>"
        return (
            f'<div class="judging"><p><button type="button" data-judge hidden>{WORDS["judge"]}</button> '
            f'<span class="in-terminal">{WORDS["in-terminal"]} {command}</span></p><div role="status"></div></div>'
        )

    def _control(self, part: Control) -> str:
        moved = self._moved_by(part)
        moves = f' data-moves="{" ".join(moved)}"' if moved else ""
        about = f'data-control="{part.name}"{moves}{spoken(part.label)} disabled'
        if part.kind == "button":
            return (
                f'<span class="control" id="{part.id}"><button type="button" value="0" {about}>'
                f"{inline(part.label)}</button></span>"
            )
        if part.expression:
            shown = self.fragments.get(part.id, Fragment(options=("",), chosen=""))
            part = replace(part, options=shown.options, value=shown.chosen)
        if part.kind == "choice":
            options = "".join(
                f'<option value="{escape(json.dumps(each))}"{" selected" * (each == part.value)}>{escape(str(each))}'
                "</option>"
                for each in part.options
            )
            field = f"<select {about}>{options}</select>"
        elif part.options:
            at = part.options.index(part.value)
            values = escape(json.dumps(part.options))
            limits = f'min="0" max="{len(part.options) - 1}" value="{at}" data-values="{values}"'
            field = f'<input type="range" {limits} {about}>'
        else:
            kind = "range" if part.kind == "slider" else "number"
            limits = "".join(
                f' {name}="{number!r}"'
                for name, number in (("min", part.minimum), ("max", part.maximum), ("step", part.step or "any"))
                if number is not None
            ).replace("'", "")
            field = f'<input type="{kind}"{limits} value="{part.value!r}" {about}>'
        reading = f"<output>{_number(part.value)}</output>" if part.kind == "slider" else ""
        return f'<label class="control" id="{part.id}"><span>{inline(part.label)}</span>{field}{reading}</label>'

    def _moved_by(self, control: Control) -> list[str]:
        """Returns the ids of the texts and cells that need the value of a control."""
        needing = touched(self.steps, {control.name}, {})
        return [step.id for step in needing if isinstance(step.part, Prose | Cell | TrueNumber | TrueCurve)]

    def _picture(self, part: Picture) -> str:
        shown = self.fragments.get(part.id, Fragment())
        if not shown.scripts:
            words = f' role="img" aria-label="{escape(shown.alternative)}"' if shown.alternative else ""
            return f'<div class="picture drawn{_waits(shown)}" id="{part.id}"{words}>{shown.drawing}</div>'
        state = json.dumps(shown.state, ensure_ascii=False).replace("<", "\\u003c")
        # Where nothing but its own scripts answers the reader, it needs no worker.
        live = " data-live" * (shown.answers or self._is_source(part))
        return (
            f'<div class="picture" id="{part.id}" data-scripts="{pictures_address(shown.scripts)}"{live}>'
            f'<script type="application/json">{state}</script><div class="still">{shown.drawing}</div></div>'
        )

    def _is_source(self, picture: Picture) -> bool:
        """True if some text or cell uses the picture that is shown here by its name."""
        name = picture.expression.strip()
        return any(name in step.used and step.part is not picture for step in self.steps)

    def _card(self, part: Card) -> str:
        if part.kind == "quiz":
            command = f"torchbook quiz {int(part.name):02}"
            title, inside = self._quiz(int(part.name))
            status = _score(self.scores.get(int(part.name), Score()))
        else:
            exercise = self.exercises.get(part.name)
            if exercise is None:
                raise TorchbookError(f"there is no exercise {part.name!r}")
            command, title = f"torchbook check {exercise.name}", exercise.title
            passed = self._passed(exercise.name)
            status = f"<small>{exercise.minutes} minutes</small>"
            if passed:
                status = f'<small class="passed">✓ {WORDS["passed"]} · {effort(passed)}</small>'
            starter = f'<div class="cell starter"><div class="code">{_code(exercise.starter)}</div></div>'
            inside = f"{prose(exercise.prompt)}{starter}"
        answered = f' data-card="{part.kind}" data-name="{part.name}"' if self.standings is not None else ""
        return (
            f'<details class="card" id="{part.id}"{answered}>'
            f'<summary><span class="kicker">{part.kind.capitalize()}</span><b>{escape(title)}</b>{status}</summary>'
            f'{inside}<p class="in-terminal">{WORDS["in-terminal"]} <code>{command}</code></p></details>'
        )

    def _quiz(self, lesson: int) -> tuple[str, str]:
        """The title and the content of the card of a quiz."""
        return WORDS["quiz"], "<p>Questions about this lesson, each answer with its reason.</p>"

    def _passed(self, exercise: str) -> Standing | None:
        standing = (self.standings or {}).get(exercise)
        return standing if standing and standing.passed else None

    def _guess(self, part: Guess) -> str:
        truth = truth_html(part.truth, self.fragments.get(part.truth.id, Fragment())) if part.truth else ""
        return guess_html(
            part, prose=self._prose, words=self._words, text=self.text, truth=truth, scripted=self.scripted
        )

    def _box(self, part: Box) -> str:
        if part.kind == "deeper":
            title = f"{WORDS['deeper']}: {part.title}" if part.title else WORDS["deeper"]
            return _folded("deeper", title, self.parts(part.parts))
        if part.kind == "solved":
            if part.title not in self.exercises:
                raise TorchbookError(f"there is no exercise {part.title!r}")
            opening = f'<details class="solved" data-exercise="{part.title}"{" open" * bool(self._passed(part.title))}>'
            return f"{opening}<summary>{WORDS['solved']}</summary>{self.parts(part.parts)}</details>"
        if part.kind == "story":
            return f'<aside class="story" id="{part.id}"><h3>{inline(part.title)}</h3>{self.parts(part.parts)}</aside>'
        figure = [each for each in part.parts if isinstance(each, Control | Picture)]
        stage = [each for each in part.parts if isinstance(each, Cell) and each.kind != "shown"]
        # Where there is no room beside the picture it stands where the document has it.
        begin = min((place for place, each in enumerate(part.parts) if each in figure), default=0)
        texts = [
            [each for each in some if each not in figure and each not in stage]
            for some in (part.parts[:begin], part.parts[begin:])
        ]
        before, after = (f'<div class="text">{self.parts(each)}</div>' if each else "" for each in texts)
        picture = f'<div class="figure">{self.parts([*figure, *stage])}</div>'
        return f'<div class="beside" id="{part.id}">{before}{picture}{after}</div>'


def _picture_first(parts: list[Part] | tuple[Part, ...]) -> list[Part]:
    """Returns the parts with each folded code after the picture that follows it, so that nothing stands between a
    control or a sentence and its picture."""
    ordered: list[Part] = []
    folded: list[Part] = []
    for part in parts:
        if isinstance(part, Cell) and part.kind == "stage":
            folded.append(part)
        elif isinstance(part, Picture):
            ordered += [part, *folded]
            folded = []
        elif isinstance(part, Cell) and part.kind == "hidden" and folded:
            ordered.append(part)
        else:
            ordered += [*folded, part]
            folded = []
    return [*ordered, *folded]


@lru_cache(maxsize=2000)
def _code(source: str) -> str:
    return highlighted(source)


def _score(score: Score) -> str:
    right, questions, _ = score
    if not right:
        return f"<small>{questions} questions</small>" if questions else "<small></small>"
    done = right == questions
    return f"<small{' class=passed' * done}>{'✓ ' * done}{right} of {questions} right</small>"


def _folded(kind: str, title: str, inside: str) -> str:
    return f'<details class="{kind}"><summary>{inline(title)}</summary>{inside}</details>'


def _output(shown: Fragment, id: str) -> str:
    """What a cell has shown, below its code and in one frame with it."""
    return f'<div class="outputs{_waits(shown)}" id="{id}">{"".join(_outputs(shown))}</div>'


def _waits(shown: Fragment) -> str:
    """The end of a class, and the cell that a part waits for, of which the page says the name."""
    return f' waits" data-waits="{shown.waits}' if shown.waits else ""


def _outputs(shown: Fragment) -> Iterator[str]:
    for text, kind in ((shown.printed, "printed"), (shown.value, "value")):
        if text:
            yield f'<pre class="output {kind}">{escape(text.rstrip())}</pre>'
    if shown.table or shown.markdown:
        inside = f'<div class="table">{shown.table}</div>' if shown.table else prose(shown.markdown)
        yield f'<div class="output made">{inside}</div>'
    if shown.error:
        error, colon, message = shown.error.partition(":")
        yield f'<pre class="output failed"><b>{escape(error)}</b>{colon}{escape(message)}</pre>'
        if shown.explanation:
            yield f'<div class="explanation">{prose(shown.explanation)}</div>'
    if shown.drawing:
        yield f'<figure class="drawing" role="img" aria-label="{escape(shown.alternative)}">{shown.drawing}</figure>'


def _number(value: object) -> str:
    """A value of a control as people write it."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace("-", "−")
