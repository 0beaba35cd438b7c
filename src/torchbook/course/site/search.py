"""Searches the course: lessons, headings, exercises, terms, questions, recipes, data sets, runs and pages.

A query is a word, some words, or a question as people ask it. Words that say nothing are left out, a word may be
written wrongly, and where little has all words, what has most of them follows.
"""

import contextlib
import difflib
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.site.outline import outline, plain
from torchbook.course.texts.glossary import read_glossary
from torchbook.course.texts.plan import planned_lesson
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.run_folder import RunFolder, run_folders

_SHOWN_TYPING, _SHOWN = 8, 40
_AROUND = 70
# Words of questions that say nothing about what is looked for.
_EMPTY = frozenset(
    """a an and are as at be by can could do does for from get give has have how i if in into is it its make me my of on
    one or our should so some tell than that the their them then there these they this those to use using want was way
    we what when where which who why will with would you your""".split()  # noqa: SIM905, a list of them is no easier
)
_NEAR = 0.8  # the likeness from which on a word is taken for another that was written wrongly
_LENIENT = 0.5  # the share of the weight of all words that an entry must have
_ENOUGH = 5  # entries with all words, from which on no others are shown
_EXACT = 20.0  # what a title is worth that is the query


_PAGES = (*layout.PLACES, ("/formulas", "Writing formulas"), ("/private", "Private"))
# What people may call the pages.
_ABOUT = {
    "/": "the road, home, lessons, progress",
    "/glossary": "glossary, words, terms, definitions",
    "/runs": "runs, results, trained models, experiments, history, curves",
    "/data": "data, data sets, datasets, pictures, tables",
    "/recipes": "recipes, experiments, models to train",
    "/formulas": "formulas, LaTeX, MathML, equations, mathematics in Markdown: how to write them",
    "/private": "privacy: nothing about you leaves this machine",
}


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
    addresses = {status.number: status.address for status in road}

    for status in road:
        title = f"{status.number:02} {status.lesson.title}"
        result.append(Entry("lesson", title, status.address, plain(status.lesson.line), 1.6))
        if status.file:
            result += _sections(status.file, status.address, "in a lesson", title)
        for exercise in status.exercises:
            page = f"{status.address}#exercise-{exercise.name}"
            text = f"{exercise.name} · {title} · {plain(exercise.prompt)}"
            result.append(Entry("exercise", exercise.title, page, text, 1.2))
        for project in status.projects:
            name = f"{project.label} {project.outline.title}"
            result.append(Entry("project", name, project.address, project.outline.line, 1.5))
            result += _sections(project.file, project.address, "in a project", name)
    for number, path in quizzes(*workspace.quiz_folders()).items():
        address = f"{addresses[number]}#quiz"
        for question in _questions(path, path.stat().st_mtime_ns):
            result.append(
                Entry("question", question, address, f"quiz of lesson {number:02} {planned_lesson(number).title}", 0.7)
            )
    for term, address, text in _terms():
        result.append(Entry("term", term, address, text, 1.5))
    result += [Entry("recipe", name, f"/recipes#{name}", about, 1.0) for name, about in recipes()]
    result += [Entry("data set", name, f"/data/{name}", about, 1.0) for name, about in data_sets()]
    result += [Entry("run", name, f"/runs/{quote(name)}", about, 1.2) for name, about in _runs()]
    return result + [Entry("page", name, address, _ABOUT[address], 1.4) for address, name in _PAGES]


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


def _runs() -> list[tuple[str, str]]:
    """Returns the runs by name, with recipe and data."""
    runs = []
    for folder in run_folders(home() / "runs"):
        with contextlib.suppress(TorchbookError, OSError):  # the page of the runs says what is odd
            run = RunFolder.open(folder)
            runs.append((folder.name, f"a run of {run.recipe} on {run.about['arguments'].get('data', '')}"))
    return runs


@dataclass(frozen=True)
class Match:
    """An entry that fits a query, and the words of its title and text that do, folded."""

    entry: Entry
    words: frozenset[str]


def ranked(candidates: Sequence[Entry], query: str) -> list[Match]:
    """Returns the matches of a query, best first: those that have all its words, else those that have the most, or
    whose title is made of its words.

    A word fits one that it begins, or, if nothing has it, one that it is a slip of the pen away from.
    """
    every = [_folded(word) for word in re.findall(r"\w+", query)]
    words = [word for word in every if word not in _EMPTY] or every
    if not words:
        return []
    vocabulary = _vocabulary(tuple(candidates))
    words = [part for word in words for part in _parts(word, vocabulary)]
    words = [_spelt(word, vocabulary) for word in words]
    meant = {word: frozenset(each for each in vocabulary if each.startswith(word)) for word in words}
    words = [word for word in words if meant[word]]
    if not words:
        return []
    # A word that is everywhere says less than one that is rare.
    weights = {word: _rarity(meant[word], vocabulary, len(candidates)) for word in words}
    whole = sum(weights.values())
    rated = []
    for position, entry in enumerate(candidates):
        score, share, own = _score(entry, words, meant, weights)
        score += _EXACT * (_words(entry.title) == tuple(every))
        named = any(set(_words(name)) <= set(words) for name in entry.title.split(","))
        if named or share >= _LENIENT * whole:
            rated.append((share >= whole - 1e-9, score * share / whole, -position, Match(entry, own)))
    rated.sort(key=lambda row: row[:3], reverse=True)
    full = sum(row[0] for row in rated)
    return [row[3] for row in (rated[:full] if full >= _ENOUGH else rated)]


