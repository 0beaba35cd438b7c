"""`torchbook learn` opens the course in the browser, `torchbook lab` a copy of a lesson in marimo's editor."""

import contextlib
import errno
import logging
import os
import secrets
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from torchbook.answers import Answer
from torchbook.course.learner import workspace as workspaces
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site.guard import in_address
from torchbook.errors import TorchbookError

if TYPE_CHECKING:
    from uvicorn import Server

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# The default port, and how many after it are tried where it is taken.
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
        made = secrets.token_urlsafe(16)
        raise TorchbookError(
            f"--host {host} lets other machines in, who could run code here; add a token: --token {made}"
        )
    workspace, new = _workspace()
    found = free_port(host, port)
    address = address_of(host, found, token)
    told = [f"workspace   {workspace.folder}{' (new)' if new else ''}", f"the course  {address}", "Ctrl-C ends it"]
    print("\n".join(told), file=sys.stderr, flush=True)
    serve(workspace, port=found, host=host, token=token, open_at=None if no_browser else address)
    return Answer({"address": address, "workspace": str(workspace.folder)}, "the course is closed; everything is saved")


def address_of(host: str, port: int, token: str | None) -> str:
    """The address of a site that listens at `host`; of one that listens everywhere, that on this machine."""
    shown = in_address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host))
    return f"http://{shown}:{port}/" + (f"?token={quote(token, safe='')}" if token else "")


def lab(lesson: str, /, *, port: int | None = None, no_browser: bool = False) -> Answer:
    """Open a copy of a lesson in an editor, to change at will: torchbook lab 08.

    Args:
        lesson: the number of the lesson.
        port: where the editor listens; without it one that is free.
        no_browser: only print the address.
    """
    from torchbook.course.site.lab import copied, edit

    workspace, _ = _workspace()
    copy = copied(workspace, lesson)
    print(f"your copy   {copy}", file=sys.stderr, flush=True)
    edit(copy, port=free_port("127.0.0.1", port), no_browser=no_browser)
    return Answer({"copy": str(copy)}, f"your copy is in {copy}")


def serve(
    workspace: Workspace,
    *,
    port: int,
    host: str = "127.0.0.1",
    token: str | None = None,
    lessons: Path | None = None,
    open_at: str | None = None,
) -> None:
    """Serves the site until Ctrl-C. `lessons` is another folder with lessons, `open_at` the address for the browser."""
    import uvicorn

    from torchbook.course.site.app import LESSONS, build
    from torchbook.course.site.settings import ours

    # Exercises in a lesson find this workspace, whatever the current folder is.
    workspace = Workspace(workspace.folder.resolve())
    os.environ["TORCHBOOK_WORKSPACE"] = str(workspace.folder)
    os.chdir(workspace.folder)
    # A page that is closed while its lesson still computes is no news.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    with ours():
        hosts = () if host in LOOPBACK else ("*",) if host in ("0.0.0.0", "::") else (host,)
        app = build(workspace, port=port, lessons=lessons or LESSONS, hosts=hosts, token=token)
        settings = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(settings)
        if open_at:
            threading.Thread(target=_when_it_answers, args=(server, open_at), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):  # raised again once everything is closed
            server.run()


def _when_it_answers(server: "Server", open_at: str) -> None:
    """Opens the browser."""
    import time
    import webbrowser

    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.02)
    webbrowser.open(open_at)


def _workspace() -> tuple[Workspace, bool]:
    """The workspace that is found, or a new one where workspaces usually are."""
    found = workspaces.find()
    if found is not None:
        workspaces.update(found)
        return found, False
    return workspaces.make(workspaces.usual_folder())[0], True


def free_port(host: str, wanted: int | None) -> int:
    """The port that is wanted, if it is free; without a wish the usual one or one of those after it.

    Raises:
        TorchbookError: it is taken, or the host is not this machine.
    """
    for port in [wanted] if wanted is not None else range(PORT, PORT + TRIED):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except (OSError, OverflowError) as error:
                if isinstance(error, socket.gaierror) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
                    raise TorchbookError(f"{host} is no address of this machine; 0.0.0.0 is all that it has") from None
                continue
            return int(trial.getsockname()[1])
    if wanted is not None:
        raise TorchbookError(f"port {wanted} is taken or not allowed; leave --port out, and a free one is found")
    raise TorchbookError(f"the ports {PORT} to {PORT + TRIED - 1} are taken; name a free one with --port")
