"""The data sets as pages: all of them, and the card of one."""

import re
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

import torchbook
from torchbook.course.site import layout
from torchbook.course.site.catalogue import data_sets
from torchbook.course.site.lesson_status import Stop
from torchbook.course.site.markdown import inline
from torchbook.errors import TorchbookError
from torchbook.home import home

_ONE_AT_A_TIME = Lock()


def endpoints(
    road: Callable[[], Sequence[Stop]],
) -> tuple[Callable[[Request], Response], Callable[[Request], Response]]:
    """The page of all data sets, and that of one."""

    def listed(request: Request) -> Response:
        rows = "".join(
            f'<li><h2><a href="/data/{name}">{name}</a></h2><p>{inline(about)}</p></li>' for name, about in data_sets()
        )
        lead = (
            '<p class="lead">What the lessons and recipes learn from. The card of a data set shows examples, balance '
            "and what may be wrong with it. For a folder, a zip or a table of your own:</p>"
            "<pre><code>torchbook data show my-pictures</code></pre>"
        )
        body = f'<h1>Data sets</h1>{lead}<ul class="site-cards">{rows}</ul>'
        return layout.page("Data sets", body, road=road(), here="/data", styles=["pages.css"], wide=True)

    def one(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in dict(data_sets()):
            body = '<h1>No such data set</h1><p><a href="/data">All data sets</a> are listed on their page.</p>'
            return layout.page("No such data set", body, road=road(), here="/data", status=404)
        try:
            content = _card(name)
        except (TorchbookError, OSError) as error:
            content = f"<h1>{name}</h1><p>Its card cannot be made: {escape(str(error))}</p>"
        body = f'<p class="site-crumb"><a href="/data">← Data sets</a></p>{content}'
        return layout.page(name, body, road=road(), here="/data", styles=["pages.css"], wide=True)

    return listed, one


def _card(name: str) -> str:
    file = home() / "cards" / f"{name}.html"
    with _ONE_AT_A_TIME:
        if not _fresh(file):
            from torchbook.data.card.card_page import write_card
            from torchbook.data.card.inspection import inspect
            from torchbook.data.load import load
            from torchbook.data.sets.download import NotHere, without_fetching

            try:
                # The site sends no request: of what comes from elsewhere it only shows a card that is there.
                with without_fetching():
                    data = load(name)
                write_card(data, inspect(data), file)
            except NotHere:
                if not file.is_file():
                    return _elsewhere(name)
    return framed(file.read_text(encoding="utf-8"))


def _elsewhere(name: str) -> str:
    about = inline(dict(data_sets())[name])
    return (
        f"<h1>{name}</h1><p>{about}</p><p>It is not part of torchbook: it is downloaded once, when you ask for it."
        f"</p><pre><code>torchbook data show {name}</code></pre>"
    )


def _fresh(file: Path) -> bool:
    """Whether a card is younger than the code that makes cards and data."""
    code = Path(torchbook.__file__).parent / "data"
    return file.is_file() and file.stat().st_mtime > max(one.stat().st_mtime for one in code.rglob("*.py"))


def framed(card: str) -> str:
    """The page of a card as a part of another page: its styles apply to it alone."""
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
