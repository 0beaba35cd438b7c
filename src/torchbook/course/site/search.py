"""Searches the course: lessons, projects, headings, exercises, terms, questions, recipes, data sets and pages."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import layout
from torchbook.course.site.catalogue import data_sets, recipes
from torchbook.course.site.lesson_status import LessonStatus, part_anchor
from torchbook.course.site.outline import outline, plain
from torchbook.course.texts.glossary import read_glossary
from torchbook.course.texts.plan import planned_lesson
from torchbook.course.texts.quiz import quizzes, read_quiz

_SHOWN_TYPING, _SHOWN = 8, 40
_AROUND = 70


@dataclass(frozen=True)
class Entry:
    """Something that can be found: its kind, its title, its address, a text, and its weight among equal matches."""

    kind: str
    title: str
    address: str
    text: str
    weight: float = 1.0


def entries(workspace: Workspace, road: Sequence[LessonStatus]) -> list[Entry]:
    """Returns everything that can be found."""
    result: list[Entry] = []
    written = {status.number: status.address for status in road if status.address}

    def of_lesson(number: int) -> str:
        return written.get(number, f"/#{part_anchor(planned_lesson(number).part)}")

    for status in road:
        title = f"{status.number:02} {status.lesson.title}"
        result.append(Entry("lesson", title, of_lesson(status.number), plain(status.lesson.line), 1.6))
        if status.file and status.address:
            result += _sections(status.file, status.address, "in a lesson", title)
        for exercise in status.exercises:
            page = f"{written[status.number]}#exercise-{exercise.name}" if status.number in written else ""
            text = f"{exercise.name} · {title} · {plain(exercise.prompt)}"
            result.append(Entry("exercise", exercise.title, page or of_lesson(status.number), text, 1.2))
        for project in status.projects:
            name = f"{project.label} {project.outline.title}"
            result.append(Entry("project", name, project.address, project.outline.line, 1.5))
            result += _sections(project.file, project.address, "in a project", name)
    for number, path in quizzes(*workspace.quiz_folders()).items():
        address = f"{written[number]}#quiz" if number in written else of_lesson(number)
        for question in _questions(path, path.stat().st_mtime_ns):
            result.append(
                Entry("question", question, address, f"quiz of lesson {number:02} {planned_lesson(number).title}", 0.7)
            )
    for term, address, text in _terms():
        result.append(Entry("term", term, address, text, 1.5))
    result += [Entry("recipe", name, f"/recipes#{name}", about, 1.0) for name, about in recipes()]
    result += [Entry("data set", name, f"/data/{name}", about, 1.0) for name, about in data_sets()]
    return result + [Entry("page", name, address, "", 1.0) for address, name in layout.PLACES]


def _sections(file: Path, address: str, kind: str, title: str) -> list[Entry]:
    """Returns the sections of a document."""
    return [
        Entry(kind, f"{section.heading} · {title}", f"{address}#{section.anchor}", section.prose, 1.1)
        for section in outline(file).sections
    ]


@lru_cache(maxsize=200)
def _questions(path: Path, changed: int) -> tuple[str, ...]:
    return tuple(plain(question.ask) for question in read_quiz(path).questions)


@lru_cache(maxsize=1)
def _terms() -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (", ".join([entry.term, *entry.aliases]), f"/glossary/{quote(entry.term)}", plain(entry.text))
        for entry in read_glossary()
    )


def ranked(candidates: Sequence[Entry], query: str) -> list[Entry]:
    """Returns the matches of a query, best first: each of its words must begin a word of the title or of the text."""
    words = [_folded(word) for word in re.findall(r"\w+", query)]
    if not words:
        return []
    rated = [(_score(entry, words), -position, entry) for position, entry in enumerate(candidates)]
    return [entry for score, _, entry in sorted((row for row in rated if row[0] > 0), key=lambda row: row[:2])[::-1]]


def _score(entry: Entry, words: Sequence[str]) -> float:
    title, text = _words(entry.title), _words(entry.text)
    total = 0.0
    for word in words:
        in_title = max(
            (3.0 if candidate == word else 2.0 for candidate in title if candidate.startswith(word)), default=0.0
        )
        in_text = max(
            (1.0 if candidate == word else 0.6 for candidate in text if candidate.startswith(word)), default=0.0
        )
        if not in_title + in_text:
            return 0.0
        total += in_title + 0.5 * in_text
    begins = " ".join(title).startswith(" ".join(words))
    whole = begins and len(title) == len(words)
    return (total + 2.0 * begins + 3.0 * whole) * entry.weight / (1 + 0.03 * len(title))


@lru_cache(maxsize=4000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_folded(word) for word in re.findall(r"\w+", text))


def _folded(word: str) -> str:
    """Returns a word folded to one spelling: lower case, -ize for -ise."""
    return re.sub(r"(\w)i[sz](e|es|er|ed|ing|ation)$", r"\1iz\2", word.casefold())


def marked(text: str, query: str, *, around: int | None = None) -> str:
    """Returns a text as HTML with the words of the query marked; with `around`, only so many characters around one."""
    words = [re.escape(word) for word in re.findall(r"\w+", query)]
    pattern = re.compile(rf"\b({'|'.join(words)})", re.IGNORECASE) if words else None
    hit = pattern.search(text) if pattern else None
    if around is not None:
        start = max(0, (hit.start() if hit else 0) - around)
        cut = text[start : start + 2 * around + 20]
        text = f"{'… ' if start else ''}{cut}{' …' if start + len(cut) < len(text) else ''}"
    if pattern is None:
        return escape(text)
    pieces = pattern.split(text)
    return "".join(f"<mark>{escape(piece)}</mark>" if i % 2 else escape(piece) for i, piece in enumerate(pieces))


def endpoints(
    workspace: Workspace, road: Callable[[], Sequence[LessonStatus]]
) -> tuple[Callable[[Request], Response], Callable[[Request], Response]]:
    """Returns the endpoints of the page of results and of the suggestions while somebody types."""

    def page(request: Request) -> Response:
        query, statuses = request.query_params.get("q", "").strip()[:200], road()
        matches = ranked(entries(workspace, statuses), query)[:_SHOWN]
        rows = "".join(
            f'<li><small>{entry.kind}</small><a href="{escape(entry.address)}">{marked(entry.title, query)}</a>'
            f"<p>{marked(entry.text, query, around=100)}</p></li>"
            for entry in matches
        )
        empty = (
            "<p>Nothing was found. A shorter word may help; <a href='/glossary'>the glossary</a> lists all terms.</p>"
        )
        title = f"“{query}”" if query else "Search"
        results = f'<ol class="site-results">{rows}</ol>' if rows else empty if query else ""
        body = f"<h1>{escape(title)}</h1>{results}"
        return layout.page(f"Search: {query}" if query else "Search", body, road=statuses, styles=["pages.css"])

    def typed(request: Request) -> Response:
        query = request.query_params.get("q", "").strip()[:200]
        matches = ranked(entries(workspace, road()), query)[:_SHOWN_TYPING]
        rows: list[dict[str, Any]] = [
            {
                "kind": entry.kind,
                "title": marked(entry.title, query),
                "text": marked(entry.text, query, around=_AROUND),
                "address": entry.address,
            }
            for entry in matches
        ]
        return JSONResponse({"found": rows}, headers={"Cache-Control": "no-store"})

    return page, typed
