"""The rules about a lesson's document that need no run: its skeleton, its size, its words, and what shown code may
mention. Each fault is a sentence that begins with the document and the line."""

import ast
import itertools
import re
from collections.abc import Iterable, Iterator

from torchbook.command_answer import nearest
from torchbook.course.authoring.coverage import read_coverage
from torchbook.course.authoring.prose_lint import (
    is_term,
    long_sentences,
    lost_links,
    nameless_images,
    read_facts,
    stiff_words,
    typed_numbers,
    words_alone,
)
from torchbook.course.grading.exercise import exercises
from torchbook.course.site.mathml import mathml
from torchbook.course.texts.document import Document, projects, read_document
from torchbook.course.texts.document_names import names_of
from torchbook.course.texts.document_parts import Box, Card, Cell, Control, Guess, Heading, Part, Picture, Prose
from torchbook.course.texts.document_values import FORMULA, filled
from torchbook.course.texts.plan import planned_lesson
from torchbook.course.texts.prose import COMPUTED, without_code, without_markup
from torchbook.course.texts.quiz import quizzes
from torchbook.course.texts.reading_time import minutes
from torchbook.errors import TorchbookError

WORDS = 2_500
MINUTES = 35
CELLS = 14
TO_WRITE = "To be written"  # stands in a skeleton for what its author has to say
ABLE = "What you will be able to do"
SECTIONS = ("The question", "Quiz", "In five lines", "Where it comes next")
Fault = tuple[int, str]  # the line of the document, and a sentence
_CALLS = {"exercise", "quiz", "Tape", "Recording", "live"}


def text_faults(document: Document) -> Iterator[str]:
    """Yields what falls short in the text of a document."""
    lesson = () if document.is_project else (_skeleton, _asked)
    for line, fault in itertools.chain(
        _front(document),
        *(rule(document) for rule in lesson),
        _size(document),
        _plumbing(document),
        unmade_names(document),
        _words(document),
        _formulas(document),
        _sections(document),
    ):
        yield f"{document.name}:{line}: {fault}"


def _front(document: Document) -> Iterator[Fault]:
    front = document.front
    title = planned_lesson(document.number).title
    if front.title != title and not document.is_project:
        yield _key_line(document, "title"), f"the title is {front.title!r}, the plan of the course says {title!r}"
    rows = {row.number for row in read_coverage()}
    for number in front.rows:
        if number not in rows:
            yield _key_line(document, "rows"), f"COVERAGE.toml has no row {number}"
    for term in front.terms:
        if not is_term(term):
            yield _key_line(document, "terms"), f"{term!r} is no term of the glossary"
    if not front.draft and not document.is_project:
        for key in ("rows", "terms"):
            if not getattr(front, key):
                yield 1, f"the front matter lacks '{key}: ...'"


def _key_line(document: Document, key: str) -> int:
    lines = document.source.splitlines()
    return next((number for number, text in enumerate(lines, 1) if text.startswith(f"{key}:")), 1)


def _skeleton(document: Document) -> Iterator[Fault]:
    sections = [part for part in document.flat if isinstance(part, Heading) and part.level == 2]
    names = [section.text for section in sections]
    end = sections[0].line if sections else len(document.source.splitlines()) + 1
    opening = [part for part in document.flat if part.line < end]
    if not any(isinstance(part, Picture | Control | Guess) for part in opening):
        yield 1, "it does not begin with something to touch: a picture, a control or a guess above the first heading"
    if not (able := [part for part in opening if isinstance(part, Prose) and ABLE.lower() in part.text.lower()]):
        yield 1, f"its beginning does not say '{ABLE}' with three to five points"
    elif not 3 <= (count := _points(part for part in opening if part.line >= able[0].line)) <= 5:
        yield able[0].line, f"'{ABLE}' has {count} points, expected three to five"
    if sections and names[0] != SECTIONS[0]:
        yield sections[0].line, f"the first section is '## {names[0]}', expected '## {SECTIONS[0]}'"
    present = [name for name in names if name in SECTIONS]
    if present != [name for name in SECTIONS if name in present]:
        yield sections[0].line, f"the order of its sections is {', '.join(present)}, expected {', '.join(SECTIONS)}"
    if not document.front.draft:
        yield from ((1, f"the heading '## {name}' is missing") for name in SECTIONS if name not in names)
        if not any(isinstance(part, Guess) for part in document.flat):
            yield 1, "it lets nobody guess before the answer; write one '::: guess'"
        yield from ((line, f"'{TO_WRITE.lower()}' stands here still") for line in unwritten_lines(document))
    for section, after in itertools.zip_longest(sections, sections[1:]):
        inside = [
            part for part in document.flat if part.line > section.line and (after is None or part.line < after.line)
        ]
        if section.text == "In five lines" and (count := _points(inside)) != 5:
            yield section.line, f"'## In five lines' has {count} points, expected five"
        text = "".join(part.text for part in inside if isinstance(part, Prose))
        if section.text == "Where it comes next" and "](/lessons/" not in text:
            yield section.line, "'## Where it comes next' has no link to a lesson such as [Optimizers](/lessons/11)"


