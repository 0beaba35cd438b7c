"""Where a server on this machine listens, who may reach it, and how it runs."""

import contextlib
import errno
import secrets
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from torchbook.errors import TorchbookError
from torchbook.guard import LARGEST_BODY, LOOPBACK, in_address

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn import Server

EVERYWHERE = ("0.0.0.0", "::")
SHORTEST_TOKEN = 12
# The default port, and the number of ports that are tried, from it on.
PORT, TRIED = 8008, 20


def check_reach(host: str, token: str | None, *, danger: str) -> None:
    """Refuses an address that other machines reach without a token, and a token that is soon guessed.

    `danger` says of other machines what they could do: "who could run code here".

    Raises:
        TorchbookError: in one of these cases.
    """
    if host not in LOOPBACK and not token:
        suggestion = secrets.token_urlsafe(16)
        raise TorchbookError(f"--host {host} lets other machines in, {danger}; add a token: --token {suggestion}")
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise TorchbookError(
            f"--token must have {SHORTEST_TOKEN} characters or more, got {len(token)}: a short one is soon guessed; "
            f"take --token {secrets.token_urlsafe(16)}"
        )


def names_of(host: str) -> tuple[str, ...]:
    """Returns the names under which a server that listens at `host` answers, besides those of loopback."""
    return () if host in LOOPBACK else ("*",) if host in EVERYWHERE else (host,)


def address_of(host: str, port: int, token: str | None) -> str:
    """Returns the address of a site that listens at `host`: a loopback address if it listens everywhere."""
    reachable = in_address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host))
    return f"http://{reachable}:{port}/" + (f"?token={quote(token, safe='')}" if token else "")


def open_page(what: str, address: str, *, in_browser: bool) -> None:
    """Says where something is served, and opens it in the browser if asked to."""
    print(f"{what}  {address}\nCtrl-C ends it", file=sys.stderr, flush=True)
    if in_browser:
        import webbrowser

        webbrowser.open(address)


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


def run_server(app: "ASGIApp", *, host: str, port: int, ready: Callable[[], None] | None = None) -> None:
    """Runs an application until Ctrl-C; `ready` is called once it answers."""
    import uvicorn

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
