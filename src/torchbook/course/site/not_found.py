"""The page for addresses that lead nowhere (404), with what was perhaps meant."""

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from torchbook.course.site import layout
from torchbook.course.site.lesson_status import LessonStatus


def page(road: Callable[[], Sequence[LessonStatus]]) -> Callable[[Request, Any], Response]:
    """Returns the handler of "not found"."""

    def handle(request: Request, error: Any) -> Response:
        statuses, path = road(), request.url.path
        number = re.match(r"/lessons/(\d{1,2})\b", path)
        status = next((status for status in statuses if number and status.number == int(number[1])), None)
        if status is not None:
            title, message = (
                "Not here",
                f'<p>Did you mean <a href="{status.address}">{escape(status.lesson.title)}</a>?</p>',
            )
        else:
            title = "Off the road"
            message = f"<p>There is nothing at <code>{escape(path)}</code>. Press <kbd>/</kbd> to search.</p>"
        button = '<p><a class="site-button" href="/">Back to the road</a></p>'
        return layout.page(title, f"<h1>{escape(title)}</h1>{message}{button}", road=statuses, status=404)

    return handle
