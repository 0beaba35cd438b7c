"""A lesson file, read without running it: title, minutes, headings, cells, exercises, quiz and prose.

A lesson is a marimo notebook `NN_name.py`. The site, the search, the export and the checks of the lessons read it here.
"""

import ast
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from torchbook.course.texts.cell import Cell
from torchbook.course.texts.formula import readable
from torchbook.errors import TorchbookError

LESSONS = Path(__file__).parents[1] / "lessons"


@dataclass(frozen=True)
class Heading:
    """A heading, its level (1 is the title) and its anchor in the address of the page."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Passage:
    """The Markdown under a heading, up to the next one."""

    heading: Heading
    text: str


@dataclass(frozen=True)
class LessonFile:
    """The file of a lesson, parsed. `cells` are in the order of the page."""

    file: Path
    number: int
    cells: tuple[Cell, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """The file's name without its suffix, which folders of exercises share: `08_gradient_descent`."""
        return self.file.stem

    @property
    def title(self) -> str:
        """The first heading of level 1, "" if there is none."""
        return next((heading.text for heading in self.headings if heading.level == 1), "")

    @cached_property
    def markdown(self) -> str:
        """All prose, with `cell.COMPUTED` for what the lesson computes."""
        return "\n\n".join(text for cell in self.cells for text in cell.texts)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The prose, heading by heading."""
        return tuple(_passages(self.markdown))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings in the order of the page."""
        return tuple(passage.heading for passage in self.passages)

    @cached_property
    def minutes(self) -> int | None:
        """The reading time that it states before its first section; None if it states none."""
        opening = self.markdown.partition("\n## ")[0]
        for words, minutes in (("a quarter of an hour", 15), ("half an hour", 30)):
            opening = re.sub(words, f"{minutes} minutes", opening, flags=re.IGNORECASE)
        stated = re.search(r"\b(?:\d+(?:\s*to\s*|\s*[-–]\s*))?(\d+)\s+minutes?\b", opening)
        return int(stated[1]) if stated else None

    @property
    def exercises(self) -> tuple[str, ...]:
        """The names of its exercises in the order of the page."""
        return tuple(str(name) for cell in self.cells for name in cell.arguments("exercise"))

    @property
    def quizzes(self) -> tuple[int, ...]:
        """The lessons whose quiz it shows: usually its own."""
        return tuple(number for cell in self.cells for number in cell.arguments("quiz") if isinstance(number, int))

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of the glossary that it refers to, as `[[term]]` or `[[term|shown]]`."""
        return tuple(
            term.strip() for term, _ in re.findall(r"\[\[([^\]|]+)(\|[^\]]*)?\]\]", without_code(self.markdown))
        )


def lesson_files(folder: Path = LESSONS) -> dict[int, Path]:
    """Returns the files of the lessons in a folder by number."""
    return {int(file.name[:2]): file for file in sorted(folder.glob("[0-9][0-9]_*.py"))}


def read_lesson(file: Path) -> LessonFile:
    """Reads the lesson in a file `NN_name.py`.

    Raises:
        TorchbookError: it is not Python, or no marimo notebook.
    """
    source = file.read_text(encoding="utf-8")
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise TorchbookError(f"{file}: not Python, line {error.lineno}: {error.msg}") from None
    cells = tuple(cell for node in tree.body if (cell := _cell(node, source.splitlines())))
    if not re.match(r"\d\d_", file.name) or not cells:
        raise TorchbookError(f"{file}: expected a marimo notebook with the name NN_name.py")
    return LessonFile(file, int(file.name[:2]), cells)


def _cell(node: ast.stmt, lines: list[str]) -> Cell | None:
    if isinstance(node, ast.With) and ast.unparse(node.items[0].context_expr).startswith("app.setup"):
        return Cell("setup", *_source(node, lines), _hidden(node.items[0].context_expr), tuple(node.body))
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return None
    marks = {ast.unparse(decorator).partition("(")[0]: decorator for decorator in node.decorator_list}
    if "app.cell" in marks:
        body = [statement for statement in node.body if not isinstance(statement, ast.Return)]
        hidden = _hidden(marks["app.cell"])
        return Cell("code", *_source(node, lines), hidden, tuple(body)) if body else None
    for mark in ("app.function", "app.class_definition"):
        if mark in marks:
            others = [decorator for decorator in node.decorator_list if decorator is not marks[mark]]
            first = min([node.lineno, *(decorator.lineno for decorator in others)])
            node.decorator_list = others
            source = "\n".join(lines[first - 1 : node.end_lineno])
            return Cell("definition", source, first, _hidden(marks[mark]), (node,))
    return None


def _hidden(mark: ast.expr) -> bool:
    words = mark.keywords if isinstance(mark, ast.Call) else []
    return any(word.arg == "hide_code" and ast.unparse(word.value) == "True" for word in words)


def _source(
    node: ast.With | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, lines: list[str]
) -> tuple[str, int]:
    """Returns the code inside a cell, with the comments around it, and the number of its first line in the file."""
    first = node.body[0].lineno
    while first > node.lineno + 1 and (not lines[first - 2].strip() or lines[first - 2].lstrip().startswith("#")):
        first -= 1
    last = node.body[-1]
    end = last.lineno - 1 if isinstance(last, ast.Return) else int(last.end_lineno or last.lineno)
    inside = [line.removeprefix("    ") for line in lines[first - 1 : end]]
    blank = next((number for number, line in enumerate(inside) if line.strip()), 0)
    return "\n".join(inside[blank:]).rstrip(), first + blank


def _passages(markdown: str) -> list[Passage]:
    passages: list[Passage] = []
    lines: list[str] = []
    fenced = False
    for line in markdown.splitlines():
        fenced ^= line.lstrip().startswith("```")
        if not fenced and (match := re.match(r"(#{1,6}) +(.+?)\s*#*$", line)):
            text = without_markup(match[2])
            passages.append(Passage(Heading(len(match[1]), text, anchor_of(text)), ""))
            lines = []
        lines.append(line)
        if passages and len(lines) > 1:
            passages[-1] = Passage(passages[-1].heading, "\n".join(lines[1:]).strip())
    return passages


def anchor_of(heading: str) -> str:
    """Returns the anchor of a heading in the address of the page, as marimo gives it."""
    ascii_only = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_only).strip().lower())


def without_code(markdown: str) -> str:
    """Returns Markdown without its code, in blocks and in lines."""
    return re.sub(r"(?ms)^ *```.*?^ *```|`[^`\n]*`", "", markdown)


def without_markup(markdown: str) -> str:
    """Returns Markdown as a person would read it aloud: without markup, formulas as text."""
    text = re.sub(r"!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]", r"\1", markdown)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\\([*_\[\]|~<])", r"\1", readable(text))
    return re.sub(r"(\*\*|__|`)(.+?)\1|(?<![\w*])[*_](\S.*?)[*_](?![\w*])", lambda m: m[2] or m[3], text).strip()
