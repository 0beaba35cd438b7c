"""A lesson as a document `NN_name.md`, or a project `P1_name.md`: front matter, prose in Markdown, Python in fences,
directives. Read, not run.

    ```python                            the reader's code, which runs, with its output
    ```python hidden | stage | deeper    code that is not seen; that feeds a picture, folded; folded with its output
    ```python raises error               code that must fail; the error gets that name
    ```python rubric                     of a project: functions that judge it (`document_rubric`)
    ::: slider x, -3, 3, step=0.5, value=2.0, label="input $x$"
    ::: choice data, ["digits", "fashion"], label="the data"
    ::: choice layer, {{ list(model) }}  options that are computed       ::: button draws, label="draw again"
    ::: number depth, 3, minimum=1, maximum=9
    ::: diagram A title                  lines such as `data → model → loss`, up to a line `:::` (`document_diagram`)
    ::: picture Graph(tape)              a Python expression
    ::: exercise slopes_by_autograd      ::: quiz 9
    ::: guess                            a question, options `- [ ] text → reason` (`[x]` is right), the answer, `:::`;
                                         or to guess a number or to draw a curve (`document_guess`)
    ::: story A title                    parts that belong together, up to a line `:::`; also `deeper` and `beside`
    ::: solved inner_ring                what solves that exercise: folded until it is passed or asked for

A value that is computed stands in prose as `{{ expression }}` or `{{ expression:format }}`, a term of the glossary as
`[[term]]` or `[[term|words]]`. Errors name the file and the line.
"""

import ast
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import get_args

from torchbook.command_answer import nearest
from torchbook.course.texts.document_control import read_control
from torchbook.course.texts.document_diagram import read_diagram
from torchbook.course.texts.document_front import Front, read_front
from torchbook.course.texts.document_guess import read_guess
from torchbook.course.texts.document_parts import (
    Box,
    Card,
    Cell,
    CellKind,
    Heading,
    Part,
    Picture,
    Prose,
    with_source,
)
from torchbook.course.texts.document_parts import flat as flat_parts
from torchbook.course.texts.document_rubric import criteria
from torchbook.course.texts.document_values import values
from torchbook.course.texts.prose import anchor_of, without_markup
from torchbook.errors import TorchbookError

_CONTROLS, _BOXES = ("slider", "choice", "number", "button"), ("story", "deeper", "beside", "solved")
_DIRECTIVES = (*_CONTROLS, *_BOXES, "picture", "exercise", "quiz", "guess", "diagram")
_CELLS: dict[str, CellKind] = {"": "shown"}
_CELLS |= {kind: kind for kind in get_args(CellKind)[1:]}
LESSONS = Path(__file__).parents[1] / "lessons"
PROJECTS = LESSONS.with_name("projects")
_EXERCISE = r"[a-z_]\w*"
_LIST = re.compile(r"\s*([-*+]|\d+\.)\s")


@dataclass(frozen=True)
class Document:
    """A document as its file says. `parts` are in the order of the page."""

    file: Path
    number: int
    front: Front
    parts: tuple[Part, ...] = field(repr=False)
    source: str = field(repr=False, compare=False)

    @cached_property
    def flat(self) -> tuple[Part, ...]:
        """All parts, those inside of others after them."""
        return tuple(flat_parts(self.parts))

    @property
    def uses_answers(self) -> bool:
        """Returns True if a cell asks for what the learner has built."""
        return any(isinstance(part, Cell) and part.uses_answers for part in self.flat)

    def changed(self, cell: str, source: str) -> "Document":
        """The document with other code in the cell of that id."""
        return replace(self, parts=with_source(self.parts, cell, source))

    @property
    def name(self) -> str:
        """The name of its file for messages: `09_autograd.md`."""
        return self.file.name

    @property
    def is_project(self) -> bool:
        """Returns True for the document of a project, False for that of a lesson."""
        return self.name.startswith("P")

    @property
    def label(self) -> str:
        """Its number as commands and addresses have it: `09` for a lesson, `P1` for a project."""
        return f"P{self.number}" if self.is_project else f"{self.number:02}"

    @property
    def address(self) -> str:
        """Its page on the site."""
        return address_of(self.file)


