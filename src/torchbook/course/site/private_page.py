"""The page that says what is kept about a learner, where, and that nothing of it leaves the machine."""

from collections.abc import Callable, Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import layout
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.home import home


def page(workspace: Workspace, road: Callable[[], Sequence[LessonStatus]]) -> Callable[[Request], Response]:
    """Returns the endpoint of the page."""

    def kept(request: Request) -> Response:
        rows = "".join(
            f"<div><dt>{what}</dt><dd><code>{escape(str(path))}</code></dd></div>"
            for what, path in (
                ("Your answers, as plain files", workspace.folder / "answers"),
                ("The code of lessons that you have changed", workspace.folder / "blocks"),
                ("Your progress: tries, hints, quiz answers", workspace.database),
                ("Where you left off", workspace.folder / "places.json"),
                ("Your copies of lessons", workspace.folder / "lab"),
                ("Runs, downloads, cards of data sets", home()),
            )
        )
        body = (
            "<h1>Nothing about you leaves this machine</h1>"
            '<p class="lead">No account, no tracking, no request to anybody. The pages come from this machine and ask '
            "only this machine; their security policy forbids the browser everything else.</p>"
            f'<h2>What is kept, and where</h2><dl class="site-kept">{rows}</dl>'
            "<p>What you draw on the first page stays in that page; what you move and guess in a lesson is kept by "
            "your browser. Delete a file or a folder, and it is gone.</p>"
            "<h2>When something is downloaded</h2><p>Only when you ask for it in a terminal: data sets that are no "
            "part of torchbook, such as <code>mnist</code>, come from their public hosts, and each is checked by its "
            "digest. <code>torchbook doctor --clean</code> says what lies here, and frees it.</p>"
        )
        return layout.page("Private", body, road=road(), here="/private", styles=["pages.css"])

    return kept