def unwritten_lines(document: Document) -> list[int]:
    """Returns the lines of the document whose text the skeleton has left to the author."""
    return [part.line for part in document.flat if isinstance(part, Prose) and TO_WRITE.lower() in part.text.lower()]


def _points(parts: Iterable[Part]) -> int:
    return sum(len(re.findall(r"(?m)^[-*] \S", part.text)) for part in parts if isinstance(part, Prose))


def _asked(document: Document) -> Iterator[Fault]:
    """Exercises and quiz."""
    lessons = {exercise.name: exercise.lesson for exercise in exercises()}
    cards = [part for part in document.flat if isinstance(part, Card)]
    used = [card.name for card in cards if card.kind == "exercise"]
    for card in cards:
        if card.kind == "exercise" and card.name not in lessons:
            yield card.line, f"there is no exercise {card.name!r}; {nearest(card.name, lessons)}"
        elif card.kind == "quiz" and int(card.name) != document.number:
            yield card.line, f"expected the quiz of this lesson, '::: quiz {document.number}', got that of {card.name}"
        elif card.kind == "quiz" and document.number not in quizzes():
            yield card.line, f"there is no file with the quiz of lesson {document.number:02}"
    if document.front.draft:
        return
    if not used:
        yield 1, "it has no exercise"
    in_projects = {
        part.name for file in projects().values() for part in read_document(file).flat if isinstance(part, Card)
    }
    for name, number in lessons.items():
        if number == document.number and name not in used and name not in in_projects:
            yield 1, f"the exercise {name!r} of this lesson is not in it"
    if (count := len(cards) - len(used)) != 1:
        yield 1, f"expected its quiz once, as '::: quiz {document.number}', got {count}"


def in_view(parts: Iterable[Part]) -> Iterator[Part]:
    """Yields the parts of a page that are open: all but what is deeper."""
    for part in parts:
        if isinstance(part, Box) and part.kind == "deeper":
            continue
        yield part
        if isinstance(part, Box):
            yield from in_view(part.parts)
        elif isinstance(part, Guess):
            yield from part.question
            yield from itertools.chain.from_iterable((option.text, option.reason) for option in part.options)
            yield from part.after


def word_count(parts: Iterable[Part]) -> int:
    """Returns the number of words in prose and headings; blocks of code have none, a value and a formula are words."""
    return sum(map(_word_count, parts))


def _word_count(part: Part) -> int:
    if not isinstance(part, Prose | Heading) or part.text.startswith("```"):
        return 0
    text = FORMULA.sub(" x ", filled(part.text, itertools.repeat("x")))
    return sum(bool(re.search(r"\w", word)) for word in without_markup(text).split())


def _size(document: Document) -> Iterator[Fault]:
    view = tuple(in_view(document.parts))
    if (words := word_count(view)) > WORDS:
        totals = itertools.accumulate(map(_word_count, view))
        line = next(part.line for part, total in zip(view, totals, strict=True) if total > WORDS)
        yield line, f"it has {words:,} words, expected at most {WORDS:,}; make what comes here shorter, or '::: deeper'"
    if (reading := minutes(document)) > MINUTES:
        yield 1, f"it takes {reading} minutes to read, expected at most {MINUTES}; fold some parts as '::: deeper'"
    cells = [part for part in view if isinstance(part, Cell) and part.kind == "shown"]
    if len(cells) > CELLS:
        yield cells[CELLS].line, f"it has {len(cells)} shown cells, expected at most {CELLS}; fold some as '::: deeper'"


def plain_cells(document: Document) -> list[Cell]:
    """Returns the cells of the reader's code, which run in plain Python."""
    return [part for part in document.flat if isinstance(part, Cell) and part.kind == "shown"]


def _plumbing(document: Document) -> Iterator[Fault]:
    for cell in plain_cells(document):
        for node in ast.walk(ast.parse(cell.source)):
            if name := _machinery(node):
                yield (
                    cell.line + getattr(node, "lineno", 1),
                    f"shown code mentions {name}, which is not the reader's; write 'python stage' or 'python hidden'",
                )


