"""Renders the course's Markdown as HTML for our own pages."""

import re
from html import escape
from threading import Lock

from markdown import Markdown

from torchbook.course.site.mathml import mathml
from torchbook.course.texts.formula import formula_as_text
from torchbook.errors import TorchbookError

# Text that is not Markdown: code and formulas.
_CODE_OR_FORMULA = re.compile(r"(```.*?```|`[^`\n]+`|\$\$.+?\$\$|(?<![\\$])\$(?!\s)[^$\n]+?(?<!\s)\$)", re.DOTALL)
_CONVERTER, _CONVERTER_LOCK = Markdown(extensions=["tables", "sane_lists", "fenced_code"]), Lock()
# What looks fenced here and not to Markdown would pass as HTML, and a run's model card may come from anybody.
_CONVERTER.preprocessors.deregister("html_block")
_CONVERTER.inlinePatterns.deregister("html")


def rendered(text: str) -> str:
    """Renders Markdown as HTML. Formulas become MathML; HTML in the text is escaped."""
    fragments: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        part = match[1]
        if part.startswith("```"):
            return part
        fragments.append(_as_html(part))
        return f"\ue000{len(fragments) - 1}\ue001"

    protected = re.sub(_CODE_OR_FORMULA, set_aside, text)
    safe = re.sub(r"(?m)^&gt; ", "> ", escape(protected, quote=False))
    with _CONVERTER_LOCK:
        html = _CONVERTER.reset().convert(safe)
    # Markdown escapes what stands in code, which is escaped already.
    html = re.sub(r"(?s)<code.*?</code>", lambda match: re.sub(r"&amp;(amp|lt|gt);", r"&\1;", match[0]), html)
    html = re.sub(r'(href|src)="(?!/|#|https?:|\?)[^"]*"', r'\1="#"', html)
    return re.sub("\ue000(\\d+)\ue001", lambda match: fragments[int(match[1])], html)


def inline(text: str) -> str:
    """Renders a line of Markdown as HTML, without a paragraph around it."""
    return rendered(text).removeprefix("<p>").removesuffix("</p>")


def _as_html(part: str) -> str:
    if part.startswith("`"):
        return f"<code>{escape(part.strip('`'))}</code>"
    display = part.startswith("$$")
    return formula(part.strip("$").strip(), display=display)


def formula(tex: str, *, display: bool = False) -> str:
    """Returns a formula as MathML, or as text if it cannot be converted."""
    try:
        return mathml(tex, display=display)
    except TorchbookError:
        return escape(formula_as_text(tex))
