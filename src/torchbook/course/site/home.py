"""The home page: the road from tensor to GAN, with what is done, what is next and where the learner left off."""

from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import bookmarks, layout
from torchbook.course.site.lesson_status import Stop, following, left_at, part_anchor
from torchbook.course.site.markdown import inline

# A small drawing for each part of the road; its colours are those of the page.
_LANDMARKS = Path(__file__).parent / "landmarks"


def page(workspace: Workspace, road: Callable[[], Sequence[Stop]]) -> Callable[[Request], Response]:
    """The endpoint of the page."""

    def home(request: Request) -> Response:
        now = road()
        upcoming = following(now)
        body = _top(workspace, now, upcoming) + _road(now, upcoming)
        return layout.page("From tensor to GAN", body, road=now, here="/", styles=["road.css"], wide=True)

    return home


def _top(workspace: Workspace, road: Sequence[Stop], upcoming: Stop | None) -> str:
    exercises, passed = sum(len(stop.exercises) for stop in road), sum(stop.passed for stop in road)
    questions, right = sum(stop.questions for stop in road), sum(stop.right for stop in road)
    done, written = sum(stop.done for stop in road), sum(stop.notebook is not None for stop in road)
    facts = [
        (f"{done}<small>/{len(road)}</small>", "lessons done"),
        (f"{passed}<small>/{exercises}</small>", "exercises passed"),
        (f"{right}<small>/{questions}</small>", "quiz answers right"),
    ]
    told = "".join(f"<div><dd>{value}</dd><dt>{name}</dt></div>" for value, name in facts)
    return (
        '<div class="road-top"><div><h1>From your first tensor to your first GAN</h1>'
        f'<p class="lead">{len(road)} lessons that run on this machine. {written} are written so far; the exercises '
        "of more are there already.</p>"
        f'{_onward(workspace, road, upcoming)}</div><dl class="road-facts">{told}</dl></div>'
    )


def _onward(workspace: Workspace, road: Sequence[Stop], upcoming: Stop | None) -> str:
    """The button: where the learner left off, or the first lesson; and what is next where that is another one."""
    last = bookmarks.last(workspace)
    stop = left_at(road, last) or upcoming
    if stop is None or stop.notebook is None:
        return "" if stop else '<p class="road-onward">Everything that is written is done. Well walked.</p>'
    left = last if last is not None and last.lesson == stop.number else None
    anchor = f"#{left.anchor}" if left and left.anchor else ""
    where = f" · {escape(left.heading)}" if left and left.heading else ""
    word = "Continue where you left off" if left else "Begin" if not any(one.done for one in road) else "Go on"
    button = (
        f'<a class="site-button" href="{stop.notebook.address}{anchor}">{word} <span aria-hidden="true">→</span></a>'
        f'<span class="road-where">{stop.number:02} {escape(stop.lesson.title)}{where}</span>'
    )
    other = ""
    if upcoming is not None and upcoming is not stop and upcoming.notebook:
        title = f"{upcoming.number:02} {escape(upcoming.lesson.title)}"
        other = f'<p class="road-next">Next on the road: <a href="{upcoming.notebook.address}">{title}</a></p>'
    return f'<p class="road-onward">{button}</p>{other}'


def _road(road: Sequence[Stop], upcoming: Stop | None) -> str:
    parts = [(name, list(group)) for name, group in groupby(road, key=lambda stop: stop.lesson.part)]
    sections = []
    for place, (name, group) in enumerate(parts):
        side = "left" if place % 2 else "right"
        walked = all(stop.done for stop in group)
        rows = "".join(_stop(stop, stop is upcoming) for stop in group)
        anchor = part_anchor(name)
        sections.append(
            f'<section class="part {side}" id="{anchor}" aria-labelledby="name-{anchor}">'
            f'<div class="landmark" aria-hidden="true">{_landmark(anchor)}</div>'
            f'<div class="sign"><h2 id="name-{anchor}">{escape(name)}</h2><ol>{rows}</ol></div></section>'
        )
        if place + 1 < len(parts):
            sections.append(_bend(side, walked))
    return f'<div class="road">{"".join(sections)}<p class="road-end"><span>A GAN of your own, and on.</span></p></div>'


@cache
def _landmark(anchor: str) -> str:
    file = _LANDMARKS / f"{anchor.removeprefix('part-')}.svg"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _bend(side: str, walked: bool) -> str:
    """The road on its way from one side to the other; it is stretched with the page."""
    start, end = ("38", "62") if side == "right" else ("62", "38")
    path = f"M{start} 0C{start} 60 {end} 40 {end} 100"
    kinds = f'<path class="ground" d="{path}"/><path class="middle" d="{path}"/>'
    return (
        f'<svg class="bend{" walked" if walked else ""}" viewBox="0 0 100 100" preserveAspectRatio="none" '
        f'aria-hidden="true">{kinds}</svg>'
    )


def _stop(stop: Stop, upcoming: bool) -> str:
    state = "done" if stop.done else "next" if upcoming else "begun" if stop.begun else "open"
    if stop.notebook is None:
        state = "done" if stop.done else "later"
    number = f"{stop.number:02}"
    title = escape(stop.lesson.title)
    name = f'<a href="{stop.notebook.address}">{title}</a>' if stop.notebook else f"<span>{title}</span>"
    sign = {"done": "✓"}.get(state, number)
    told = {"done": "done", "next": "next", "begun": "begun", "later": "not written yet"}.get(state, "")
    mark = f'<span class="node" aria-hidden="true">{sign}</span>'
    spoken = f'<span class="spoken">Lesson {number}{", " + told if told else ""}: </span>'
    line = f"<p>{inline(stop.lesson.line)}</p>" if stop.lesson.line else ""
    return f'<li class="stop {state}">{mark}<div><h3>{spoken}{name}</h3>{line}{_facts(stop)}</div></li>'


def _facts(stop: Stop) -> str:
    facts = []
    if stop.minutes:
        facts.append(f"<span>{stop.minutes} min</span>")
    else:
        facts.append('<span class="unwritten">not written yet</span>')
    if stop.exercises:
        dots = "".join(f'<i class="{_kind(one)}"></i>' for one in stop.standings)
        words = f"{stop.passed} of {len(stop.exercises)} exercises"
        facts.append(f'<span><span class="dots" aria-hidden="true">{dots}</span> {words}</span>')
    if stop.questions:
        facts.append(f"<span>quiz {stop.right}/{stop.questions}</span>")
    row = f'<div class="facts">{"".join(facts)}</div>'
    if stop.notebook is None and stop.exercises:
        row += _in_the_terminal(stop)
    return row


def _kind(one: Standing) -> str:
    return "passed" if one.passed else "tried" if one.tries or one.hints else ""


def _in_the_terminal(stop: Stop) -> str:
    """The exercises of a lesson that is not written: how to do them now."""

    def row(exercise: Exercise, one: Standing) -> str:
        mark = ' <span class="tick" role="img" aria-label="passed">✓</span>' if one.passed else ""
        return f"<li>{escape(exercise.title)}{mark}<br><code>torchbook check {exercise.name}</code></li>"

    rows = "".join(row(exercise, one) for exercise, one in zip(stop.exercises, stop.standings))
    quiz = f"<li>Quiz<br><code>torchbook quiz {stop.number:02}</code></li>" if stop.questions else ""
    return f"<details><summary>Do them in the terminal</summary><ul>{rows}{quiz}</ul></details>"