def _machinery(node: ast.AST) -> str:
    """Returns what a piece of code mentions of the machinery of a page, "" if nothing."""
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func).rpartition(".")[2]
        return f"{called}(...)" if called in _CALLS else ""
    if isinstance(node, ast.Attribute):
        return ".value" if node.attr == "value" else ""
    if isinstance(node, ast.ImportFrom):
        return node.module if node.module and node.module.startswith("torchbook.course") else ""
    if isinstance(node, ast.Import):
        return next((alias.name for alias in node.names if alias.name.startswith("torchbook.course")), "")
    name = getattr(node, "id" if isinstance(node, ast.Name) else "arg" if isinstance(node, ast.arg) else "name", None)
    return name if isinstance(name, str) and re.match(r"_(?!_\w+__$)\w", name) else ""


def unmade_names(document: Document) -> Iterator[Fault]:
    """Yields the names that shown cells use and no shown cell above them makes."""
    makers: dict[str, str] = {}
    for part in document.flat:
        if isinstance(part, Control):
            makers[part.name] = f"the {part.kind} in line {part.line}"
        elif isinstance(part, Cell) and part.kind != "shown":
            makers |= dict.fromkeys(names_of(part.source).made, f"the {part.kind} cell in line {part.line}")
        if isinstance(part, Cell) and part.raises:
            makers[part.raises] = f"the cell that fails in line {part.line}"
    made: set[str] = set()
    for cell in plain_cells(document):
        names = names_of(cell.source)
        for name in sorted(names.used - made):
            if name in makers:
                yield cell.line, f"pasted into plain Python this cell lacks {name!r}, which {makers[name]} makes"
        made |= names.made


def typed_in(document: Document) -> Iterator[tuple[int, str, str, bool]]:
    """Yields the numbers that are typed in prose or headings and are no facts: the line, the number, the words around
    it, and whether it stands in a formula."""
    facts = [fact for fact in read_facts() if fact.lesson in (None, _key(document))]
    for part in document.flat:
        if not isinstance(part, Prose | Heading) or part.text.startswith("```"):
            continue
        text = _without_values(part.text)
        formulas = " ; ".join(match["display"] or match["inline"] for match in FORMULA.finditer(without_code(text)))
        for number, around in typed_numbers(words_alone(text), facts):
            yield _number_line(part, number), number, around, False
        for number, around in typed_numbers(formulas, facts):
            yield _number_line(part, number), number, around, True


def _key(document: Document) -> int | str:
    return document.label if document.is_project else document.number


def _number_line(part: Prose | Heading, number: str) -> int:
    lines = part.text.splitlines()
    pattern = rf"(?<![\w.,]){re.escape(number)}(?!\w)"
    return part.line + next((count for count, text in enumerate(lines) if re.search(pattern, text)), 0)


def _without_values(text: str) -> str:
    return filled(text, itertools.repeat(COMPUTED))


def _words(document: Document) -> Iterator[Fault]:
    """Facts that are not stated, terms, links, images and turns of phrase."""
    if not document.front.draft:
        for fact in read_facts():
            if fact.lesson == _key(document) and fact.text not in document.source:
                yield 1, f"FACTS.toml has the fact {fact.text!r}, which its text does not state"
    anchors = {part.id for part in document.flat if isinstance(part, Heading)}
    for part in document.flat:
        if not isinstance(part, Prose) or part.text.startswith("```"):
            continue
        text = _without_values(part.text)
        for offset, line in enumerate(text.splitlines()):
            for term in re.findall(r"\[\[([^\]|]+)(?:\|[^\]]*)?\]\]", without_code(line)):
                if not is_term(term.strip()):
                    yield part.line + offset, f"[[{term.strip()}]] is no term of the glossary"
            for fault in lost_links(line, anchors):
                yield part.line + offset, fault
            for image in nameless_images(without_code(line)):
                yield part.line + offset, f"a picture has no text alternative: {image}"
        for words, better in stiff_words(without_markup(without_code(text))):
            yield part.line, f"'{words}' is not how one says it in English; better: {better}"


def _formulas(document: Document) -> Iterator[Fault]:
    """Formulas that no page can show."""
    for part in document.flat:
        if not isinstance(part, Prose | Heading) or part.text.startswith("```"):
            continue
        text = without_code(filled(part.text, itertools.repeat("0")))
        for match in FORMULA.finditer(text):
            try:
                mathml(match["display"] or match["inline"])
            except TorchbookError as error:
                yield part.line + text.count("\n", 0, match.start()), str(error)


def _sections(document: Document) -> Iterator[Fault]:
    """Sections with long sentences."""
    line, heading, texts = 1, "the title", list[str]()
    for part in (*document.flat, None):
        if part is None or isinstance(part, Heading):
            for fault in long_sentences("\n\n".join(texts), heading):
                yield line, fault
            texts = []
            if part is not None:
                line, heading = part.line, part.text
        elif isinstance(part, Prose) and not part.text.startswith("```"):
            texts.append(_without_values(part.text))