def _parts(word: str, vocabulary: Mapping[str, int]) -> list[str]:
    """Returns the two words that were written as one, as in `crossentropy`, else the word."""
    if word in vocabulary:
        return [word]
    splits = ([word[:at], word[at:]] for at in range(4, len(word) - 3))
    return next((parts for parts in splits if all(part in vocabulary for part in parts)), [word])


def _spelt(word: str, vocabulary: Mapping[str, int]) -> str:
    """Returns a word of a query as the course writes it: its stem, or the word that was meant by one with a slip."""
    if len(word) < 4 or any(each.startswith(word) for each in vocabulary):
        return word
    stem = re.sub(r"(ing|ed|es|s|e)$", "", word)
    if len(stem) >= 4 and any(each.startswith(stem) for each in vocabulary):
        return stem
    near = difflib.get_close_matches(word, vocabulary, n=3, cutoff=_NEAR)
    return max(near, key=lambda each: (_likeness(each, word), vocabulary[each]), default=word)


def _likeness(first: str, second: str) -> float:
    return round(difflib.SequenceMatcher(None, first, second).ratio(), 1)


def _rarity(words: frozenset[str], vocabulary: Mapping[str, int], count: int) -> float:
    often = sum(vocabulary[word] for word in words)
    return math.log(1 + count / (1 + often)) + 0.1


@lru_cache(maxsize=4)
def _vocabulary(candidates: tuple[Entry, ...]) -> dict[str, int]:
    """Returns every word with the number of entries that have it."""
    counts: Counter[str] = Counter()
    for entry in candidates:
        counts.update({*_words(entry.title), *_words(entry.text)})
    return counts


def _score(
    entry: Entry, words: Sequence[str], meant: Mapping[str, frozenset[str]], weights: Mapping[str, float]
) -> tuple[float, float, frozenset[str]]:
    """Returns how well an entry fits, the weight of the words that it has, and which words of its own these are."""
    title, text = _words(entry.title), _words(entry.text)
    total, covered, own = 0.0, 0.0, set[str]()
    for word in words:
        in_title = max((3.0 if each == word else 2.0 for each in title if each in meant[word]), default=0.0)
        in_text = max((1.0 if each == word else 0.6 for each in text if each in meant[word]), default=0.0)
        if in_title + in_text:
            covered += weights[word]
            own |= meant[word].intersection(title) | meant[word].intersection(text)
            total += in_title + 0.5 * in_text
    if not covered:
        return 0.0, 0.0, frozenset()
    begins = " ".join(title).startswith(" ".join(words))
    whole = begins and len(title) == len(words)
    score = (total + 2.0 * begins + 3.0 * whole) * entry.weight / (1 + 0.03 * len(title))
    return score, covered, frozenset(own)


@lru_cache(maxsize=4000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_folded(word) for word in re.findall(r"\w+", text))


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """Returns a word folded to one spelling: lower case, -ize for -ise."""
    return re.sub(r"(\w)i[sz](e|es|er|ed|ing|ation)$", r"\1iz\2", word.casefold())


def marked(text: str, match: Match, *, around: int | None = None) -> str:
    """Returns a text as HTML with the words of the match marked.

    With `around` only a part of it, which has as many of these words as there is room for: so many characters before
    and after the middle.
    """
    pieces = [(part.start(), part.end()) for part in re.finditer(r"\w+", text) if _folded(part[0]) in match.words]
    begin, end = 0, len(text)
    if around is not None and len(text) > 2 * around:
        width = 2 * around
        # The window that begins a little before a word and has the most different words in it.
        starts = [max(0, start - around // 3) for start, _ in pieces] or [0]
        begin = max(starts, key=lambda at: (_different(text, pieces, at, at + width), -at))
        end = min(len(text), begin + width)
        begin = text.rfind(" ", 0, begin) + 1 if begin else 0
        end = end if end == len(text) else max(text.rfind(" ", begin, end), begin + 1)
    html, at = "", begin
    for start, stop in pieces:
        if begin <= start and stop <= end:
            html += f"{escape(text[at:start])}<mark>{escape(text[start:stop])}</mark>"
            at = stop
    return f"{'… ' * (begin > 0)}{html}{escape(text[at:end])}{' …' * (end < len(text))}"


def _different(text: str, pieces: Sequence[tuple[int, int]], begin: int, end: int) -> int:
    return len({_folded(text[start:stop]) for start, stop in pieces if begin <= start and stop <= end})


def endpoints(
    workspace: Workspace, road: Callable[[], Sequence[LessonStatus]]
) -> tuple[Callable[[Request], Response], Callable[[Request], Response]]:
    """Returns the endpoints of the page of results and of the suggestions while somebody types."""

    def page(request: Request) -> Response:
        query, statuses = request.query_params.get("q", "").strip()[:200], road()
        matches = ranked(entries(workspace, statuses), query)[:_SHOWN]
        rows = "".join(
            f'<li><small>{match.entry.kind}</small><a href="{escape(match.entry.address)}">'
            f"{marked(match.entry.title, match)}</a><p>{marked(match.entry.text, match, around=130)}</p></li>"
            for match in matches
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
                "kind": match.entry.kind,
                "title": marked(match.entry.title, match),
                "text": marked(match.entry.text, match, around=_AROUND),
                "address": match.entry.address,
            }
            for match in matches
        ]
        return JSONResponse({"found": rows}, headers={"Cache-Control": "no-store"})

    return page, typed
