"""Markdown in which the words of the field explain themselves: `[[loss]]` shows its entry of the glossary."""

import inspect
import itertools
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from torchbook.course.texts.formula import formula_as_text, readable
from torchbook.course.texts.glossary import Entry, find, packaged_glossary
from torchbook.errors import TorchbookError

_PARTS = re.compile(
    r"""(?P<kept>```.*?```|~~~.*?~~~|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|\$\$.+?\$\$|\$(?!\s)[^$\n]+?(?<!\s)\$)
    |\[\[(?P<term>[^\[\]|]+)(?:\|(?P<shown>[^\[\]]+))?\]\]""",
    re.DOTALL | re.VERBOSE,
)
_MOST = 240  # characters of an entry that are shown; the rest is one click away
_numbers = itertools.count(1)


def text(markdown: str) -> Any:
    """Markdown for a page, as `mo.md`, in which `[[term]]` and `[[term|shown words]]` show the glossary's entry.

    The entry appears when the pointer is on the word, when the keyboard is there, and when a finger touches it. Where
    nothing can appear (a terminal, a notebook of another kind), the words alone are there.

    Raises:
        TorchbookError: the glossary does not know a term; the message has the nearest one.
    """
    import marimo

    markdown = inspect.cleandoc(markdown)
    shown = _PARTS.sub(_explained, markdown)
    if shown != markdown:
        shown = f"{shown}\n\n<style>{_style()}</style>"
    page = marimo.md(shown)
    page._markdown_text = plain(markdown)  # type: ignore[attr-defined]
    return page


def plain(markdown: str) -> str:
    """The same text with the words alone."""
    return _PARTS.sub(lambda part: part["kept"] or part["shown"] or part["term"], markdown)


def _explained(part: re.Match[str]) -> str:
    if part["kept"]:
        return part["kept"]
    entry = _entry(part["term"].strip())
    name = f"tb-word-{next(_numbers)}"
    formula = f'<span class="tb-formula">{_kept(formula_as_text(entry.formula))}</span>' if entry.formula else ""
    return (
        f'<span class="tb-word" style="--tb-anchor: --{name}">'
        f'<span class="tb-term" tabindex="0" role="button" aria-describedby="{name}">{part["shown"] or part["term"]}'
        f'</span><span class="tb-entry" role="note"><span class="tb-sheet" id="{name}">'
        f"<strong>{_kept(entry.term)}</strong> {_inline(_beginning(entry.text))}{formula}</span>"
        f'<a href="/glossary/{quote(entry.term, safe="")}">the whole entry</a></span></span>'
    )


def _entry(name: str) -> Entry:
    entry, near = find(packaged_glossary(), name)
    if entry is None:
        hint = f"did you mean {near[0]!r}?" if near else "the glossary is in course/glossary.md"
        raise TorchbookError(f"the glossary has no term {name!r}; {hint}")
    return entry


def _beginning(entry: str) -> str:
    """The first sentences of an entry, as many as there is room for, at least one."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z*`$])", entry)
    taken = sentences[0]
    for sentence in sentences[1:]:
        if len(taken) + len(sentence) > _MOST:
            break
        taken = f"{taken} {sentence}"
    return taken


def _inline(markdown: str) -> str:
    """Code and emphasis of one line of Markdown as HTML, formulas as text."""
    parts = re.split(r"(`[^`]*`)", readable(markdown))
    return "".join(f"<code>{_kept(part[1:-1])}</code>" if part[:1] == "`" else _emphasis(part) for part in parts)


def _emphasis(part: str) -> str:
    pieces = re.split(r"(?<!\\)\*+([^*]+?)(?<!\\)\*+", part)
    bare = [_kept(re.sub(r"\\([*_\[\]|~<])", r"\1", piece)) for piece in pieces]
    return "".join(f"<em>{piece}</em>" if i % 2 else piece for i, piece in enumerate(bare))


def _kept(words: str) -> str:
    """Words that Markdown leaves as they are: every sign that could mean something to it is written as its number."""
    return re.sub(r"[^A-Za-z0-9 .,]", lambda sign: f"&#{ord(sign[0])};", words)


@cache
def _style() -> str:
    return " ".join((Path(__file__).parent / "words.css").read_text(encoding="utf-8").split())
