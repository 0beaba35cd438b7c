"""The runs as pages: all of them, and one with its model card, its curves and its pictures."""

import re
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from torchbook.course.site import layout
from torchbook.course.site.curves import curve, number, series_of
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.site.markdown import rendered
from torchbook.errors import TorchbookError
from torchbook.home import home

if TYPE_CHECKING:
    from torchbook.run import Run

# A part of a run's address, as `Run.create` allows names, and a picture in its folder.
_NAME = re.compile(r"\w[\w.\- ]*")
_PICTURE = re.compile(r"\w[\w.\- ]*\.(png|jpe?g)")
_DEPTH = 3
_PICTURES = 24


def endpoints(road: Callable[[], Sequence[LessonStatus]]) -> dict[str, Callable[[Request], Response]]:
    """Returns the endpoints by their routes."""

    def all_runs(request: Request) -> Response:
        folders = _children(home() / "runs")
        rows = "".join(_row(path) for path in sorted(folders, key=lambda path: -path.stat().st_mtime))
        empty = (
            '<p class="lead">There are no runs yet. A run is one trained model in a folder that anyone can read.</p>'
            "<pre><code>torchbook train mlp</code></pre>"
        )
        content = f'<ul class="site-cards">{rows}</ul>' if rows else empty
        body = f"<h1>Runs</h1>{content}"
        return layout.page("Runs", body, road=road(), here="/runs", styles=["pages.css"], wide=True)

    def single(request: Request) -> Response:
        path = run_folder(request.path_params["name"])
        if path is None:
            body = '<h1>No such run</h1><p><a href="/runs">All runs</a> are listed on their page.</p>'
            return layout.page("No such run", body, road=road(), here="/runs", status=404)
        name = request.path_params["name"].strip("/")
        return layout.page(name, _page(path, name), road=road(), here="/runs", styles=["pages.css"], wide=True)

    def picture(request: Request) -> Response:
        path, file = run_folder(request.path_params["name"]), request.path_params["file"]
        if path is None or not _PICTURE.fullmatch(file) or not (path / "pictures" / file).is_file():
            return PlainTextResponse("no such picture", status_code=404)
        return FileResponse(path / "pictures" / file, headers={"Cache-Control": "no-cache"})

    return {"/runs": all_runs, "/runs/{name:path}/pictures/{file}": picture, "/runs/{name:path}": single}


def run_folder(name: str) -> Path | None:
    """Returns the folder of a run by its name, only inside the folder of all runs; None if there is no such run."""
    parts, root = name.strip("/").split("/"), (home() / "runs").resolve()
    if len(parts) > _DEPTH or not all(_NAME.fullmatch(part) for part in parts):
        return None
    path = root.joinpath(*parts).resolve()
    return path if path.is_relative_to(root) and (path / "recipe.json").is_file() else None


def _children(folder: Path) -> list[Path]:
    return [file.parent for file in folder.glob("*/recipe.json") if _NAME.fullmatch(file.parent.name)]


def _row(path: Path, *, inside: str = "") -> str:
    name = f"{inside}{path.name}"
    try:
        run = _open(path)
        entries, facts = run.entries(), _facts(run)
    except (TorchbookError, OSError, ValueError) as error:
        return f"<li><h2>{escape(name)}</h2><p>It cannot be read: {escape(str(error))}</p></li>"
    drawing = curve(series_of(entries), name) if entries else ""
    details, link = " · ".join(escape(value) for value in facts.values() if value), f"/runs/{quote(name)}"
    return f'<li><h2><a href="{link}">{escape(path.name)}</a></h2><p class="facts">{details}</p>{drawing}</li>'


def _open(path: Path) -> "Run":
    # With runs comes torch, for which the first page need not wait.
    from torchbook.run import Run

    return Run.open(path)


def _facts(run: "Run") -> dict[str, str]:
    result: dict[str, Any] = run.result or {}
    test = {key: value for key, value in result.get("test", {}).items() if isinstance(value, int | float)}
    return {
        "recipe": run.recipe,
        "data": str(run.about.get("arguments", {}).get("data", "")),
        "test": ", ".join(f"{key} {number(key, value)}" for key, value in test.items() if key != "count"),
        "state": "finished" if result else "not finished",
        "created": str(run.about.get("created", ""))[:16].replace("T", " "),
    }


def _page(path: Path, name: str) -> str:
    try:
        run = _open(path)
        entries, facts = run.entries(), _facts(run)
    except (TorchbookError, OSError, ValueError) as error:
        return f"<h1>{escape(path.name)}</h1><p>The run cannot be read: {escape(str(error))}</p>"
    up = f"/runs/{quote(name.rpartition('/')[0])}".rstrip("/")
    parts = [
        f'<p class="site-crumb"><a href="{up}">← {"Runs" if up == "/runs" else escape(name.rpartition("/")[0])}</a></p>'
    ]
    parts.append(f"<h1>{escape(path.name)}</h1>")
    definitions = "".join(f"<div><dt>{key}</dt><dd>{escape(value)}</dd></div>" for key, value in facts.items() if value)
    parts.append(f'<dl class="site-facts">{definitions}</dl>')
    for series in series_of(entries, all_of_them=True):
        parts.append(f'<div class="site-curve">{curve([series], name)}</div>')
    card = path / "card.md"
    if card.is_file():
        text = re.sub(r"^# .*\n", "", card.read_text(encoding="utf-8", errors="replace"))
        parts.append(f"<h2>Model card</h2>{rendered(text)}")
    if inner := sorted(_children(path)):
        rows = "".join(_row(folder, inside=f"{name}/") for folder in inner)
        parts.append(f'<h2>Runs inside</h2><ul class="site-cards">{rows}</ul>')
    pictures = [file for file in sorted((path / "pictures").glob("*")) if _PICTURE.fullmatch(file.name)]
    if pictures:
        figures = "".join(_figure(name, file.name) for file in pictures[-_PICTURES:])
        parts.append(f'<h2>Pictures</h2><div class="site-pictures">{figures}</div>')
    state = "evaluate" if run.result else "resume"
    parts.append(f"<h2>In the terminal</h2><pre><code>torchbook {state} {escape(name)}</code></pre>")
    return "".join(parts)


def _figure(name: str, file: str) -> str:
    words = file.rpartition(".")[0].replace("-", " ")
    address = f"/runs/{quote(name)}/pictures/{quote(file)}"
    image = f'<img src="{address}" alt="{escape(words)}" loading="lazy">'
    return f"<figure>{image}<figcaption>{escape(words)}</figcaption></figure>"
