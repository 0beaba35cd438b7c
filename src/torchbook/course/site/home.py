"""The home page: a sheet to write a digit on, and the road from tensor to GAN with what is done and what is next."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from itertools import groupby, pairwise
from math import prod
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

import torchbook
from torchbook.course.learner import study
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.workspace import Workspace
from torchbook.course.pictures.strokes import ready_made
from torchbook.course.site import bookmarks, catalogue, layout, picture_files, review_page
from torchbook.course.site.lesson_status import (
    LessonStatus,
    ProjectStatus,
    last_unfinished,
    next_lesson,
    part_anchor,
    stops,
)
from torchbook.course.site.markdown import inline
from torchbook.course.texts.glossary import packaged_glossary
from torchbook.course.texts.plan import planned_lesson
from torchbook.measure_text import measure_text
from torchbook.record import parsed, read_record
from torchbook.storage import digest

# A small drawing for each part of the road; its colours are those of the page.
_LANDMARKS = Path(__file__).parent / "landmarks"

# What ships of the digit reader; its module would bring torch into the server.
_READER = Path(torchbook.__file__).parent / "inference" / "digit_reader.json"
_WEIGHTS = _READER.with_suffix(".safetensors")
_FIRST_DIGIT = "5"


def routes(workspace: Workspace, road: Callable[[], Sequence[LessonStatus]]) -> list[BaseRoute]:
    """Returns the page, and the weights of the network on it."""

    def home(request: Request) -> Response:
        statuses = road()
        upcoming = next_lesson(statuses)
        body = _top(workspace, statuses, upcoming) + _road(statuses, upcoming)
        styles = ["road.css", picture_files.style_address(), "home.css"]
        return layout.page(
            "From tensor to GAN", body, road=statuses, here="/", styles=styles, scripts=["home.js"], wide=True
        )

    def weights(request: Request) -> Response:
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return FileResponse(_WEIGHTS, media_type="application/octet-stream", headers=headers)

    return [
        Route("/", home),
        *(Route(address, lambda request: RedirectResponse("/")) for address in ("/lessons", "/projects")),
        Route(f"/static/{_WEIGHTS.name}", weights),
    ]


def _top(workspace: Workspace, road: Sequence[LessonStatus], upcoming: LessonStatus | None) -> str:
    return (
        '<div class="hero"><div class="hero-words"><h1>From your first tensor to your first GAN</h1>'
        '<p class="lead">Write a digit. A small network reads along, here on your machine. By the end of the road you '
        "will have built, trained and understood networks like it, and GANs, which invent pictures.</p>"
        f"{_continue_button(workspace, road, upcoming)}{_come_back(workspace)}{_progress(road)}</div>{_sheet()}</div>"
        f"{_offer(road)}"
    )


def _sheet() -> str:
    """Returns the sheet and the story of the network that reads it."""
    about, strokes = read_record(_READER, {"sha256": str, "examples": int, "accuracy_on_mnist": float}), ready_made()
    reader = {
        "scripts": picture_files.address(("common.js", "draw.js")),
        "reader": layout.asset("digit_reader.js"),
        "weights": f"/static/{_WEIGHTS.name}?v={digest(_WEIGHTS.read_bytes())[:12]}",
        "mean": about["mean"][0],
        "std": about["std"][0],
        "ready": {_FIRST_DIGIT: strokes[_FIRST_DIGIT]},
        "start": _FIRST_DIGIT,
    }
    state = json.dumps(reader).replace("<", "\\u003c")
    drawn_digits, by_people = f"{about['examples']:,}", f"{about['mnist_digits']:,}"
    read = measure_text("accuracy", about["accuracy_on_mnist"])
    return (
        f'<figure class="hero-sheet"><div class="hero-draw"><script type="application/json">{state}</script></div>'
        f"<figcaption>{_parameters():,} numbers, found from {drawn_digits} digits that torchbook has drawn; no person "
        f"wrote one of them. Of {by_people} digits by people it reads {read}. "
        '<a href="/lessons/00">How it learned that</a></figcaption></figure>'
    )


@cache
def _parameters() -> int:
    """Returns how many numbers of the digit reader were learned, from the head of its file."""
    content = _WEIGHTS.read_bytes()
    head = parsed(content[8 : 8 + int.from_bytes(content[:8], "little")], dict, _WEIGHTS)
    return sum(prod(entry["shape"]) for name, entry in head.items() if name.endswith(("weight", "bias")))


def _offer(road: Sequence[LessonStatus]) -> str:
    """Returns what there is to do and to look at, each with its number and its page."""
    exercises, questions = sum(len(status.exercises) for status in road), sum(status.questions for status in road)
    first = next((status.address for status in road if status.exercises), "/")
    rows = (
        (len(road), "stations on the road", "#part-start"),
        (exercises, "exercises that name your mistake", first),
        (questions, "questions, every answer with its reason", f"{first}#quiz"),
        (len(catalogue.recipes()), "models to train live", "/recipes"),
        (len(catalogue.data_sets()), "data sets to look into", "/data"),
        (len(packaged_glossary()), "words explained", "/glossary"),
    )
    items = "".join(f'<li><a href="{address}"><b>{count}</b> {words}</a></li>' for count, words, address in rows)
    return f'<ul class="offer" aria-label="What is here">{items}</ul>'


def _progress(road: Sequence[LessonStatus]) -> str:
    """Returns how far the learner has come; nothing before the first step."""
    counts = (
        (sum(status.done for status in road), len(road), "lessons done"),
        (sum(status.passed for status in road), sum(len(status.exercises) for status in road), "exercises passed"),
        (sum(status.right for status in road), sum(status.questions for status in road), "answers right"),
    )
    if not any(done for done, _, _ in counts):
        return ""
    rows = "".join(f"<div><dd>{done}<small>/{every}</small></dd><dt>{name}</dt></div>" for done, every, name in counts)
    return f'<dl class="road-facts">{rows}</dl>'


def _continue_button(workspace: Workspace, road: Sequence[LessonStatus], upcoming: LessonStatus | None) -> str:
    """Returns the button to where the learner left off or to the first lesson, and a link to the next one."""
    last = bookmarks.last(workspace)
    left = last_unfinished(road, last)
    target = left or upcoming
    if target is None:
        return '<p class="road-onward">Everything that is written is done. Well walked.</p>'
    bookmark = last if left else None
    anchor = f"#{bookmark.anchor}" if bookmark and bookmark.anchor else ""
    where = f" · {escape(bookmark.heading)}" if bookmark and bookmark.heading else ""
    label = (
        "Continue where you left off" if bookmark else "Begin" if not any(status.done for status in road) else "Go on"
    )
    button = (
        f'<a class="site-button" href="{target.address}{anchor}">{label} <span aria-hidden="true">→</span></a>'
        f'<span class="road-where">{target.label} {escape(target.title)}{where}</span>'
    )
    other = ""
    if upcoming is not None and upcoming is not target:
        title = f"{upcoming.number:02} {escape(upcoming.lesson.title)}"
        other = f'<p class="road-next">Next on the road: <a href="{upcoming.address}">{title}</a></p>'
    return f'<p class="road-onward">{button}</p>{other}'


def _come_back(workspace: Workspace) -> str:
    """Returns the link to the questions that have waited for days, if there are any."""
    due = study.come_back(workspace)
    if due is None:
        return ""
    about = f"{due.lesson:02} {escape(planned_lesson(due.lesson).title)}"
    count = review_page.title(len(due.questions)).lower()
    return f'<p class="road-next">Come back: <a href="{escape(review_page.address(due))}">{count} of {about}</a></p>'


def _road(road: Sequence[LessonStatus], upcoming: LessonStatus | None) -> str:
    # The stretch to a stop is green where the stop is done, so that no grey is left between two that are.
    onward = {id(stop): following.done for stop, following in pairwise(stops(road))}
    parts = [(name, list(group)) for name, group in groupby(road, key=lambda status: status.lesson.part)]
    sections = []
    for position, (name, group) in enumerate(parts):
        side = "left" if position % 2 else "right"
        rows = ""
        for status in group:
            rows += _lesson_item(status, status is upcoming, onward.get(id(status), False))
            rows += "".join(_project_item(project, onward.get(id(project), False)) for project in status.projects)
        anchor, reached = part_anchor(name), " reached" * group[0].done
        sections.append(
            f'<section class="part {side}" id="{anchor}" aria-labelledby="name-{anchor}">'
            f'<div class="landmark" aria-hidden="true">{_landmark(anchor)}</div>'
            f'<div class="sign{reached}"><h2 id="name-{anchor}">{escape(name)}</h2><ol>{rows}</ol></div></section>'
        )
        if position + 1 < len(parts):
            sections.append(_bend(side, parts[position + 1][1][0].done))
    return f'<div class="road">{"".join(sections)}<p class="road-end"><span>A GAN of your own, and on.</span></p></div>'


@cache
def _landmark(anchor: str) -> str:
    file = _LANDMARKS / f"{anchor.removeprefix('part-')}.svg"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _bend(side: str, walked: bool) -> str:
    """Returns the piece of road from one side of the page to the other; it stretches with the page."""
    start, end = ("38", "62") if side == "right" else ("62", "38")
    path = f"M{start} 0C{start} 60 {end} 40 {end} 100"
    kinds = f'<path class="ground" d="{path}"/><path class="middle" d="{path}"/>'
    return (
        f'<svg class="bend{" walked" if walked else ""}" viewBox="0 0 100 100" preserveAspectRatio="none" '
        f'aria-hidden="true">{kinds}</svg>'
    )


def _lesson_item(status: LessonStatus, upcoming: bool, onward: bool) -> str:
    state = "done" if status.done else "next" if upcoming else "begun" if status.begun else "open"
    if not status.workable:
        state = "later"
    number = f"{status.number:02}"
    mark = f'<span class="node" aria-hidden="true">{"✓" if state == "done" else number}</span>'
    label = {"done": ", done", "next": ", next", "begun": ", begun"}.get(state, "")
    spoken = f'<span class="spoken">Lesson {number}{label}: </span>'
    name = f'<a href="{status.address}">{escape(status.lesson.title)}</a>'
    line = f"<p>{inline(status.lesson.line)}</p>" if status.lesson.line else ""
    text = f"<h3>{spoken}{name}</h3>{line}{_facts(status)}"
    return f'<li class="stop {state}{" onward" * onward}">{mark}<div>{text}</div></li>'


def _project_item(project: ProjectStatus, onward: bool) -> str:
    """Returns a project on the road, below the lesson that it comes after."""
    state = "done" if project.done else "begun" if project.standing.tries else "open"
    mark = f'<span class="node" aria-hidden="true">{"✓" if project.done else project.label}</span>'
    spoken = f'<span class="spoken">Project {project.label}{", done" if project.done else ""}: </span>'
    name = f'<a href="{project.address}">{escape(project.outline.title)}</a>'
    facts = f'<div class="facts"><span>project</span><span>{project.outline.minutes} min</span></div>'
    text = f"<h3>{spoken}{name}</h3><p>{escape(project.outline.line)}</p>{facts}"
    return f'<li class="stop project {state}{" onward" * onward}">{mark}<div>{text}</div></li>'


def _facts(status: LessonStatus) -> str:
    facts = [f"<span>{status.minutes} min</span>"] if status.minutes else []
    if status.exercises:
        dots = "".join(f'<i class="{_dot_class(standing)}"></i>' for standing in status.standings)
        words = f"{status.passed} of {len(status.exercises)} exercises"
        facts.append(f'<span><span class="dots" aria-hidden="true">{dots}</span> {words}</span>')
    if status.questions:
        facts.append(f"<span>quiz {status.right}/{status.questions}</span>")
    if status.file is None and status.lesson.recipes:
        facts.append(f"<span>train {escape(', '.join(status.lesson.recipes))}</span>")
    return f'<div class="facts">{"".join(facts)}</div>' if facts else ""


def _dot_class(standing: Standing) -> str:
    return "passed" if standing.passed else "tried" if standing.tries or standing.hints else ""
