"""What a lesson's file says, read without running it: title, minutes, and the prose below each of its headings."""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from torchbook.course.site import loading

# The functions of a cell whose first argument is Markdown.
_WRITING = ("md", "text")
_WORDS_A_MINUTE = 180


@dataclass(frozen=True)
class Section:
    """A heading of a lesson, its anchor on the page, and the prose below it as plain text."""

    heading: str
    anchor: str
    prose: str


@dataclass(frozen=True)
class Outline:
    """A lesson as its file says. `minutes` is the time that the lesson states, or an estimate from its length."""

    title: str
    minutes: int
    sections: tuple[Section, ...]


def outline(file: Path) -> Outline:
    """The outline of a lesson's file; of a file that is not Python an empty one."""
    return _outline(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=200)
def _outline(file: Path, changed: int) -> Outline:
    from markdown.extensions.toc import slugify

    try:
        written = list(_markdown(loading.tree(file)))
    except SyntaxError:
        written = []
    whole = "\n\n".join(written)
    stated = re.search(r"(\d+)\s+minutes|(half) an hour|three quarters of an hour", whole)
    parts = re.split(r"(?m)^#{1,3}\s+(.+?)\s*#*$", _without_code(whole))
    heads = [plain(heading) for heading in parts[1::2]]
    sections = tuple(
        Section(heading, slugify(heading, "-"), plain(prose)) for heading, prose in zip(heads, parts[2::2])
    )
    title = heads[0] if heads else file.stem[3:].replace("_", " ").capitalize()
    said = 0 if not stated else int(stated[1]) if stated[1] else 30 if stated[2] else 45
    minutes = said or max(1, round(len(whole.split()) / _WORDS_A_MINUTE))
    return Outline(title, minutes, sections)


def _markdown(tree: ast.Module) -> list[str]:
    """The Markdown that the cells write, in the order of the file; what is computed is left out."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    named = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in _WRITING]
    return [_constant(call.args[0]) for call in sorted(named, key=lambda call: call.lineno)]


def _constant(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _level(node.value)
    if isinstance(node, ast.JoinedStr):
        pieces = [str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values]
        return _level("".join(pieces))
    return ""


def _level(text: str) -> str:
    """Without the indentation that a text has inside a cell."""
    return "\n".join(line.strip() for line in text.splitlines())


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def plain(text: str) -> str:
    """Markdown as plain text in one line: no marks, links and terms by their words, formulas readable."""
    from torchbook.course.formula import readable

    text = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]", r"\1", readable(text))
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]*>", " ", text)
    return " ".join(re.sub(r"(?<!\w)[*_`]+|[*_`]+(?!\w)|^\s*[-#>|]+\s", " ", text, flags=re.MULTILINE).split())
