"""The home page: the road from tensor to GAN."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from torchbook.course.site import shell
from torchbook.course.site.stops import Stop
from torchbook.course.workspace import Workspace


def page(workspace: Workspace, road: Callable[[], Sequence[Stop]]) -> Callable[[Request], Response]:
    """The endpoint of the page."""

    def home(request: Request) -> Response:
        return shell.page("The road", "<h1>The road</h1>", road=road(), here="/")

    return home
