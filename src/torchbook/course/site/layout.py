"""The layout of every page: its head, the bar with menu, search and progress, and the foot."""

from collections.abc import Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from starlette.responses import HTMLResponse

from torchbook.course.site import typefaces
from torchbook.course.site.lesson_status import LessonStatus, ProjectStatus, Road, stops
from torchbook.storage import digest

STATIC = Path(__file__).parent / "static"
PLACES = (("/", "The road"), ("/glossary", "Glossary"), ("/data", "Data"), ("/recipes", "Recipes"), ("/runs", "Runs"))


@cache
def asset(name: str) -> str:
    """Returns the address of one of our own static files; it changes with the content, so browsers may keep it."""
    return f"/static/{name}?v={digest((STATIC / name).read_bytes())[:12]}"


def head(*, styles: Sequence[str] = (), scripts: Sequence[str] = ()) -> str:
    """Returns the content of a page's head: what every page has, and the style sheets and modules of this one.

    They are names of our own files; a style sheet may be an address, too.
    """
    addresses = (name if name.startswith("/") else asset(name) for name in ("site.css", *styles))
    links = "".join(f'<link rel="stylesheet" href="{address}">' for address in addresses)
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
    road: Sequence[LessonStatus],
    here: str = "",
    status: int = 200,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    wide: bool = False,
) -> HTMLResponse:
    """Returns a page of the site. `here` is the address in the bar's menu that it belongs to, `status` that of HTTP."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)} · torchbook</title>"
        f"{head(styles=(typefaces.style_address(), *styles), scripts=scripts)}</head>"
        f"<body>{bar(road, here=here)}"
        f'<main id="content" class="site-main{" site-wide" if wide else ""}">{body}</main>'
        f"{foot()}</body></html>",
        status_code=status,
        headers={"Cache-Control": "no-cache"},
    )


def bar(
    road: Sequence[LessonStatus], *, here: str = "", current: str = "", address: str = "", contents: str = ""
) -> str:
    """Returns the bar at the top of every page. `here` is the place of the menu that the page belongs to; the page of a
    lesson or project has its title as `current`, its `address`, and a menu of its `contents`."""
    exercises, passed = sum(len(status.exercises) for status in road), sum(status.passed for status in road)
    label = f"{passed} of {exercises} exercises passed"
    links = "".join(
        f'<a href="{place}"{" aria-current=page" if place == here else ""}>{name}</a>' for place, name in PLACES
    )
    return f"""<a class="site-skip" href="#content">Skip to the page</a>
<header class="site-bar">
  <a class="site-name" href="/" aria-label="torchbook, the road">{MARK}<span>torchbook</span></a>
  <details class="site-menu">
    <summary><span class="site-menu-now">{escape(current or "Lessons")}</span></summary>
    <div class="site-menu-panel">
      <nav class="site-menu-places" aria-label="Pages, in the menu">{links}</nav>
      <nav class="site-menu-lessons" aria-label="Lessons">{_lessons(road, address)}</nav>
    </div>
  </details>{contents}
  <nav class="site-places" aria-label="Pages">{links}</nav>
  <form class="site-search" role="search" action="/search">
    <input type="search" name="q" placeholder="Search" autocomplete="off" spellcheck="false" role="combobox"
      aria-label="Search the course" aria-keyshortcuts="/" aria-controls="site-found" aria-expanded="false"
      aria-autocomplete="list">
    <kbd aria-hidden="true">/</kbd>
    <div class="site-found" id="site-found" role="listbox" aria-label="Found" hidden></div>
  </form>
  <a class="site-done" href="/" title="{label}">{ring(passed, exercises)}<span><b>{passed}</b>/{exercises}<span
    class="site-spoken"> exercises passed</span></span></a>
</header>
<div class="site-lost" role="alert" hidden></div>{_trouble(road)}"""


def _trouble(road: Sequence[LessonStatus]) -> str:
    """Returns what could not be read of the learner's work."""
    words = road.trouble if isinstance(road, Road) else ()
    return f'<div class="site-trouble" role="status">{"<br>".join(map(escape, words))}</div>' if words else ""


def _lessons(road: Sequence[LessonStatus], current: str) -> str:
    parts = []
    for part, group in groupby(road, key=lambda status: status.lesson.part):
        rows = "".join(
            f"<li>{_lesson(status, current)}</li>" + "".join(_project(project, current) for project in status.projects)
            for status in group
        )
        parts.append(f"<section><h2>{escape(part)}</h2><ol>{rows}</ol></section>")
    return "".join(parts)


def _lesson(status: LessonStatus, current: str) -> str:
    label = f'<span class="n">{status.number:02}</span> {escape(status.lesson.title)}'
    done = ' <span class="tick" role="img" aria-label="done">✓</span>' if status.done else ""
    return f'<a href="{status.address}"{_marked(status.address, current)}>{label}{done}</a>'


def _marked(address: str, current: str) -> str:
    return " aria-current=page" if address == current else ""


def _project(project: ProjectStatus, current: str) -> str:
    done = ' <span class="tick" role="img" aria-label="done">✓</span>' if project.done else ""
    label = f'<span class="n">{project.label}</span> {escape(project.outline.title)}'
    return f'<li><a href="{project.address}"{_marked(project.address, current)}>{label}{done}</a></li>'


def turn(road: Sequence[LessonStatus], current: str) -> str:
    """Returns links to the lessons and projects before and after the one with the address `current`, ""
    if the road has none."""
    every = stops(road)
    at = next((place for place, stop in enumerate(every) if stop.address == current), None)
    if at is None:
        return ""
    links = []
    for name, other, sign in (
        ("Previous", every[at - 1] if at else None, "←"),
        ("Next", every[at + 1] if at + 1 < len(every) else None, "→"),
    ):
        if other is None:
            links.append(f'<a href="/" class="{name.lower()}"><small>{sign} All lessons</small><b>The road</b></a>')
        else:
            links.append(
                f'<a href="{other.address}" class="{name.lower()}" rel="{name.lower()[:4]}">'
                f"<small>{f'{sign} {name}' if name == 'Previous' else f'{name} {sign}'}</small>"
                f"<b>{other.label} {escape(other.title)}</b></a>"
            )
    return f'<nav class="site-turn" aria-label="Previous and next lesson">{"".join(links)}</nav>'


def foot() -> str:
    """Returns the foot of every page."""
    return (
        '<footer class="site-foot"><p>Everything here runs on this machine. <kbd>/</kbd> searches. '
        "Answers are plain files; <code>torchbook check</code> checks them in the terminal too. "
        '<a href="/private">Nothing about you leaves it.</a></p></footer>'
    )


def ring(done: int, total: int) -> str:
    """Returns a small ring as SVG, filled to the share that is done."""
    share = done / total if total else 0.0
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
