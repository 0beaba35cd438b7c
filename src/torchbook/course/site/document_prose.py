"""Markdown of a document as HTML that needs no script: formulas as MathML, terms with their entry of the glossary."""

import re
from functools import cache, lru_cache
from html import escape
from urllib.parse import quote

from torchbook.course.site import markdown
from torchbook.course.site.mathml import mathml
from torchbook.course.texts.document_values import FORMULA
from torchbook.course.texts.glossary import Entry, find, packaged_glossary
from torchbook.errors import TorchbookError

_PARTS = re.compile(
    r"(?P<kept>^```.*?^```|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    rf"|{FORMULA.pattern}"
    r"|\[\[(?P<term>[^\[\]|]+)(?:\|(?P<words>[^\[\]]+))?\]\]",
    re.DOTALL | re.MULTILINE,
)
_MOST = 240  # characters of an entry that are shown; the rest is one click away


@lru_cache(maxsize=5000)
def prose(text: str) -> str:
    """A block of Markdown as HTML.

    Raises:
        TorchbookError: a formula cannot be shown, or the glossary does not know a term.
    """
    made: list[str] = []

    def aside(part: re.Match[str]) -> str:
        if part["kept"]:
            return part["kept"]
        if part["term"]:
            made.append(_term(part["term"].strip(), part["words"]))
        else:
            made.append(mathml(part["display"] or part["inline"], display=bool(part["display"])))
        return f"\ue010{len(made) - 1}\ue011"

    html = markdown.rendered(_PARTS.sub(aside, text))
    html = re.sub("\ue010(\\d+)\ue011", lambda mark: made[int(mark[1])], html)
    # A formula of its own is no paragraph, and a table may be wider than its page.
    html = re.sub(r'<p>(<math display="block".*?</math>)</p>', r'<div class="formula">\1</div>', html, flags=re.DOTALL)
    return html.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")


def inline(text: str) -> str:
    """A line of Markdown without a paragraph around it."""
    return prose(text).strip().removeprefix("<p>").removesuffix("</p>")


def _term(name: str, words: str | None) -> str:
    entry = _entry(name)
    address = f"/glossary/{quote(entry.term)}"
    formula = f'<span class="term-formula">{mathml(entry.formula)}</span>' if entry.formula else ""
    return (
        f'<span class="term"><a href="{address}">{escape(words or name)}</a>'
        f'<span class="term-card" role="note"><b>{escape(entry.term)}</b> '
        f"{inline(_beginning(entry.text))}{formula}</span></span>"
    )


def _beginning(text: str) -> str:
    """The first sentences of an entry, as far as there is room, without formulas."""
    plain = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]", r"\1", text)
    shown = ""
    for sentence in re.split(r"(?<=[.!?])\s+", plain):
        if shown and len(shown) + len(sentence) > _MOST:
            break
        shown += f"{sentence} "
    return shown.strip()


@cache
def _entry(name: str) -> Entry:
    entry, near = find(packaged_glossary(), name)
    if entry is None:
        hint = f"; did you mean {near[0]}?" if near else ""
        raise TorchbookError(f"the glossary has no entry {name!r}{hint}")
    return entry
