"""The code of a lesson's cells, coloured here. marimo would show it too, and make an editor of each: a browser takes
seconds for dozens of them."""

import json


def element(lesson: str) -> str:
    """The code that a lesson shows, as an element of its page that is not seen: HTML by the place of the cell."""
    from marimo._ast.parse import parse_notebook

    notebook = parse_notebook(lesson.strip())
    found = {
        place: coloured(cell.code)
        for place, cell in enumerate(notebook.cells if notebook else ())
        if cell.code.strip() and not cell.options.get("hide_code")
    }
    # Nothing in it may end the element.
    written = json.dumps(found).replace("<", "\\u003c")
    return f'<script type="application/json" id="lesson-code">{written}</script>'


def coloured(source: str) -> str:
    """Python with its words marked; a style sheet has their colours."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return highlight(source, PythonLexer(), HtmlFormatter(cssclass="codehilite"))
