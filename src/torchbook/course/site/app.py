"""The site as one ASGI application: our own pages, and every lesson as a marimo notebook in run mode."""

import contextlib
import threading
from collections.abc import AsyncIterator, Callable
from itertools import chain
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import (
    bookmarks,
    catalogue,
    data_pages,
    document_page,
    error_page,
    glossary_pages,
    home,
    katex,
    layout,
    loading,
    not_found,
    notebooks,
    review_page,
    runs,
    search,
)
from torchbook.course.site.guard import Guard
from torchbook.course.site.lesson_page import LessonPage
from torchbook.course.site.lesson_status import LessonStatus, continue_at, lesson_statuses
from torchbook.course.site.static_files import CachedFiles
from torchbook.course.site.websocket import Presence
from torchbook.errors import TorchbookError

LESSONS = Path(__file__).parents[1] / "lessons"


def build(
    workspace: Workspace,
    *,
    port: int,
    lessons: Path = LESSONS,
    hosts: tuple[str, ...] = (),
    token: str | None = None,
) -> ASGIApp:
    """Builds the site of a workspace.

    `lessons` is the folder with the lessons, `NN_name.py`. `hosts` are further host names under which the site answers,
    besides those of loopback; with a `token` every visit needs it.
    """
    loading.parse_in_turn()
    loading.remember()
    lesson_notebooks = notebooks.found(lessons)

    def road() -> list[LessonStatus]:
        return lesson_statuses(workspace, lesson_notebooks)

    def road_if_any() -> list[LessonStatus]:
        """Returns no lessons where the workspace cannot be read, for pages that must be shown nevertheless."""
        try:
            return road()
        except TorchbookError:
            return []

    terms, term = glossary_pages.endpoints(road)
    data_sets, data_set = data_pages.endpoints(road)
    results, typed = search.endpoints(workspace, road)
    routes: list[BaseRoute] = [
        Route("/", home.page(workspace, road)),
        Route("/search", results),
        Route("/search.json", typed),
        Route("/glossary", terms),
        Route("/glossary/{term}", term),
        Route("/data", data_sets),
        Route("/data/{name}", data_set),
        Route("/recipes", catalogue.page(road)),
        *(Route(address, endpoint) for address, endpoint in runs.endpoints(road).items()),
        *review_page.routes(workspace, road),
        *document_page.routes(workspace, road, lessons=lessons),
        Route("/static/katex.css", katex.style),
        Route("/static/katex.js", katex.script),
        WebSocketRoute("/presence", Presence(workspace, road).__call__),
        Mount(notebooks.MARIMO, app=CachedFiles(notebooks.frontend())),
        Mount("/static", app=CachedFiles(layout.STATIC)),
        Route("/favicon.ico", lambda request: FileResponse(layout.STATIC / "icon.svg")),
    ]
    pages = []
    for notebook in lesson_notebooks:
        page = LessonPage(notebook, road=road)
        pages.append(page)
        routes.append(Route(f"/lessons/{notebook.number:02}", _redirect_to(notebook.address)))
        routes.append(Route(notebook.address.rstrip("/"), _redirect_to(notebook.address)))
        routes.append(Mount(notebook.address.rstrip("/"), app=page))

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        threading.Thread(target=prepare, daemon=True).start()
        yield
        for page in pages:
            await page.close()

    def prepare() -> None:
        lessons = map(LessonPage.ahead, pages_from_bookmark())
        loading.in_turn(chain(*lessons, [catalogue.recipes, catalogue.data_sets]))

    def pages_from_bookmark() -> list[LessonPage]:
        status = continue_at(road_if_any(), bookmarks.last(workspace))
        first = lesson_notebooks.index(status.notebook) if status and status.notebook else 0
        return pages[first:] + pages[:first]

    handlers: dict[Any, Any] = {
        404: not_found.page(road_if_any),
        TorchbookError: error_page.page(workspace, road_if_any),
    }
    return Guard(
        Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers), port=port, hosts=hosts, token=token
    )


def _redirect_to(address: str) -> Callable[[Request], Response]:
    def redirect(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(address + query)

    return redirect
