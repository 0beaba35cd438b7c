"""The glossary as pages: all terms, and one term with its formula or code, its lessons and related terms."""

from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from torchbook.course.site import layout
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.site.markdown import formula, inline
from torchbook.course.texts.glossary import Entry, find, packaged_glossary
from torchbook.course.texts.plan import planned_lesson


def endpoints(
    road: Callable[[], Sequence[LessonStatus]],
) -> tuple[Callable[[Request], Response], Callable[[Request], Response]]:
    """Returns the endpoints of the page of all terms and of the page of one term."""

    def terms(request: Request) -> Response:
        groups = []
        for letter, entries in groupby(packaged_glossary(), key=lambda entry: _initial(entry.term)):
            rows = "".join(f'<li><a href="{address(entry.term)}">{escape(entry.term)}</a></li>' for entry in entries)
            groups.append(f'<section><h2 id="letter-{letter}">{letter}</h2><ul>{rows}</ul></section>')
        body = (
            f'<h1>Glossary</h1><p class="lead">{len(packaged_glossary())} words of the field, each with a formula '
            'or a few lines that run. Another page shows how to <a href="/formulas">write formulas</a>.</p>'
            f'<div class="site-terms">{"".join(groups)}</div>'
        )
        return layout.page("Glossary", body, road=road(), here="/glossary", styles=["pages.css"], wide=True)

    def term(request: Request) -> Response:
        name, lessons = request.path_params["term"], road()
        entry, near = find(packaged_glossary(), name)
        if entry is None:
            links = ", ".join(f'<a href="{address(term_nearby)}">{escape(term_nearby)}</a>' for term_nearby in near)
            hint = f"Did you mean {links}?" if near else '<a href="/glossary">All terms</a> are a click away.'
            body = f"<h1>No such term</h1><p>The glossary has no entry for “{escape(name)}”. {hint}</p>"
            return layout.page("No such term", body, road=lessons, here="/glossary", status=404)
        if entry.term != name:
            return RedirectResponse(address(entry.term))
        return layout.page(entry.term, _page(entry, lessons), road=lessons, here="/glossary", styles=["pages.css"])

    return terms, term


def address(term: str) -> str:
    """Returns the address of the page that explains a term."""
    return f"/glossary/{quote(term)}"


def _initial(term: str) -> str:
    return term[0].upper() if term[0].isalpha() else "0–9"


def _page(entry: Entry, road: Sequence[LessonStatus]) -> str:
    addresses = {status.number: status.address for status in road}
    also = f'<p class="also">also {escape(", ".join(entry.aliases))}</p>' if entry.aliases else ""
    parts = [f"<h1>{escape(entry.term)}</h1>{also}", f'<p class="text">{inline(entry.text)}</p>']
    if entry.formula:
        parts.append(f'<p class="formula">{formula(entry.formula, display=True)}</p>')
    if entry.code:
        parts.append(f"<pre><code>{escape(entry.code)}</code></pre>")
    lessons = []
    for number in entry.lessons:
        title = f"{number:02} {escape(planned_lesson(number).title)}"
        lessons.append(f'<a href="{addresses[number]}">{title}</a>' if number in addresses else title)
    parts.append(f"<h2>Where it is used</h2><p>{', '.join(lessons)}</p>")
    if entry.see:
        links = ", ".join(f'<a href="{address(neighbour)}">{escape(neighbour)}</a>' for neighbour in entry.see)
        parts.append(f"<h2>See also</h2><p>{links}</p>")
    entries = list(packaged_glossary())
    at = entries.index(entry)
    before, after = (entries[at - 1] if at else None), (entries[at + 1] if at + 1 < len(entries) else None)
    links_around = [
        f'<a href="{address(neighbour.term)}" class="{side}"><small>{word}</small><b>{escape(neighbour.term)}</b></a>'
        if neighbour
        else "<span></span>"
        for neighbour, side, word in ((before, "previous", "← Before"), (after, "next", "After →"))
    ]
    nav = f'<nav class="site-turn" aria-label="Terms">{"".join(links_around)}</nav>'
    return f'<article class="site-term">{"".join(parts)}</article>{nav}'
