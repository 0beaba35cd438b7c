"""Highlights code on the server."""


def highlighted(source: str) -> str:
    """Returns Python source as HTML with its tokens marked; a style sheet has their colours."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return highlight(source, PythonLexer(), HtmlFormatter(cssclass="codehilite"))
