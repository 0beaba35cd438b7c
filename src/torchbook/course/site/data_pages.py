"""The data sets as pages: all of them with a picture, and the card of one.

Pictures and cards are made once, by processes of their own, and kept under `TORCHBOOK_HOME`; the server has no torch.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from threading import Lock, Thread

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from torchbook.course.site import layout, trainings
from torchbook.course.site.catalogue import data_sets, picture_of, recipes_of
from torchbook.course.site.drawings import is_fresh, kept_drawing
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.site.markdown import inline
from torchbook.data.source import DATA_SETS
from torchbook.home import home

_CODE = ("data",)  # what makes cards and data
_WAIT = 2.5  # seconds until a page says that the card is being made
_AGAIN = "3"  # seconds until such a page asks again


def routes(road: Callable[[], Sequence[LessonStatus]]) -> list[BaseRoute]:
    """Returns the pages of all data sets and of one, and the pictures."""
    cards = _Cards()

    def listed(request: Request) -> Response:
        rows = "".join(_row(name, about) for name, about in data_sets())
        lead = (
            '<p class="lead">What the lessons and recipes learn from. The card of a data set shows examples, balance '
            "and what may be wrong with it. For a folder, a zip or a table of your own:</p>"
            "<pre><code>torchbook data show my-pictures</code></pre>"
        )
        body = f'<h1>Data sets</h1>{lead}<ul class="site-cards">{rows}</ul>'
        return layout.page("Data sets", body, road=road(), here="/data", styles=["pages.css"], wide=True)

    def card_of(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in DATA_SETS:
            body = '<h1>No such data set</h1><p><a href="/data">All data sets</a> are listed on their page.</p>'
            return layout.page("No such data set", body, road=road(), here="/data", status=404)
        content, ready = cards.content(name)
        body = f'<p class="site-crumb"><a href="/data">← Data sets</a></p>{content}{_used_by(name)}'
        styles, scripts = ["pages.css", "train.css"], ["train.js"]
        page = layout.page(name, body, road=road(), here="/data", styles=styles, scripts=scripts, wide=True)
        if not ready:
            page.headers["Refresh"] = _AGAIN
        return page

    def drawing(request: Request) -> Response:
        drawn = [name for name, loader in DATA_SETS.items() if not loader.downloads]
        name, folder = request.path_params["name"], home() / "cards"
        file = kept_drawing(name, drawn, program="torchbook.data.card.preview", folder=folder, code=_CODE)
        if file is None:
            return PlainTextResponse("no such picture", status_code=404)
        return FileResponse(file, media_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})

    return [Route("/data", listed), Route("/data/{name}.svg", drawing), Route("/data/{name}", card_of)]


def _row(name: str, about: str) -> str:
    links = ", ".join(f'<a href="/recipes#{recipe}">{recipe}</a>' for recipe in recipes_of(name))
    learning = f'<p class="facts site-tags">Used by {links}</p>' if links else ""
    return (
        f'<li>{picture_of(name)}<h2><a href="/data/{name}">{name}</a></h2><p>{inline(about)}</p>{learning}'
        f'<p class="site-do"><a href="/data/{name}" aria-label="Look into {name}">Look into it</a></p></li>'
    )


def _used_by(name: str) -> str:
    buttons = "".join(trainings.button(recipe) for recipe in recipes_of(name))
    return f"<h2>Train on it</h2>{buttons}" if buttons else ""


class _Making:
    """A process that makes a card, and the last line that it has printed where it failed."""

    def __init__(self, name: str, file: Path):
        self.command = [sys.executable, "-m", "torchbook", "data", "show", name, "--out", str(file)]
        self.error = ""
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        ended = subprocess.run(self.command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if ended.returncode:
            self.error = "".join(ended.stderr.decode(errors="replace").strip().splitlines()[-1:])


class _Cards:
    """The cards, each made by a process of its own when it is asked for first."""

    def __init__(self) -> None:
        self.making: dict[str, _Making] = {}
        self.lock = Lock()

    def content(self, name: str) -> tuple[str, bool]:
        """Returns the card of a data set, or what is said in its place, and True if that is all there will be."""
        file, loader = home() / "cards" / f"{name}.html", DATA_SETS[name]
        if file.is_file() and (loader.downloads or is_fresh(file, _CODE)):
            return framed(file.read_text(encoding="utf-8")), True
        about = inline(loader.signature.summary)
        # The site sends no request: of data that would be downloaded it only shows a card that is there.
        if loader.downloads:
            return (
                f"<h1>{name}</h1><p>{about}</p><p>It is not part of torchbook: it is downloaded once, when you ask for "
                f"it.</p><pre><code>torchbook data show {name}</code></pre>"
            ), True
        with self.lock:
            making = self.making[name] = self.making.get(name) or _Making(name, file)
        making.thread.join(_WAIT)
        if making.thread.is_alive():
            waiting = "Its card is being made, once; drawn pictures take a minute. It appears here by itself."
            return f'<h1>{name}</h1><p>{about}</p>{picture_of(name)}<p role="status">{waiting}</p>', False
        self.making.pop(name, None)
        if making.error or not file.is_file():
            return f"<h1>{name}</h1><p>Its card cannot be made: {escape(making.error)}</p>", True
        return framed(file.read_text(encoding="utf-8")), True


def framed(card: str) -> str:
    """Returns the page of a card as a part of another page: its styles apply to it alone."""
    style = re.search(r"<style>(.*?)</style>", card, re.S)
    inside = re.search(r"<body>(.*)</body>", card, re.S)
    if style is None or inside is None:
        return "<p>The card is damaged; make it again with <code>torchbook data show</code>.</p>"
    rules = style[1].replace(":root", ":host").replace("body {", ":host {", 1)
    ours = ":host { --paper: transparent; } main { padding: 0; max-width: none; } h1 { font-size: 2.3rem; }"
    html = inside[1].replace("<main>", "<div class=main>").replace("</main>", "</div>")
    # Drawings without words beside a number that says the same.
    html = re.sub(r'<svg (?![^>]*aria-label)([^>]*?)role="img"', r'<svg \1aria-hidden="true"', html)
    rules = re.sub(r"(?<![\w.-])main\b", ".main", f"{rules} {ours}")
    return f'<div class="site-card-frame"><template shadowrootmode="open"><style>{rules}</style>{html}</template></div>'
