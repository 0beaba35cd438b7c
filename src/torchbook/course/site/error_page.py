"""The page that replaces one that cannot be made: it shows the message of a TorchbookError."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import layout
from torchbook.course.site.lesson_status import LessonStatus


def page(workspace: Workspace, road: Callable[[], Sequence[LessonStatus]]) -> Callable[[Request, Any], Response]:
    """Returns the handler of a TorchbookError: a page for a person, `{"error": message}` for a script."""

    def handle(request: Request, error: Any) -> Response:
        if not isinstance(request, Request):  # a websocket has no page
            raise error
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": str(error)}, status_code=500)
        body = (
            f"<h1>Something is in the way</h1><p>{escape(str(error))}</p>"
            f"<p>The course has changed nothing. Your answers are plain files in <code>"
            f"{escape(str(workspace.folder / 'answers'))}</code>.</p>"
            '<p><a class="site-button" href="">Try again</a></p>'
        )
        return layout.page("Something is in the way", body, road=road(), status=500)

    return handle
