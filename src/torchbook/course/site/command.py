"""`torchbook learn` opens the course in the browser."""

import contextlib
import errno
import logging
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from torchbook.command_answer import Answer
from torchbook.course.learner import workspace as workspaces
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site.guard import LARGEST_BODY, in_address
from torchbook.course.workers.processes import warm
from torchbook.errors import TorchbookError

if TYPE_CHECKING:
    from uvicorn import Server

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_TOKEN = 12
# The default port, and the number of ports that are tried, from it on.
PORT, TRIED = 8008, 20


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
    if host not in LOOPBACK and not token:
        suggestion = secrets.token_urlsafe(16)
        raise TorchbookError(
            f"--host {host} lets other machines in, who could run code here; add a token: --token {suggestion}"
        )
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise TorchbookError(
            f"--token must have {SHORTEST_TOKEN} characters or more, got {len(token)}: a short one is soon guessed; "
            f"take --token {secrets.token_urlsafe(16)}"
        )
    workspace, new = find_or_make_workspace()
    free = free_port(host, port)
    address = address_of(host, free, token)
    warm(documents=True)  # in a process of its own, while the site is built and the first lines are read

    def open_course() -> None:
        print(f"the course  {address}\nCtrl-C ends it", file=sys.stderr, flush=True)
        if not no_browser:
            import webbrowser

            webbrowser.open(address)
        from torchbook.course.site.first_page import make_all_pages

        make_all_pages(workspace)

    print(f"workspace   {workspace.folder}{' (new)' if new else ''}", file=sys.stderr, flush=True)
    serve(workspace, port=free, host=host, token=token, ready=open_course)
    return Answer({"address": address, "workspace": str(workspace.folder)}, "the course is closed; everything is saved")


def address_of(host: str, port: int, token: str | None) -> str:
    """Returns the address of a site that listens at `host`: a loopback address if it listens everywhere."""
    reachable = in_address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host))
    return f"http://{reachable}:{port}/" + (f"?token={quote(token, safe='')}" if token else "")


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
    import uvicorn

    from torchbook.course.site.app import build
    from torchbook.course.site.first_page import make_first_page

    # Exercises in a lesson find this workspace, whatever the current folder is.
    workspace = Workspace(workspace.folder.resolve())
    os.environ["TORCHBOOK_WORKSPACE"] = str(workspace.folder)
    os.chdir(workspace.folder)
    # A page that is closed while its lesson still computes is no news.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    hosts = () if host in LOOPBACK else ("*",) if host in ("0.0.0.0", "::") else (host,)
    app = build(workspace, port=port, lessons=lessons, hosts=hosts, token=token)
    settings = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        ws_max_size=LARGEST_BODY,
    )
    server = uvicorn.Server(settings)
    make_first_page(workspace, lessons)
    if ready:
        threading.Thread(target=_once_it_answers, args=(server, ready), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):  # raised again once everything is closed
        server.run()


def _once_it_answers(server: "Server", ready: Callable[[], None]) -> None:
    """Calls `ready` as soon as the server answers."""
    import time

    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.02)
    ready()


def find_or_make_workspace() -> tuple[Workspace, bool]:
    """Returns the workspace, and True if it was made just now, in the default folder."""
    workspace = workspaces.find()
    if workspace is not None:
        workspaces.update(workspace)
        return workspace, False
    return workspaces.make(workspaces.usual_folder())[0], True


def free_port(host: str, requested: int | None) -> int:
    """Returns the requested port if it is free; if `requested` is None, the first free one from the default on.

    Raises:
        TorchbookError: it is taken, or the host is not this machine.
    """
    for port in [requested] if requested is not None else range(PORT, PORT + TRIED):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except (OSError, OverflowError) as error:
                if isinstance(error, socket.gaierror) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
                    raise TorchbookError(
                        f"{host} is not an address of this machine; 0.0.0.0 means all it has"
                    ) from None
                continue
            return int(trial.getsockname()[1])
    if requested is not None:
        raise TorchbookError(f"port {requested} is taken or not allowed; leave --port out, and a free one is found")
    raise TorchbookError(f"the ports {PORT} to {PORT + TRIED - 1} are taken; name a free one with --port")