def address_of(file: Path) -> str:
    """Returns the address of a document's page: `/lessons/09-autograd/` for `09_autograd.md`, `/projects/P1-engine/`
    for `P1_engine.md`."""
    folder = "projects" if file.name.startswith("P") else "lessons"
    return f"/{folder}/{file.stem.replace('_', '-')}/"


def documents(folder: Path = LESSONS) -> dict[int, Path]:
    """The files of the documents by the number of the lesson."""
    return {int(file.name[:2]): file for file in sorted(folder.glob("[0-9][0-9]_*.md"))}


def projects(folder: Path | None = None) -> dict[str, Path]:
    """The files of the projects by their labels, such as `P1`."""
    files = {file.name.partition("_")[0]: file for file in (folder or PROJECTS).glob("P[0-9]*_*.md")}
    return dict(sorted(files.items(), key=lambda item: int(item[0][1:])))


def labelled_documents(lessons: Mapping[int, Path] | None = None) -> dict[str, Path]:
    """The files of all documents by their labels, `09` or `P1`: the lessons in their order, by default the packaged
    ones, then the projects."""
    return {f"{number:02}": file for number, file in sorted((lessons or documents()).items())} | projects()


def labelled_document(label: str) -> Document:
    """Returns the document of the lesson with that number, or of a project such as `P1`.

    Raises:
        TorchbookError: there is none, or it is not as it must be.
    """
    files = labelled_documents()
    wanted = f"{int(label):02}" if label.isdecimal() else label.upper()
    if wanted not in files:
        raise TorchbookError(f"lesson {wanted} is not written yet; written are {', '.join(files) or 'none yet'}")
    return read_document(files[wanted])


def read_document(file: Path) -> Document:
    """The document in a file `NN_name.md`.

    Raises:
        TorchbookError: something is not as it must be; the message begins with the file and the line.
    """
    return parsed(file.read_text(encoding="utf-8"), file)


def parsed(source: str, file: Path) -> Document:
    """The document of a text that stands, or will stand, in `file`. Errors as in `read_document`."""
    if not (match := re.match(r"(\d\d|P[1-9]\d*)_\w+\.md$", file.name)):
        raise TorchbookError(f"{file.name}: expected a document with a name such as 09_autograd.md or P1_engine.md")
    lines = source.splitlines()
    front, begin = read_front(lines, file.name)
    parts = _Reader(lines, begin, file.name).parts()
    document = Document(file, int(match[1].removeprefix("P")), front, tuple(parts), source)
    if document.is_project:
        criteria(document)
    elif front.after is not None:
        raise TorchbookError(f"{file.name}:1: 'after: {front.after}' is for projects; lessons are in their own order")
    return document


