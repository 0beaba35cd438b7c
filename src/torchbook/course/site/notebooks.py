"""The lessons that are written, and each as an ASGI application: marimo in run mode."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount

from torchbook.course.site.settings import ours

# The frontend of marimo is served once for all lessons, from here; the names of its files carry their digests.
MARIMO = "/static/marimo"
# A session without a page lives this long (seconds): the time that a page may need to come back.
PATIENCE = 15


@dataclass(frozen=True)
class Notebook:
    """A lesson that is written: its number, its file `NN_name.py`, and its address on the site."""

    number: int
    file: Path

    @property
    def address(self) -> str:
        """For instance `/lessons/08-gradient-descent/`."""
        return f"/lessons/{self.file.stem.replace('_', '-')}/"


def found(folder: Path) -> list[Notebook]:
    """The lessons in a folder, in their order."""
    files = sorted(folder.glob("[0-9][0-9]_*.py"))
    return [Notebook(int(file.name[:2]), file) for file in files if re.fullmatch(r"\d\d_\w+\.py", file.name)]


def served(notebook: Notebook) -> Starlette:
    """The lesson as an application to be mounted at its address."""
    with ours():
        import marimo

        path = notebook.address.rstrip("/")
        builder = marimo.create_asgi_app(quiet=True, session_ttl=PATIENCE, asset_url=MARIMO)
        built = builder.with_app(path=path, root=str(notebook.file)).build()
    mounts: list[Any] = [route for route in built.routes if isinstance(route, Mount)]  # type: ignore[attr-defined]
    app = next(mount.app for mount in mounts if mount.path == path)
    # It would note every lesson among the files that the person edited last.
    app.state.session_manager.recents.touch = lambda filename: None
    return app


def frontend() -> Path:
    """The folder of marimo's frontend."""
    import marimo

    return Path(marimo.__file__).parent / "_static"
