"""Highlights code on the server."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer


def highlighted(source: str) -> str:
    """Returns Python source as HTML with its tokens marked; a style sheet has their colours."""
    from pygments import highlight

    return highlight(source, *_lexer_and_formatter())


@cache
def _lexer_and_formatter() -> "tuple[PythonLexer, HtmlFormatter[str]]":
    """Makes both once, for each formatter writes a style sheet of its own first."""
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return PythonLexer(), HtmlFormatter(cssclass="codehilite")
