"""The lessons that there are, and each as an ASGI application: marimo in run mode with the code shown."""

import re
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

# marimo shows code in run mode only where the address asks for it; the addresses of lessons are to stay readable.
_SHOW_CODE = """<script>
  const asked = URLSearchParams.prototype.get;
  URLSearchParams.prototype.get = function (name) {
    const value = asked.call(this, name);
    return value === null && name === "show-code" ? "true" : value;
  };
</script>"""


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
    return [Notebook(int(file.name[:2]), file) for file in sorted(folder.glob("[0-9][0-9]_*.py")) if _named(file)]


def _named(file: Path) -> bool:
    return re.fullmatch(r"\d\d_\w+\.py", file.name) is not None


def served(notebook: Notebook) -> ASGIApp:
    """The lesson as an application to be mounted at its address."""
    import marimo

    path = notebook.address.rstrip("/")
    builder = marimo.create_asgi_app(quiet=True, include_code=True, session_ttl=60, html_head=_SHOW_CODE)
    app = builder.with_app(path=path, root=str(notebook.file)).build()
    return next(route.app for route in app.routes if getattr(route, "path", None) == path and hasattr(route, "app"))
