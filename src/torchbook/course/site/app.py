"""The site as one ASGI application: the road, the pages of lessons and projects, and what stands beside them."""

from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import (
    catalogue,
    data_pages,
    document_page,
    error_page,
    formulas_page,
    glossary_pages,
    home,
    layout,
    not_found,
    private_page,
    review_page,
    runs,
    search,
)
from torchbook.course.site.lesson_status import LessonStatus, lesson_statuses
from torchbook.course.site.static_files import CachedFiles
from torchbook.course.site.trainings import Trainings
from torchbook.course.site.websocket import Presence
from torchbook.course.texts.document import documents
from torchbook.errors import TorchbookError
from torchbook.guard import Guard


def build(
    workspace: Workspace,
    *,
    port: int,
    lessons: Path | None = None,
    hosts: tuple[str, ...] = (),
    token: str | None = None,
) -> ASGIApp:
    """Builds the site of a workspace.

    `lessons` is a further folder with documents `NN_name.md`, which come before the packaged ones of the same number.
    `hosts` are further host names under which the site answers, besides those of loopback; with a `token` every visit
    needs it.
    """
    written = documents() | (documents(lessons) if lessons else {})

    def road() -> list[LessonStatus]:
        return lesson_statuses(workspace, written)

    def road_if_any() -> list[LessonStatus]:
        """Returns no lessons where the workspace cannot be read, for pages that must be shown nevertheless."""
        try:
            return road()
        except TorchbookError:
            return []

    terms, term = glossary_pages.endpoints(road)
    results, typed = search.endpoints(workspace, road)
    trainings = Trainings()
    routes: list[BaseRoute] = [
        *home.routes(workspace, road),
        Route("/search", results),
        Route("/search.json", typed),
        Route("/glossary", terms),
        Route("/glossary/{term}", term),
        *data_pages.routes(road),
        *catalogue.routes(road),
        *formulas_page.routes(road),
        Route("/private", private_page.page(workspace, road)),
        *(Route(address, endpoint) for address, endpoint in runs.endpoints(road).items()),
        *trainings.routes(),
        *review_page.routes(workspace, road),
        *document_page.routes(workspace, road, written),
        WebSocketRoute("/presence", Presence(workspace, road).__call__),
        Mount("/static", app=CachedFiles(layout.STATIC)),
        Route("/favicon.ico", lambda request: FileResponse(layout.STATIC / "icon.svg")),
    ]
    handlers: dict[Any, Any] = {
        404: not_found.page(road_if_any),
        TorchbookError: error_page.page(workspace, road_if_any),
    }
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=trainings.lifespan)
    return Guard(app, port=port, hosts=hosts, token=token)
