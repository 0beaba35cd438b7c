"""The recipes and data sets of the workbench, as the site lists them, and the page of the recipes."""

from collections.abc import Callable, Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from torchbook.course.site import layout, trainings
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.data.source import DATA_SETS
from torchbook.recipes.start import defaults, described, names


def recipes() -> tuple[tuple[str, str], ...]:
    """Returns the recipes by name, each in a sentence."""
    return tuple((name, described(name).headline) for name in names())


def data_sets() -> tuple[tuple[str, str], ...]:
    """Returns the data sets by name, each in a sentence."""
    return tuple((name, loader.signature.summary) for name, loader in DATA_SETS.items())


def recipes_of(data_set: str) -> list[str]:
    """Returns the recipes that learn from a data set unless they are told otherwise."""
    return [name for name in names() if _data_of(name) == data_set]


def _data_of(recipe: str) -> str:
    return str(defaults(recipe).get("data", "")).partition("?")[0]


def picture_of(data_set: str) -> str:
    """Returns the picture of a data set as HTML; of one that would be downloaded there is none."""
    loader = DATA_SETS.get(data_set)
    if loader is None or loader.downloads:
        return f'<div class="site-thumbnail" aria-hidden="true"><span>{escape(data_set)}</span></div>'
    image = f'<img src="/data/{data_set}.svg" alt="" width="360" height="180" loading="lazy">'
    return f'<div class="site-thumbnail">{image}</div>'


def page(road: Callable[[], Sequence[LessonStatus]]) -> Callable[[Request], Response]:
    """Returns the endpoint of the page of all recipes."""

    def listed(request: Request) -> Response:
        statuses = road()
        lessons = {name: status for status in statuses for name in status.lesson.recipes}
        rows = "".join(_row(name, lessons.get(name)) for name in names())
        lead = (
            '<p class="lead">The experiments of the course, each one function and one command. A button trains it, '
            'in a process of its own; what comes of it is listed under <a href="/runs">runs</a>.</p>'
        )
        body = f'<h1>Recipes</h1>{lead}<ul class="site-cards">{rows}</ul>'
        styles, scripts = ["pages.css", "train.css"], ["train.js"]
        return layout.page("Recipes", body, road=statuses, here="/recipes", styles=styles, scripts=scripts, wide=True)

    return listed


def _row(name: str, lesson: LessonStatus | None) -> str:
    data = _data_of(name)
    tags = f'data <a href="/data/{data}">{data}</a>' if data in DATA_SETS else ""
    if lesson:
        tags += f' · lesson <a href="{lesson.address}">{lesson.number:02} {escape(lesson.lesson.title)}</a>'
    picture = picture_of(data) if data in DATA_SETS else ""
    return f'<li id="{name}">{picture}<h2>{escape(name)}</h2><p class="facts">{tags}</p>{trainings.button(name)}</li>'
