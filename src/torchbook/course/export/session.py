"""Makes a plain notebook ready for an exported lesson: what marimo would show is shown, and `%%answer` checks."""

from typing import Any

from torchbook.course.export import answer_cell
from torchbook.course.export.jupyter import bundle
from torchbook.course.export.still import still


def prepare() -> None:
    """In IPython: pictures to touch are shown as the widgets that they are, everything else as it stands; and there is
    a cell `%%answer EXERCISE`. Elsewhere it does nothing."""
    import marimo
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    if shell is None:
        return
    show = shell.display_formatter.mimebundle_formatter
    show.for_type(marimo.Html, lambda value, **_: bundle(still(value)))
    show.for_type(marimo.ui.anywidget, lambda value, **which: value.widget._repr_mimebundle_(**which))
    answer_cell.prepare()
