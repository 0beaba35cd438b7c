"""The frame around every page: its head, the bar with menu, search and progress, and the end of the page."""

import hashlib
from collections.abc import Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from starlette.responses import HTMLResponse

from torchbook.course.site.lesson_status import Stop

STATIC = Path(__file__).parent / "static"
PLACES = (("/", "The road"), ("/glossary", "Glossary"), ("/runs", "Runs"), ("/data", "Data"), ("/recipes", "Recipes"))


@cache
def asset(name: str) -> str:
    """The address of one of our own static files; it changes with the content, so that browsers may keep the file."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def head(*, styles: Sequence[str] = (), scripts: Sequence[str] = ()) -> str:
    """What every page has in its head, and the style sheets and modules of this one."""
    links = "".join(f'<link rel="stylesheet" href="{asset(name)}">' for name in ("site.css", *styles))
    modules = "".join(
        f'<script type="module" src="{asset(name)}"></script>' for name in ("site.js", "search.js", *scripts)
    )
    return (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{asset("icon.svg")}" type="image/svg+xml">{links}{modules}'
    )


def page(
    title: str,
    body: str,
    *,
    road: Sequence[Stop],
    here: str = "",
    status: int = 200,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    wide: bool = False,
) -> HTMLResponse:
    """A page of the site. `here` is the place of the bar's menu that it belongs to."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)} · torchbook</title>{head(styles=styles, scripts=scripts)}</head>"
        f"<body>{bar(road, here=here)}"
        f'<main id="content" class="site-main{" site-wide" if wide else ""}">{body}</main>'
        f"{foot()}</body></html>",
        status_code=status,
        headers={"Cache-Control": "no-cache"},
    )


def bar(road: Sequence[Stop], *, here: str = "", lesson: Stop | None = None) -> str:
    """The bar on top of every page."""
    exercises, passed = sum(len(stop.exercises) for stop in road), sum(stop.passed for stop in road)
    words = f"{passed} of {exercises} exercises passed"
    current = f"{lesson.number:02} {lesson.lesson.title}" if lesson else "Lessons"
    links = "".join(
        f'<a href="{address}"{" aria-current=page" if address == here else ""}>{name}</a>' for address, name in PLACES
    )
    return f"""<a class="site-skip" href="#content">Skip to the page</a>
<header class="site-bar">
  <a class="site-name" href="/" aria-label="torchbook, the road">{MARK}<span>torchbook</span></a>
  <details class="site-menu">
    <summary><span class="site-menu-now">{escape(current)}</span></summary>
    <div class="site-menu-panel">
      <nav class="site-menu-places" aria-label="Pages">{links}</nav>
      <nav class="site-menu-lessons" aria-label="Lessons">{_lessons(road, lesson)}</nav>
    </div>
  </details>
  <form class="site-search" role="search" action="/search">
    <input type="search" name="q" placeholder="Search" autocomplete="off" spellcheck="false" role="combobox"
      aria-label="Search the course" aria-keyshortcuts="/" aria-controls="site-found" aria-expanded="false"
      aria-autocomplete="list">
    <kbd aria-hidden="true">/</kbd>
    <div class="site-found" id="site-found" role="listbox" aria-label="Found" hidden></div>
  </form>
  <a class="site-done" href="/" title="{words}">{ring(passed, exercises)}<span><b>{passed}</b>/{exercises}<span
    class="site-spoken"> exercises passed</span></span></a>
</header>
<div class="site-lost" role="alert" hidden></div>"""


def _lessons(road: Sequence[Stop], current: Stop | None) -> str:
    parts = []
    for part, group in groupby(road, key=lambda stop: stop.lesson.part):
        rows = "".join(f"<li>{_lesson(stop, stop is current)}</li>" for stop in group)
        parts.append(f"<section><h2>{escape(part)}</h2><ol>{rows}</ol></section>")
    return "".join(parts)


def _lesson(stop: Stop, current: bool) -> str:
    words = f'<span class="n">{stop.number:02}</span> {escape(stop.lesson.title)}'
    if stop.notebook is None:
        return f'<span class="later" title="not written yet">{words}</span>'
    done = ' <span class="tick" role="img" aria-label="done">✓</span>' if stop.done else ""
    return f'<a href="{stop.notebook.address}"{" aria-current=page" if current else ""}>{words}{done}</a>'


def turn(road: Sequence[Stop], current: Stop) -> str:
    """Links to the written lessons before and after this one."""
    written = [stop for stop in road if stop.notebook]
    at = written.index(current)
    links = []
    for name, other, sign in (
        ("Previous", written[at - 1] if at else None, "←"),
        ("Next", written[at + 1] if at + 1 < len(written) else None, "→"),
    ):
        if other is None or other.notebook is None:
            links.append(f'<a href="/" class="{name.lower()}"><small>{sign} All lessons</small><b>The road</b></a>')
        else:
            title = f"{other.number:02} {escape(other.lesson.title)}"
            address = other.notebook.address
            links.append(
                f'<a href="{address}" class="{name.lower()}" rel="{name.lower()[:4]}">'
                f"<small>{f'{sign} {name}' if name == 'Previous' else f'{name} {sign}'}</small><b>{title}</b></a>"
            )
    return f'<nav class="site-turn" aria-label="Previous and next lesson">{"".join(links)}</nav>'


def foot() -> str:
    """The end of every page."""
    return (
        '<footer class="site-foot"><p>Everything here runs on this machine. <kbd>/</kbd> searches. '
        "Answers are plain files; <code>torchbook check</code> checks them in the terminal too.</p></footer>"
    )


def ring(part: int, whole: int) -> str:
    """A small ring that is filled as far as something is done."""
    share = part / whole if whole else 0.0
    return (
        '<svg class="site-ring" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">'
        '<circle cx="10" cy="10" r="8"/>'
        f'<circle cx="10" cy="10" r="8" pathLength="100" stroke-dasharray="{100 * share:.1f} 100"/></svg>'
    )


_FLAME = (
    "M12 2.5c1 3.6 5.6 6 5.6 11.1A5.6 5.6 0 0 1 12 19.4a5.6 5.6 0 0 1-5.6-5.8c0-2.3 1.2-3.9 2.4-5.2.3 1.5 1 2.3 "
    "1.9 2.7-.1-2.9.2-6 1.3-8.6Z"
)
MARK = (
    '<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">'
    f'<path d="{_FLAME}" fill="var(--flame)"/>'
    '<path d="M4 21.5h16" stroke="var(--blue)" stroke-width="2.4" stroke-linecap="round"/></svg>'
)
