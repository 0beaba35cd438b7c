"""The site as one ASGI application: our own pages, and every lesson as a marimo notebook in run mode."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from torchbook.course.site import notebooks
from torchbook.course.workspace import Workspace

LESSONS = Path(__file__).parents[1] / "lessons"


def build(workspace: Workspace, *, port: int, lessons: Path = LESSONS) -> ASGIApp:
    """The site of a workspace. `lessons` is the folder with the lessons, `NN_name.py`."""
    routes: list[BaseRoute] = [Route("/", lambda request: HTMLResponse("<!doctype html><title>torchbook</title>"))]
    for notebook in notebooks.found(lessons):
        routes.append(Route(f"/lessons/{notebook.number:02}", _to(notebook.address)))
        routes.append(Route(notebook.address.rstrip("/"), _to(notebook.address)))
        routes.append(Mount(notebook.address, app=notebooks.served(notebook)))
    return Starlette(routes=routes)


def _to(address: str):
    async def redirect(request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(address + query)

    return redirect
