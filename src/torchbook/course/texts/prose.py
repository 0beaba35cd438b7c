"""Markdown as plain words, and the anchors of its headings."""

import re
import unicodedata

from torchbook.course.texts.formula import readable

# Stands in prose for what a document computes: `a loss of {{ loss }}` is read as "a loss of …".
COMPUTED = "…"


def anchor_of(heading: str) -> str:
    """Returns the anchor of a heading in the address of its page."""
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
