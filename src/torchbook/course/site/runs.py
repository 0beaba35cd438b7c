"""The runs as pages: all of them, and one with its model card, its curves and its pictures."""

import re
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from torchbook.course.site import layout, trainings
from torchbook.course.site.curves import curve, is_number, series_of
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.site.markdown import rendered
from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.measure_text import measure_text
from torchbook.run_folder import RunFolder, is_run, run_folders

# A part of a run's address, as `Run.create` allows names, and a picture in its folder.
_NAME = re.compile(r"\w[\w.\- ]*")
_PICTURE = re.compile(r"\w[\w.\- ]*\.(png|jpe?g)")
_DEPTH = 3
_PICTURES = 24


def endpoints(road: Callable[[], Sequence[LessonStatus]]) -> dict[str, Callable[[Request], Response]]:
    """Returns the endpoints by their routes."""

    def all_runs(request: Request) -> Response:
        folders = _children(home() / "runs")
        rows = "".join(_row(path) for path in sorted(folders, key=_changed, reverse=True))
        empty = (
            '<p class="lead">There are no runs yet. A run is one trained model in a folder that anyone can read.</p>'
            f"{trainings.button('mlp')}"
            '<p>Everything that can be trained is listed under <a href="/recipes">recipes</a>.</p>'
        )
        content = f'<ul class="site-cards">{rows}</ul>' if rows else empty
        body = f"<h1>Runs</h1>{content}"
        styles, scripts = ["pages.css", "train.css"], ["train.js"]
        return layout.page("Runs", body, road=road(), here="/runs", styles=styles, scripts=scripts, wide=True)

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
    return path if path.is_relative_to(root) and is_run(path) else None


def _children(folder: Path) -> list[Path]:
    return [path for path in run_folders(folder) if _NAME.fullmatch(path.name)]


def _changed(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # it has just been removed
        return 0.0


def _row(path: Path, *, inside: str = "") -> str:
    name = f"{inside}{path.name}"
    try:
        run = RunFolder.open(path)
        drawing, facts = curve(series_of(run.entries()), name), _facts(run)
    except Exception as error:  # one odd run costs that one, whatever is odd about it
        return f"<li><h2>{escape(name)}</h2><p>It cannot be read: {escape(str(error))}</p></li>"
    details, link = " · ".join(escape(value) for value in facts.values() if value), f"/runs/{quote(name)}"
    return f'<li><h2><a href="{link}">{escape(path.name)}</a></h2><p class="facts">{details}</p>{drawing}</li>'


def _facts(run: RunFolder) -> dict[str, str]:
    result: dict[str, Any] = run.result or {}
    test = {key: float(value) for key, value in result.get("test", {}).items() if is_number(value)}
    return {
        "recipe": run.recipe,
        "data": str(run.about["arguments"].get("data", "")),
        "test": ", ".join(f"{key} {measure_text(key, value)}" for key, value in test.items() if key != "count"),
        "state": "finished" if result else "not finished",
        "odd": "; ".join(run.oddities),
        "created": run.about.get("created", "")[:16].replace("T", " "),
    }


def _page(path: Path, name: str) -> str:
    try:
        run = RunFolder.open(path)
        entries, facts = run.entries(), _facts(run)
        state = "evaluate" if run.result else "resume"
    except (TorchbookError, OSError) as error:
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
    parts.append(f"<h2>In the terminal</h2><pre><code>torchbook {state} {escape(name)}</code></pre>")
    return "".join(parts)


def _figure(name: str, file: str) -> str:
    words = file.rpartition(".")[0].replace("-", " ")
    address = f"/runs/{quote(name)}/pictures/{quote(file)}"
    image = f'<img src="{address}" alt="{escape(words)}" loading="lazy">'
    return f"<figure>{image}<figcaption>{escape(words)}</figcaption></figure>"
