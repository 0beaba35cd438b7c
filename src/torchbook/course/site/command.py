"""`torchbook learn` opens the course in the browser."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from torchbook.command_answer import Answer
from torchbook.course.learner import workspace as workspaces
from torchbook.course.learner.workspace import Workspace
from torchbook.course.workers.processes import warm
from torchbook.listen import address_of, check_reach, free_port, names_of, open_page, run_server


def learn(
    *, port: int | None = None, no_browser: bool = False, host: str = "127.0.0.1", token: str | None = None
) -> Answer:
    """Open the course in the browser. It runs on this machine until Ctrl-C.

    Args:
        port: where the site listens; without it 8008, or the next one that is free.
        no_browser: only print the address.
        host: the address to listen on; one that other machines reach needs a token.
        token: a word that every visitor must know; it is in the printed address.
    """
    check_reach(host, token, danger="who could run code here")
    workspace, new = find_or_make_workspace()
    free = free_port(host, port)
    address = address_of(host, free, token)
    warm(documents=True)  # in a process of its own, while the site is built and the first lines are read

    def open_course() -> None:
        open_page("the course", address, in_browser=not no_browser)
        from torchbook.course.site.first_page import make_all_pages

        make_all_pages(workspace)

    print(f"workspace   {workspace.folder}{' (new)' if new else ''}", file=sys.stderr, flush=True)
    serve(workspace, port=free, host=host, token=token, ready=open_course)
    return Answer({"address": address, "workspace": str(workspace.folder)}, "the course is closed; everything is saved")


def serve(
    workspace: Workspace,
    *,
    port: int,
    host: str = "127.0.0.1",
    token: str | None = None,
    lessons: Path | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serves the site until Ctrl-C. `lessons` is a further folder with lessons, `ready` is called once it answers. By
    then a first page has been made, so that nobody waits for what that imports.
    """
    from torchbook.course.site.app import build
    from torchbook.course.site.first_page import make_first_page

    # Exercises in a lesson find this workspace, whatever the current folder is.
    workspace = Workspace(workspace.folder.resolve())
    os.environ["TORCHBOOK_WORKSPACE"] = str(workspace.folder)
    os.chdir(workspace.folder)
    # A page that is closed while its lesson still computes is no news.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    app = build(workspace, port=port, lessons=lessons, hosts=names_of(host), token=token)
    make_first_page(workspace, lessons)
    run_server(app, host=host, port=port, ready=ready)


def find_or_make_workspace() -> tuple[Workspace, bool]:
    """Returns the workspace, and True if it was made just now, in the default folder."""
    workspace = workspaces.find()
    if workspace is not None:
        workspaces.update(workspace)
        return workspace, False
    return workspaces.make(workspaces.usual_folder())[0], True