class _Reader:
    """Takes the lines of a document one after the other."""

    def __init__(self, lines: list[str], position: int, name: str):
        self.lines, self.position, self.name = lines, position, name
        self.anchor, self.anchors, self.counts = "top", Counter[str](), Counter[str]()

    def parts(self, opened: int | None = None) -> list[Part]:
        """The parts up to the end of the document, or of what was opened on that line."""
        parts: list[Part] = []
        while self.position < len(self.lines):
            text = self.lines[self.position]
            if text.strip() == ":::":
                if opened is None:
                    raise self._error(self.position + 1, "::: closes nothing")
                self.position += 1
                return parts
            if not text.strip():
                self.position += 1
            elif text.startswith("```"):
                parts.append(self._fence())
            elif text.startswith(":::"):
                parts.append(self._directive())
            elif text.startswith("#"):
                parts.append(self._heading())
            else:
                parts.append(self._prose())
        if opened is not None:
            raise self._error(opened, "this is not closed; end it with a line :::")
        return parts

    def _id(self, kind: str) -> str:
        self.counts[self.anchor + kind] += 1
        return f"{self.anchor}-{kind}{self.counts[self.anchor + kind]}"

    def _heading(self) -> Heading:
        line = self.position + 1
        match = re.fullmatch(r"(#{2,3}) +(.+?)\s*", self.lines[self.position])
        if not match:
            raise self._error(
                line, "expected a heading of level 2 or 3, such as '## The question'; the title is in front"
            )
        self.position += 1
        anchor = anchor_of(without_markup(match[2]))
        self.anchors[anchor] += 1
        self.anchor = anchor if self.anchors[anchor] == 1 else f"{anchor}-{self.anchors[anchor]}"
        return Heading(self.anchor, line, len(match[1]), match[2])

    def _prose(self) -> Prose:
        start = self.position
        is_list = bool(_LIST.match(self.lines[start]))
        while self.position < len(self.lines):
            text = self.lines[self.position]
            if not text.strip():
                after = self.lines[self.position + 1] if self.position + 1 < len(self.lines) else ""
                if not (is_list and after.startswith("  ")):
                    break
            elif self.position > start and text.startswith(("```", ":::", "#")):
                break
            self.position += 1
        return self._checked(Prose(self._id("p"), start + 1, "\n".join(self.lines[start : self.position]).rstrip()))

    def _checked(self, prose: Prose) -> Prose:
        values(prose.text, prose.line, self.name)
        return prose

    def _fence(self) -> Cell | Prose:
        start = self.position
        ticks = re.match(r"`+", self.lines[start])[0]  # type: ignore[index]
        end = next((at for at in range(start + 1, len(self.lines)) if self.lines[at].rstrip() == ticks), None)
        if end is None:
            raise self._error(start + 1, f"this code is not closed; end it with a line {ticks}")
        self.position = end + 1
        language, _, words = self.lines[start][len(ticks) :].strip().partition(" ")
        if language != "python":
            return Prose(self._id("p"), start + 1, "\n".join(self.lines[start : end + 1]))
        return self._cell(start + 1, "\n".join(self.lines[start + 1 : end]), words)

    def _cell(self, line: int, source: str, words: str) -> Cell:
        match = re.fullmatch(r"(?P<kind>\w*?)\s*(?:\braises +(?P<name>[A-Za-z_]\w*))?", words.strip())
        if not match or match["kind"] not in _CELLS:
            expected = "hidden, stage, deeper, rubric or 'raises NAME' after python"
            raise self._error(line, f"'python {words}': expected {expected}")
        try:
            tree = ast.parse(source)
        except SyntaxError as error:
            raise self._error(line + (error.lineno or 0), f"this is not Python: {error.msg}") from None
        if not tree.body:
            raise self._error(line, "there is no Python in this cell")
        return Cell(self._id("c"), line, source, _CELLS[match["kind"]], match["name"] or "")

    def _directive(self) -> Part:
        line = self.position + 1
        kind, _, rest = self.lines[self.position].removeprefix(":::").strip().partition(" ")
        self.position += 1
        rest = rest.strip()
        if kind in _CONTROLS:
            return read_control(kind, rest, line, self._id("k"), self.name)  # type: ignore[arg-type]
        if kind in _BOXES:
            if kind == "solved" and not re.fullmatch(_EXERCISE, rest):
                raise self._error(line, f"solved: expected the name of an exercise, got {rest!r}")
            box, parts = self._id("b"), tuple(self.parts(line))
            return Box(box, line, kind, rest, parts)  # type: ignore[arg-type]
        if kind == "guess":
            guess = self._id("g")
            return read_guess(self.parts(line), line, guess, self.name)
        if kind == "diagram":
            return read_diagram(rest, self._until_closed(line), line, self._id("d"), self.name)
        if kind == "picture":
            try:
                ast.parse(rest, mode="eval")
            except SyntaxError as error:
                raise self._error(line, f"{rest!r} is no Python expression: {error.msg}") from None
            return Picture(self._id("v"), line, rest)
        if kind in ("exercise", "quiz"):
            if not re.fullmatch(_EXERCISE if kind == "exercise" else r"\d+", rest):
                expected = "the name of an exercise" if kind == "exercise" else "the number of a lesson"
                raise self._error(line, f"{kind}: expected {expected}, got {rest!r}")
            return Card(self._id("x"), line, kind, rest)  # type: ignore[arg-type]
        raise self._error(line, f"there is no directive {kind!r}; {nearest(kind, _DIRECTIVES)}")

    def _until_closed(self, line: int) -> list[str]:
        """The lines up to the one that closes what was opened on that line."""
        start = self.position
        while self.position < len(self.lines):
            self.position += 1
            if self.lines[self.position - 1].strip() == ":::":
                return self.lines[start : self.position - 1]
        raise self._error(line, "this is not closed; end it with a line :::")

    def _error(self, line: int, message: str) -> TorchbookError:
        return TorchbookError(f"{self.name}:{line}: {message}")
