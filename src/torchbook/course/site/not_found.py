"""The page for addresses that lead nowhere: what was perhaps meant."""

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from torchbook.course.site import layout
from torchbook.course.site.lesson_status import Stop


def page(road: Callable[[], Sequence[Stop]]) -> Callable[[Request, Any], Response]:
    """The handler of "not found"."""

    def astray(request: Request, error: Any) -> Response:
        now, path = road(), request.url.path
        number = re.match(r"/lessons/(\d{1,2})\b", path)
        stop = next((stop for stop in now if number and stop.number == int(number[1])), None)
        if stop is not None and stop.notebook is None:
            title, said = f"{stop.number:02} {stop.lesson.title}", _unwritten(stop)
        elif stop is not None and stop.notebook is not None:
            title, said = (
                "Not here",
                f'<p>Did you mean <a href="{stop.notebook.address}">{escape(stop.lesson.title)}</a>?</p>',
            )
        else:
            title = "Off the road"
            said = f"<p>There is nothing at <code>{escape(path)}</code>. Press <kbd>/</kbd> to search.</p>"
        way = '<p><a class="site-button" href="/">Back to the road</a></p>'
        return layout.page(title, f"<h1>{escape(title)}</h1>{said}{way}", road=now, status=404)

    return astray


def _unwritten(stop: Stop) -> str:
    said = "<p>This lesson is not written yet.</p>"
    if stop.exercises:
        rows = "".join(
            f"<li><code>torchbook check {one.name}</code> {escape(one.title)}</li>" for one in stop.exercises
        )
        said += f"<p>Its exercises are there, in the terminal:</p><ul>{rows}</ul>"
    return said
