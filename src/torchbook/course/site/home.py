"""The home page: the road from tensor to GAN, with what is done, what is next and where the learner left off."""

from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import study
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import bookmarks, layout, review_page
from torchbook.course.site.lesson_status import LessonStatus, ProjectStatus, last_unfinished, next_lesson, part_anchor
from torchbook.course.site.markdown import inline
from torchbook.course.texts.plan import planned_lesson

# A small drawing for each part of the road; its colours are those of the page.
_LANDMARKS = Path(__file__).parent / "landmarks"


def page(workspace: Workspace, road: Callable[[], Sequence[LessonStatus]]) -> Callable[[Request], Response]:
    """Returns the endpoint of the page."""

    def home(request: Request) -> Response:
        statuses = road()
        upcoming = next_lesson(statuses)
        body = _top(workspace, statuses, upcoming) + _road(statuses, upcoming)
        return layout.page("From tensor to GAN", body, road=statuses, here="/", styles=["road.css"], wide=True)

    return home


def _top(workspace: Workspace, road: Sequence[LessonStatus], upcoming: LessonStatus | None) -> str:
    exercises, passed = sum(len(status.exercises) for status in road), sum(status.passed for status in road)
    questions, right = sum(status.questions for status in road), sum(status.right for status in road)
    done, written = sum(status.done for status in road), sum(status.file is not None for status in road)
    facts = [
        (f"{done}<small>/{len(road)}</small>", "lessons done"),
        (f"{passed}<small>/{exercises}</small>", "exercises passed"),
        (f"{right}<small>/{questions}</small>", "quiz answers right"),
    ]
    definitions = "".join(f"<div><dd>{value}</dd><dt>{name}</dt></div>" for value, name in facts)
    return (
        '<div class="road-top"><div><h1>From your first tensor to your first GAN</h1>'
        f'<p class="lead">{len(road)} lessons that run on this machine. {written} are written so far; the exercises '
        "of more are there already.</p>"
        f"{_continue_button(workspace, road, upcoming)}{_come_back(workspace)}</div>"
        f'<dl class="road-facts">{definitions}</dl></div>'
    )


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
    parts = [(name, list(group)) for name, group in groupby(road, key=lambda status: status.lesson.part)]
    sections = []
    for position, (name, group) in enumerate(parts):
        side = "left" if position % 2 else "right"
        walked = all(status.done for status in group)
        rows = "".join(
            _lesson_item(status, status is upcoming) + "".join(map(_project_item, status.projects)) for status in group
        )
        anchor = part_anchor(name)
        sections.append(
            f'<section class="part {side}" id="{anchor}" aria-labelledby="name-{anchor}">'
            f'<div class="landmark" aria-hidden="true">{_landmark(anchor)}</div>'
            f'<div class="sign"><h2 id="name-{anchor}">{escape(name)}</h2><ol>{rows}</ol></div></section>'
        )
        if position + 1 < len(parts):
            sections.append(_bend(side, walked))
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


def _lesson_item(status: LessonStatus, upcoming: bool) -> str:
    state = "done" if status.done else "next" if upcoming else "begun" if status.begun else "open"
    if status.file is None:
        state = "done" if status.done else "later"
    number = f"{status.number:02}"
    title = escape(status.lesson.title)
    name = f'<a href="{status.address}">{title}</a>' if status.address else f"<span>{title}</span>"
    sign = {"done": "✓"}.get(state, number)
    state_label = {"done": "done", "next": "next", "begun": "begun", "later": "not written yet"}.get(state, "")
    mark = f'<span class="node" aria-hidden="true">{sign}</span>'
    spoken_prefix = f'<span class="spoken">Lesson {number}{", " + state_label if state_label else ""}: </span>'
    line = f"<p>{inline(status.lesson.line)}</p>" if status.lesson.line else ""
    return f'<li class="stop {state}">{mark}<div><h3>{spoken_prefix}{name}</h3>{line}{_facts(status)}</div></li>'


def _project_item(project: ProjectStatus) -> str:
    """Returns a project on the road, below the lesson that it comes after."""
    state = "done" if project.done else "begun" if project.standing.tries else "open"
    mark = f'<span class="node" aria-hidden="true">{"✓" if project.done else project.label}</span>'
    spoken = f'<span class="spoken">Project {project.label}{", done" if project.done else ""}: </span>'
    name = f'<a href="{project.address}">{escape(project.outline.title)}</a>'
    facts = f'<div class="facts"><span>project</span><span>{project.outline.minutes} min</span></div>'
    text = f"<h3>{spoken}{name}</h3><p>{escape(project.outline.line)}</p>{facts}"
    return f'<li class="stop project {state}">{mark}<div>{text}</div></li>'


def _facts(status: LessonStatus) -> str:
    facts = []
    if status.minutes:
        facts.append(f"<span>{status.minutes} min</span>")
    else:
        facts.append('<span class="unwritten">not written yet</span>')
    if status.exercises:
        dots = "".join(f'<i class="{_dot_class(standing)}"></i>' for standing in status.standings)
        words = f"{status.passed} of {len(status.exercises)} exercises"
        facts.append(f'<span><span class="dots" aria-hidden="true">{dots}</span> {words}</span>')
    if status.questions:
        facts.append(f"<span>quiz {status.right}/{status.questions}</span>")
    row = f'<div class="facts">{"".join(facts)}</div>'
    if status.file is None and status.exercises:
        row += _terminal_commands(status)
    return row


def _dot_class(standing: Standing) -> str:
    return "passed" if standing.passed else "tried" if standing.tries or standing.hints else ""


def _terminal_commands(status: LessonStatus) -> str:
    """Returns the commands for the exercises and the quiz of a lesson that is not written yet."""

    def row(exercise: Exercise, standing: Standing) -> str:
        mark = ' <span class="tick" role="img" aria-label="passed">✓</span>' if standing.passed else ""
        return f"<li>{escape(exercise.title)}{mark}<br><code>torchbook check {exercise.name}</code></li>"

    rows = "".join(row(exercise, standing) for exercise, standing in zip(status.exercises, status.standings))
    quiz = f"<li>Quiz<br><code>torchbook quiz {status.number:02}</code></li>" if status.questions else ""
    return f"<details><summary>Do them in the terminal</summary><ul>{rows}{quiz}</ul></details>"
