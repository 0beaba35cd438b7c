"""Markdown of the course as HTML for our own pages; formulas are left to KaTeX in the page."""

import re
from html import escape
from threading import Lock

from markdown import Markdown

# Text in which no Markdown is to be seen: code and formulas.
_KEPT = re.compile(r"(```.*?```|`[^`\n]+`|\$\$.+?\$\$|(?<![\\$])\$(?!\s)[^$\n]+?(?<!\s)\$)", re.DOTALL)
_READER, _ONE_AT_A_TIME = Markdown(extensions=["tables", "sane_lists", "fenced_code"]), Lock()
# What looks fenced here and not to Markdown would pass as HTML, and a run's card may come from anybody.
_READER.preprocessors.deregister("html_block")
_READER.inlinePatterns.deregister("html")


def rendered(text: str) -> str:
    """A text as HTML. Formulas become `<span class="tex">`; HTML in the text is shown as it is written."""
    kept: list[str] = []

    def aside(found: re.Match[str]) -> str:
        part = found[1]
        if part.startswith("```"):
            return part
        kept.append(_as_html(part))
        return f"\ue000{len(kept) - 1}\ue001"

    plain = re.sub(_KEPT, aside, text)
    fenced = re.split(r"(```.*?```)", plain, flags=re.DOTALL)
    safe = "".join(part if part.startswith("```") else escape(part, quote=False) for part in fenced)
    safe = re.sub(r"(?m)^&gt; ", "> ", safe)
    with _ONE_AT_A_TIME:
        html = _READER.reset().convert(safe)
    html = re.sub(r'(href|src)="(?!/|#|https?:|\?)[^"]*"', r'\1="#"', html)
    return re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], html)


def inline(text: str) -> str:
    """A line of text as HTML, without a paragraph around it."""
    return rendered(text).removeprefix("<p>").removesuffix("</p>")


def _as_html(part: str) -> str:
    if part.startswith("`"):
        return f"<code>{escape(part.strip('`'))}</code>"
    display = part.startswith("$$")
    return formula(part.strip("$").strip(), display=display)


def formula(tex: str, *, display: bool = False) -> str:
    """A formula that the page draws with KaTeX; until then, and without it, it is readable text."""
    from torchbook.course.texts.formula import formula_as_text

    kind = "tex display" if display else "tex"
    return f'<span class="{kind}" data-tex="{escape(tex)}">{escape(formula_as_text(tex))}</span>'
