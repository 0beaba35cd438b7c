"""Highlights the code of a lesson's cells on the server.

marimo would show it too, but makes an editor of each cell: a browser takes seconds for dozens of them.
"""

import json


def element(lesson: str) -> str:
    """Returns the code that a lesson shows as a hidden element of its page: JSON with HTML by the cell's position."""
    from marimo._ast.parse import parse_notebook

    notebook = parse_notebook(lesson.strip())
    by_cell = {
        position: highlighted(cell.code)
        for position, cell in enumerate(notebook.cells if notebook else ())
        if cell.code.strip() and not cell.options.get("hide_code")
    }
    # Nothing in it may end the element.
    payload = json.dumps(by_cell).replace("<", "\\u003c")
    return f'<script type="application/json" id="lesson-code">{payload}</script>'


def highlighted(source: str) -> str:
    """Returns Python source as HTML with its tokens marked; a style sheet has their colours."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return highlight(source, PythonLexer(), HtmlFormatter(cssclass="codehilite"))
