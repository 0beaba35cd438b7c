"""What moves on the page stands still here: a value that a cell shows as HTML without anything that needs a program.

A picture to touch becomes its `still`, a control its label and value, a formula a `tb-formula`; nothing of marimo's own
markup is left.
"""

import base64
import html
import io
from typing import Any

import marimo

from torchbook.course.export.elements import framed, stilled, told
from torchbook.course.runtime.output import figure_of, titles_of
from torchbook.course.texts.markup import Node, harmless, parsed


def still(value: Any) -> list[Node]:
    """A value that a cell shows, as a tree that stands still; nothing for None."""
    if value is None:
        return []
    return harmless(stilled(parsed(_shown(value))))


def _shown(value: Any) -> str:
    """A value as HTML, as far as it knows itself."""
    if isinstance(value, str):
        return f"<p>{html.escape(value)}</p>"
    if callable(drawn := getattr(value, "still", None)):
        return framed(drawn(), getattr(value, "alternative", ""))
    if isinstance(text := getattr(value, "text", None), str) and hasattr(value, "_mime_"):
        return text
    if figure := figure_of(value):
        return _chart(figure)
    if callable(source := getattr(value, "_repr_markdown_", None)):
        return marimo.md(source()).text
    for method in ("_repr_html_", "_repr_svg_"):
        if callable(show := getattr(value, method, None)) and (shown := show()):
            return shown
    if callable(show := getattr(value, "_repr_png_", None)) and (png := show()):
        return f'<img alt="a picture" src="data:image/png;base64,{base64.b64encode(png).decode()}">'
    return f"<pre>{html.escape(told(value))}</pre>"


def _chart(figure: Any) -> str:
    """A figure as an image; its titles and axes are its text alternative."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=150, bbox_inches="tight", facecolor="white")
    data = base64.b64encode(drawn.getvalue()).decode()
    return f'<img class="tb-chart" alt="{html.escape(titles_of(figure))}" src="data:image/png;base64,{data}">'
